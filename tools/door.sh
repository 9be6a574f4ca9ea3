#!/usr/bin/env bash
# Runs the driver of a door for the stories' runner, after building and installing what that needs:
#
#   door.sh c|node|chromium BUILD
#
# BUILD is the folder of a profile among cargo's build products, `target/release`; the C driver becomes its `driver`.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/node.sh

# What the runner reads is what the driver says and nothing else.
ready() {
  case $1 in
    c)
      need_command cc gcc libc6-dev
      local profile=(--release)
      [ "$(basename "$2")" != debug ] || profile=()
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
      need_command chromium chromium
      (cd crm-wasm && npm_packages)
      bash tools/wasm.sh
      ;;
  esac
}
ready "$1" "$2" </dev/null >&2

case $1 in
  c) exec "$2/driver" ;;
  *) exec node "tests/drivers/$1.mjs" ;;
esac
