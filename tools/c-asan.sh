#!/usr/bin/env bash
# The C programs with the whole library, SQLite too, under AddressSanitizer, and the races at full length. Takes some minutes, so
# it is no part of `check`. Needs Rust's nightly toolchain, which rustup installs; without it nothing is tested, and it says so.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
if ! cargo +nightly --version >/dev/null 2>&1 &&
  ! timeout 300 rustup toolchain install nightly --profile minimal >/dev/null 2>&1; then
  echo "AddressSanitizer: left out (no nightly toolchain, and rustup could not install it)"
  exit
fi
need_command cc gcc libc6-dev
host=$(rustc -vV | sed -n 's/^host: //p')
target=${CARGO_TARGET_DIR:-target}/asan
# Instrumented, SQLite and what stands behind the door take the compiler long where they are optimised more.
echo "building"
RUSTFLAGS=-Zsanitizer=address CFLAGS='-fsanitize=address -O1' \
  cargo +nightly build -q --release -p crm-ffi --lib --target "$host" --target-dir "$target" \
  --config 'profile.release.package.crm-kernel.opt-level=1' --config 'profile.release.package.crm-domain.opt-level=1' \
  --config 'profile.release.package.crm-store.opt-level=1'
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mkdir "$build/following.d"
for run in "smoke $build/smoke.db" misuse bulk "following $build/following.d" "threads 10000"; do
  name=${run%% *}
  cc -std=c11 -D_POSIX_C_SOURCE=200809L -g -fsanitize=address -I crm-ffi/include -o "$build/$name" \
    "crm-ffi/tests/c/$name.c" "$target/$host/release/libcrm.a" -lpthread -ldl -lm
  echo "$run"
  # shellcheck disable=SC2086
  "$build/"$run
done
echo "AddressSanitizer: nothing found"
