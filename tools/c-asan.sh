#!/usr/bin/env bash
# The C programs with the whole library under AddressSanitizer, and the races at full length. Needs a nightly toolchain with
# rustup; takes some minutes, so it is no part of `check`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
need_command cc gcc libc6-dev
host=$(rustc -vV | sed -n 's/^host: //p')
target=${CARGO_TARGET_DIR:-target}/asan
RUSTFLAGS=-Zsanitizer=address CFLAGS=-fsanitize=address cargo +nightly build -q --release -p crm-ffi --lib --target "$host" --target-dir "$target"
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
for run in "smoke $build/smoke.db" misuse "following $build" "threads 10000"; do
  name=${run%% *}
  cc -std=c11 -D_POSIX_C_SOURCE=200809L -g -fsanitize=address -I crm-ffi/include -o "$build/$name" \
    "crm-ffi/tests/c/$name.c" "$target/$host/release/libcrm.a" -lpthread -ldl -lm
  echo "$run"
  # shellcheck disable=SC2086
  "$build/"$run
done
echo "AddressSanitizer: nothing found"
