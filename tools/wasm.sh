#!/usr/bin/env bash
# Builds the web package into crm-wasm/pkg, installing what that needs; with `test` also runs tools/web-all.sh.
#
# The standard library is compiled with the module, for size: its smaller algorithms, and no texts of panics, which are traps here
# anyway. Its sources are taken from where they are: beside the compiler in use, else by rustup, else from Debian's packages, whose
# compiler (the rustup toolchain `web`) then builds the module. WASM_TOOLCHAIN=debian takes Debian's also where others are there.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
target=wasm32-unknown-unknown

# has_std RUSTC: whether it has the sources of the standard library.
has_std() { [ -f "$("$1" --print sysroot)/lib/rustlib/src/rust/library/std/Cargo.toml" ]; }

by_rustup() { command -v rustup >/dev/null && timeout 120 rustup component add rust-src >/dev/null 2>&1 && has_std rustc; }

# Debian's compiler has no linker for the target: it is given one.
by_debian() {
  need_debian rustc-web cargo-web rust-web-src
  local host lld
  host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
  lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
  [ -x "$lld" ] || { need_debian lld-19; lld=/usr/bin/lld-19; }
  $sudo mkdir -p "/usr/lib/rustlib/$host/bin"
  $sudo ln -sfn "$lld" "/usr/lib/rustlib/$host/bin/rust-lld"
}

cargo=(cargo)
if [ "${WASM_TOOLCHAIN:-}" = debian ] || ! { has_std rustc || by_rustup; }; then
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

# By the first variable a stable compiler takes the options for its standard library.
RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zunstable-options -Cpanic=immediate-abort' \
  "${cargo[@]}" rustc -q -p crm-wasm --lib --crate-type cdylib --profile web --target $target \
  -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size
built=${CARGO_TARGET_DIR:-target}
cargo run -q --locked --manifest-path crm-wasm/bindgen/Cargo.toml --target-dir "$built/bindgen" -- \
  "$built/$target/web/crm_wasm.wasm" crm-wasm/pkg
mv crm-wasm/pkg/crm_bg.wasm crm-wasm/pkg/crm.wasm
cp LICENSE-* crm-wasm/
echo "crm-wasm/pkg/crm.wasm: $(stat -c %s crm-wasm/pkg/crm.wasm) bytes"
if [ "${1:-}" = test ]; then exec bash tools/web-all.sh; fi
