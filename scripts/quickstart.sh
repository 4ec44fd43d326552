#!/usr/bin/env bash
# README's quick start, word for word, in an unpacked package: each command must give what the comment behind it says, a status or the
# beginning of a line; one without either must succeed. Called by package-smoke.sh. Its ports are fixed ones, so that it runs in a
# network of its own where one may be had.
#   quickstart.sh FOLDER
set -euo pipefail
self=$(readlink -f "$0")
folder=$(readlink -f "$1")

if [ -z "${IN_OWN_NETWORK:-}" ] && command -v ip >/dev/null && unshare -rn ip link set lo up 2>/dev/null; then
  # shellcheck disable=SC2016 # for the inner shell
  exec env IN_OWN_NETWORK=1 unshare -rn sh -c 'ip link set lo up && exec "$@"' _ "$self" "$folder"
fi

cd "$folder"
log=$(mktemp)
gateway=
finish() {
  [ -z "$gateway" ] || kill -TERM "$gateway" 2>/dev/null || true
  [ -z "$gateway" ] || wait "$gateway" 2>/dev/null || true
  rm -f "$log"
}
trap finish EXIT
fail() {
  echo "quickstart: $*" >&2
  grep -v "^{" "$log" | tail -n 20 >&2 || true
  exit 1
}

# matches COMMENT CODE OUTPUT: does the output hold what the comment promises?
matches() {
  case $1 in
    [1-5][0-9][0-9]*) [[ $3 == *"HTTP/1.1 ${1:0:3} "* ]] ;;
    conf/*) [[ $3 == *"${1% ...}"* ]] ;;
    *) [ "$2" = 0 ] ;;
  esac
}

# try LINE: a line of the README, again for a while if it is not yet as promised.
try() {
  local command=${1%%  #*} comment=${1##*  # } code output i
  [ "$comment" != "$1" ] || comment=
  for ((i = 0; i < 50; i++)); do
    code=0
    output=$(sh -c "$command" 2>&1) || code=$?
    if matches "$comment" "$code" "$output"; then
      printf '  %s\n' "${command%"${command##*[! ]}"}"
      return
    fi
    case $command in echo* | sed*) break ;; esac # done twice they do something else
    sleep 0.1
  done
  fail "$command: expected: ${comment:-exit code 0}, exit code $code: $output"
}

lines=$(sed -n '/^## Quick start/,/^## Tests/s/^    //p' README.md)
[ "$(printf '%s\n' "$lines" | head -n 1)" = "./tollgate run" ] || fail "README's quick start does not begin with ./tollgate run"
./tollgate run >"$log" 2>&1 &
gateway=$!
for ((i = 0; i < 300; i++)); do
  ! grep -q 'ready in' "$log" || break
  kill -0 "$gateway" 2>/dev/null || fail "the gateway ended"
  sleep 0.1
done
while IFS= read -r line; do
  try "$line"
done < <(printf '%s\n' "$lines" | tail -n +2)

kill -TERM "$gateway" # a script's background job does not hear of Ctrl-C
code=0
wait "$gateway" || code=$?
gateway=
[ "$code" = 0 ] || fail "exit code $code at the end"
