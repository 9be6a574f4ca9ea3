#!/usr/bin/env bash
# What the web package is held to, on what tools/wasm.sh has built: its types, its size, the packed tarball in an empty project,
# used from Node, from a Vite build and from plain pages in Chromium, with files that native programs write and read. Installs
# what that needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/node.sh
. tools/readme.sh
need_node
need_command chromium chromium

cargo build -q --release -p crm-tests --bin customers
customers=$(realpath "${CARGO_TARGET_DIR:-target}")/release/customers
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# README's first lines, in a folder of their own.
mkdir "$build/start" && ln -s "$PWD" "$build/crm"
install=$(readme sh wasm.sh)
{ readme js && echo 'await crm.close();'; } >"$build/start/start.mjs"
(cd "$build/start" && npm init -y >/dev/null && eval "$install" >/dev/null && node start.mjs)

cd crm-wasm
npm_packages
node_modules/.bin/tsc -p tests/types
node tests/size.mjs
npm pack --silent --pack-destination "$build" >/dev/null
CRM_TARBALL=$(echo "$build"/*.tgz) CRM_CUSTOMERS=$customers \
  node --test --test-reporter=dot tests/*.test.mjs
