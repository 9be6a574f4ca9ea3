#!/usr/bin/env bash
# Builds the web package into crm-wasm/pkg, installing what that needs; with `test` also runs tools/web-all.sh.
#
# The target wasm32-unknown-unknown is taken from where it is: installed, else by rustup, else from Debian's packages (their
# std is built from source once, about a minute, and /usr becomes the rustup toolchain `web`). WASM_TOOLCHAIN=debian takes
# Debian's also where another is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
target=wasm32-unknown-unknown

# has_target RUSTC: whether it has a std for the target.
has_target() { ls "$("$1" --print target-libdir --target $target 2>/dev/null)"/libcore-*.rlib >/dev/null 2>&1; }

by_rustup() { command -v rustup >/dev/null && timeout 120 rustup target add $target >/dev/null 2>&1 && has_target rustc; }

# Debian's compiler, with a std that is built once for each of its versions.
by_debian() {
  need_debian rustc-web cargo-web rust-web-src
  local host lld build stamp=/usr/lib/rustlib/$target/lib/built-by version
  version=$(/usr/bin/rustc -vV)
  if [ "$(cat $stamp 2>/dev/null)" != "$version" ]; then
    host=$(sed -n 's/^host: //p' <<<"$version")
    lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
    [ -x "$lld" ] || { need_debian lld-19; lld=/usr/bin/lld-19; }
    $sudo mkdir -p "/usr/lib/rustlib/$host/bin"
    $sudo ln -sfn "$lld" "/usr/lib/rustlib/$host/bin/rust-lld"
    build=$(mktemp -d)
    mkdir "$build/src"
    echo '#![no_std]' >"$build/src/lib.rs"
    printf '[package]\nname = "std-builder"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\nopt-level = "s"\npanic = "abort"\n[workspace]\n' >"$build/Cargo.toml"
    echo "building std for $target once"
    (cd "$build" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc __CARGO_DEFAULT_LIB_METADATA=sysroot \
      RUSTFLAGS='-Cembed-bitcode=yes --remap-path-prefix=/usr/lib/rustlib/src/rust=/rustc' \
      /usr/bin/cargo build -q --release --target $target -Zbuild-std=std,panic_abort)
    $sudo rm -rf "/usr/lib/rustlib/$target"
    $sudo mkdir -p "/usr/lib/rustlib/$target/lib"
    rm "$build/target/$target"/release/deps/*std_builder*.rlib
    $sudo cp "$build/target/$target"/release/deps/*.rlib "/usr/lib/rustlib/$target/lib/"
    $sudo tee $stamp >/dev/null <<<"$version"
    rm -rf "$build"
  fi
  has_target /usr/bin/rustc || { echo "no std for $target" >&2; exit 1; }
}

cargo=(cargo)
if [ "${WASM_TOOLCHAIN:-}" = debian ] || ! { has_target rustc || by_rustup; }; then
  by_debian
  if command -v rustup >/dev/null; then
    rustup toolchain link web /usr
    cargo=(cargo +web)
  else
    cargo=(env RUSTC=/usr/bin/rustc /usr/bin/cargo)
  fi
fi

# SQLite is C: a clang for the target, and of what its build for browsers has only what the engine uses.
need_command clang-19 clang-19
need_command llvm-ar-19 llvm-19
export CC_wasm32_unknown_unknown=clang-19 AR_wasm32_unknown_unknown=llvm-ar-19
SQLITE_WASM_RS_FLAGS=$(
  printf -- '-USQLITE_ENABLE_%s ' API_ARMOR BYTECODE_VTAB COLUMN_METADATA DBPAGE_VTAB DBSTAT_VTAB FTS5 MATH_FUNCTIONS \
    OFFSET_SQL_FUNC PREUPDATE_HOOK RTREE SESSION STMTVTAB UNKNOWN_SQL_FUNCTION UNLOCK_NOTIFY
  printf -- '-DSQLITE_%s ' OMIT_AUTHORIZATION OMIT_COMPILEOPTION_DIAGS OMIT_COMPLETE OMIT_DECLTYPE \
    OMIT_GET_TABLE OMIT_INCRBLOB OMIT_JSON OMIT_PROGRESS_CALLBACK OMIT_TCL_VARIABLE OMIT_TRACE OMIT_UTF16 OMIT_WAL UNTESTABLE
)
export SQLITE_WASM_RS_FLAGS

"${cargo[@]}" rustc -q -p crm-wasm --lib --crate-type cdylib --profile web --target $target
built=${CARGO_TARGET_DIR:-target}
cargo run -q --locked --manifest-path crm-wasm/bindgen/Cargo.toml --target-dir "$built/bindgen" -- \
  "$built/$target/web/crm_wasm.wasm" crm-wasm/pkg
mv crm-wasm/pkg/crm_bg.wasm crm-wasm/pkg/crm.wasm
cp LICENSE-* crm-wasm/
echo "crm-wasm/pkg/crm.wasm: $(stat -c %s crm-wasm/pkg/crm.wasm) bytes"
if [ "${1:-}" = test ]; then exec bash tools/web-all.sh; fi
