#!/usr/bin/env bash
# Builds the web package into crm-wasm/pkg, installing what that needs; with `test` also tests it in Node.
#
# The target wasm32-unknown-unknown is taken from where it is: installed, else by rustup, else from Debian's packages (their
# std is built from source once, about a minute, and /usr becomes the rustup toolchain `web`).
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
target=wasm32-unknown-unknown

has_target() { ls "$("$@" --print target-libdir --target $target 2>/dev/null)"/libcore-*.rlib >/dev/null 2>&1; }

cargo=cargo
if has_target rustc; then :
elif command -v rustup >/dev/null && timeout 300 rustup target add $target && has_target rustc; then :
elif rustup run web rustc --version >/dev/null 2>&1 && has_target /usr/bin/rustc; then cargo="cargo +web"
else
  need_debian rustc-web cargo-web rust-web-src
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
  [ -x "$lld" ] || { need_debian lld-19; lld=/usr/bin/lld-19; }
  $sudo mkdir -p "/usr/lib/rustlib/$host/bin"
  $sudo ln -sfn "$lld" "/usr/lib/rustlib/$host/bin/rust-lld"
  build=$(mktemp -d)
  trap 'rm -rf "$build"' EXIT
  mkdir "$build/src"
  echo '#![no_std]' >"$build/src/lib.rs"
  printf '[package]\nname = "std-builder"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\nopt-level = "s"\npanic = "abort"\n[workspace]\n' >"$build/Cargo.toml"
  echo "building std for $target once"
  (cd "$build" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc __CARGO_DEFAULT_LIB_METADATA=sysroot \
    RUSTFLAGS='-Cembed-bitcode=yes --remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc' \
    /usr/bin/cargo build -q --release --target $target -Zbuild-std=std,panic_abort)
  $sudo mkdir -p "/usr/lib/rustlib/$target/lib"
  for file in "$build/target/$target"/release/deps/*.rlib; do
    case $file in *std_builder*) ;; *) $sudo cp "$file" "/usr/lib/rustlib/$target/lib/" ;; esac
  done
  has_target /usr/bin/rustc || { echo "no std for $target" >&2; exit 1; }
  if command -v rustup >/dev/null; then rustup toolchain link web /usr; cargo="cargo +web"; else cargo=/usr/bin/cargo; fi
fi

$cargo rustc -q -p crm-wasm --lib --crate-type cdylib --profile web --target $target
cargo run -q --locked --manifest-path crm-wasm/bindgen/Cargo.toml --target-dir target/bindgen -- \
  "${CARGO_TARGET_DIR:-target}/$target/web/crm_wasm.wasm" crm-wasm/pkg
echo "crm_wasm_bg.wasm: $(stat -c %s crm-wasm/pkg/crm_wasm_bg.wasm) bytes"

if [ "${1:-}" = test ]; then
  need_command node nodejs
  node --test crm-wasm/tests/core.test.mjs
fi
