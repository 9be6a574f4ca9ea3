#!/usr/bin/env bash
# What the C library is held to beyond a C compiler: installed and found by pkg-config, CMake and plain -l, C++17, beside another
# SQLite, from Python, by README's lines; the C programs under valgrind, where a leak or an invalid access fails, and with the
# compiler's sanitizers. Installs what that needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/readme.sh
need_command c++ g++
need_command valgrind valgrind
need_command pkg-config pkg-config
need_command cmake cmake
need_command make make
need_command python3 python3
need_debian libsqlite3-dev

# The whole workspace, with the features and so the build products of its tests.
cargo build -q --release --workspace --lib
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
prefix=$build/prefix
bash crm-ffi/packaging/install.sh "$prefix" "${CARGO_TARGET_DIR:-target}/release"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
strict=(-Wall -Wextra -pedantic -Werror -g -D_POSIX_C_SOURCE=200809L -I "$prefix/include")
static=("$prefix/lib/libcrm.a" -lpthread -ldl -lm)
programs=(smoke misuse following bulk threads beside_sqlite)

echo "examples"
cp -r examples/c/erp_host "$build/by-make"
make -s -C "$build/by-make" CFLAGS=-Werror CXXFLAGS=-Werror
cmake -S examples/c/erp_host -B "$build/by-cmake" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$build/by-cmake" >/dev/null
for way in make cmake; do
  for name in erp_host erp_host_cpp; do
    LD_LIBRARY_PATH=$prefix/lib "$build/by-$way/$name" "$build/$way-$name.db" >"$build/told"
    grep -q '2893.75' "$build/told" || { cat "$build/told" >&2; exit 1; }
  done
done
python3 examples/python/crm_ctypes.py "$prefix/lib/libcrm.so.0" >"$build/told"
grep -q '江南检测中心' "$build/told"
python=python3
if ! python3 -c 'import pyarrow' 2>/dev/null; then
  need_debian python3-venv
  python3 -m venv "$build/venv"
  python=$build/venv/bin/python
  "$python" -m pip install -q --disable-pip-version-check pyarrow
fi
"$python" crm-ffi/tests/c/arrow.py "$prefix/lib/libcrm.so.0"

mkdir "$build/start"
readme c >"$build/start/start.c"
lines=$(readme sh crm-ffi)
lines=${lines//..\/crm/$PWD}
(cd "$build/start" && bash -euo pipefail -c "$lines") | grep -q '"set_up":false'

# in_folder NAME: the arguments of a program.
in_folder() {
  case $1 in
    smoke | beside_sqlite) echo "$2/$1.db" ;;
    following) echo "$2" ;;
    threads) echo "$3" ;;
  esac
}

# try LABEL CALLS FLAGS... -- RUNNER...: builds every program with the flags and runs it by the runner.
try() {
  local label=$1 calls=$2 name folder flags=()
  shift 2
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  echo "$label"
  folder=$build/$label
  mkdir "$folder"
  for name in "${programs[@]}"; do
    cc -std=c11 "${strict[@]}" "${flags[@]}" -o "$folder/$name" "crm-ffi/tests/c/$name.c" "${static[@]}" -lsqlite3
    "$@" "$folder/$name" $(in_folder "$name" "$folder" "$calls")
  done
  c++ -std=c++17 "${strict[@]}" "${flags[@]}" -o "$folder/wrapper" crm-ffi/tests/c/wrapper.cpp "${static[@]}"
  "$@" "$folder/wrapper"
}

# Fair, else a thread that waits for another keeps the only turn. Not `possible`: Rust's hash tables are held by a pointer into their middle, so those of statics count as possibly lost.
try valgrind 100 -- valgrind --quiet --fair-sched=yes --error-exitcode=9 --leak-check=full \
  --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect
try sanitizers 1000 -fsanitize=address,undefined -fno-sanitize-recover=all --
echo "the C library: nothing found"
