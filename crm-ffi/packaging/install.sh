#!/usr/bin/env bash
# Installs the C library from what cargo has built: headers, shared and static library, pkg-config file, CMake package.
#
#   install.sh PREFIX [LIBRARIES]
#
# LIBRARIES is the folder with cargo's libcrm.so and libcrm.a, by default that of `cargo build --release -p crm-ffi`. DESTDIR is
# put before PREFIX, as packagers want it. Needs binutils.
set -euo pipefail
door=$(cd "$(dirname "$0")/.." && pwd)
prefix=${1:?usage: install.sh PREFIX [LIBRARIES]}
libraries=${2:-${CARGO_TARGET_DIR:-$door/../target}/release}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$door/../Cargo.toml" | head -n 1)
abi=$(sed -n 's/^#define CRM_ABI_VERSION \([0-9]*\)$/\1/p' "$door/include/crm.h")
to=${DESTDIR:-}$prefix
install -d "$to/include" "$to/lib/pkgconfig" "$to/lib/cmake/crm"
install -m 644 "$door"/include/crm.h "$door"/include/crm.hpp "$to/include/"

install -m 755 "$libraries/libcrm.so" "$to/lib/libcrm.so.$version"
strip --strip-debug "$to/lib/libcrm.so.$version"
ln -sf "libcrm.so.$version" "$to/lib/libcrm.so.$abi"
ln -sf "libcrm.so.$abi" "$to/lib/libcrm.so"

# The static library as one object with what crm_* needs, of which only crm_* can be seen, so that a host may have an SQLite of
# its own beside it. Bitcode has to go: `ar` would ask for a plug-in of LLVM.
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
nm -D --defined-only "$libraries/libcrm.so" | sed -n 's/.* T \(crm_.*\)$/-u \1/p' >"$build/wanted"
ld -r --gc-sections "@$build/wanted" "$libraries/libcrm.a" -o "$build/all.o"
objcopy --wildcard --keep-global-symbol='crm_*' --strip-debug --remove-section=.llvmbc --remove-section=.llvmcmd \
  "$build/all.o" "$build/crm.o"
rm -f "$to/lib/libcrm.a"
ar rcs "$to/lib/libcrm.a" "$build/crm.o"

fill() { sed -e "s|@PREFIX@|$prefix|" -e "s|@VERSION@|$version|" -e "s|@ABI@|$abi|" "$1"; }
fill "$door/packaging/crm.pc.in" >"$to/lib/pkgconfig/crm.pc"
for file in crm-config.cmake crm-config-version.cmake; do fill "$door/packaging/$file" >"$to/lib/cmake/crm/$file"; done
