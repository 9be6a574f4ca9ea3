#!/usr/bin/env bash
# What the quote desk (examples/web) is held to, on the package that tools/wasm.sh has built: its types, its build, and the desk in
# Chromium by clicks: a deal through everybody's hands, languages, two tabs, no network, accessibility. Installs what that needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/node.sh
[ -f crm-wasm/pkg/crm.wasm ] || { echo "first: tools/wasm.sh" >&2; exit 1; }
need_node
need_command chromium chromium

cd examples/web
npm_packages
npm run --silent build -- --logLevel warn
node --test --test-reporter=dot tests/*.test.mjs
