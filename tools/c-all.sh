#!/usr/bin/env bash
# What the C library is held to beyond a C compiler: the header in C++17, and the C programs under valgrind, where a leak or
# an invalid access fails. Installs what that needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
need_command c++ g++
need_command valgrind valgrind

# The whole workspace, with the features and so the build products of its tests.
cargo build -q --release --workspace --lib
libraries=${CARGO_TARGET_DIR:-target}/release
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
flags=(-Wall -Wextra -pedantic -Werror -g -I crm-ffi/include)
link=("$libraries/libcrm.a" -lpthread -ldl -lm)

c++ -std=c++17 "${flags[@]}" -o "$build/wrapper" crm-ffi/tests/c/wrapper.cpp "${link[@]}"
for name in smoke misuse following threads; do
  cc -std=c11 -D_POSIX_C_SOURCE=200809L "${flags[@]}" -o "$build/$name" crm-ffi/tests/c/$name.c "${link[@]}"
done
# Not `possible`: Rust's hash tables are held by a pointer into their middle, so those of statics count as possibly lost.
memcheck=(valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect)
"${memcheck[@]}" "$build/wrapper"
"${memcheck[@]}" "$build/smoke" "$build/smoke.db"
"${memcheck[@]}" "$build/misuse"
"${memcheck[@]}" "$build/following" "$build"
"${memcheck[@]}" "$build/threads" 100
echo "C++17 and valgrind: nothing found"
