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

c++ -std=c++17 "${flags[@]}" -o "$build/header" crm-ffi/tests/c/header.cpp "${link[@]}"
cc -std=c11 "${flags[@]}" -o "$build/smoke" crm-ffi/tests/c/smoke.c "${link[@]}"
# Not `possible`: Rust's hash tables are held by a pointer into their middle, so those of statics count as possibly lost.
memcheck=(valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect)
"${memcheck[@]}" "$build/header"
"${memcheck[@]}" "$build/smoke" "$build/smoke.db"
echo "C++17 and valgrind: nothing found"
