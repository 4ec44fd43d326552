# Sourced by ../test and ../.ci/run; POSIX sh.

# Makes sure of a program ($1) by the Debian package ($2): installs it when it may, that is as root with apt-get; otherwise says what
# its absence means ($3). TOLLGATE_NO_INSTALL=1 forbids installing. Never fails.
require_package() {
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] && return 0
  if [ "$(id -u)" = 0 ] && [ -z "${TOLLGATE_NO_INSTALL:-}" ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing the package $2 ..." >&2
    { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" ||
      { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2"; }; } >/dev/null 2>&1 && return 0
  fi
  echo "$1 is not there and could not be installed (apt-get install $2): $3" >&2
}
