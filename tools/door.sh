#!/usr/bin/env bash
# Makes the driver of a door ready for the stories' runner, installing what that needs:
#
#   door.sh c|node|chromium BUILD
#
# BUILD is the folder of a profile among cargo's build products, `target/release`; the C driver becomes its `driver`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/node.sh
case $1 in
  c)
    need_command cc gcc libc6-dev
    profile=()
    [ "$(basename "$2")" = debug ] || profile=(--release)
    # The whole workspace, with the features and so the build products of its tests.
    cargo build -q "${profile[@]}" --target-dir "$(dirname "$2")" --workspace --lib
    cc -std=c11 -O1 -Wall -Wextra -pedantic -Werror -I crm-ffi/include -o "$2/driver" tests/drivers/driver.c \
      "$2/libcrm.a" -lpthread -ldl -lm
    ;;
  node)
    need_node
    bash tools/wasm.sh
    ;;
  chromium)
    need_node
    need_chromium
    (cd crm-wasm && npm_packages)
    bash tools/wasm.sh
    ;;
esac
