# Read by the other scripts: installs what is missing, from Debian's packages.
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

# need_debian PACKAGE...: installs those that are missing.
need_debian() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return 0
  command -v apt-get >/dev/null || { echo "please install: ${missing[*]}" >&2; return 1; }
  echo "installing ${missing[*]}"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# need_command COMMAND PACKAGE...: installs the packages where the command is missing.
need_command() {
  command -v "$1" >/dev/null || need_debian "${@:2}"
}
