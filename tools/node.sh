# Read by the scripts of the web package: Node, its packages, a browser.

# need_node: Node 20 or later with npm.
need_node() {
  if ! node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null; then
    echo "please install Node 20 or later" >&2
    return 1
  fi
}

# npm_packages: what package-lock.json names, in the folder where this is called.
npm_packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund --ignore-scripts
}

need_chromium() {
  need_command chromium chromium
}
