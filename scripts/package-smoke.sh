#!/usr/bin/env bash
# Does the tar.gz work where there is no Java? Unpacks it elsewhere, hides every Java of the machine, and takes the example through a
# start, a request, a reload and a drain. Called by .ci/run; the ports are free ones.
#   package-smoke.sh TAR.GZ
set -euo pipefail
tar=$(readlink -f "$1")
scripts=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
gateway=''
backend=''
finish() {
  [ -z "$gateway" ] || kill -9 "$gateway" 2>/dev/null || true
  exec 3>&-
  [ -z "$backend" ] || wait "$backend" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "package-smoke: $*" >&2
  tail -n 20 "$work/err" >&2 2>/dev/null || true
  exit 1
}

# Runs a command that finds no Java: none in its environment, and, where a mount namespace may be had, none on the disk.
without_java() {
  local hide=
  if unshare -rm true 2>/dev/null; then
    # shellcheck disable=SC2016 # for the inner shell
    hide='for folder in /usr/lib/jvm /usr/java /opt/java; do [ ! -d "$folder" ] || mount -t tmpfs none "$folder"; done; exec "$@"'
    exec env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME="$work" ${OPTS:+"TOLLGATE_JAVA_OPTS=$OPTS"} unshare -rm sh -c "$hide" _ "$@"
  fi
  echo "package-smoke: no mount namespace here: the machine's Java is only taken out of the environment" >&2
  exec env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME="$work" ${OPTS:+"TOLLGATE_JAVA_OPTS=$OPTS"} "$@"
}

# await SECONDS TEXT: until the gateway's log says it.
await() {
  local i
  for ((i = 0; i < $1 * 20; i++)); do
    ! grep -q "$2" "$work/err" || return 0
    [ -z "$gateway" ] || kill -0 "$gateway" 2>/dev/null || fail "the gateway ended"
    sleep 0.05
  done
  fail "waited in vain for: $2"
}

# get PATH [FIELDS]: head and body of the answer.
get() {
  exec 4<>"/dev/tcp/127.0.0.1/$port"
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%b\r\n' "$1" "${2:-}" >&4
  cat <&4
  exec 4>&-
}

echo "unpacking"
(cd "$(dirname "$tar")" && sha256sum --quiet -c "$tar.sha256")
mkdir "$work/else where"
tar -C "$work/else where" -xzf "$tar"
home=$(echo "$work/else where"/*)
cp -a "$home" "$work/quickstart"
cd "$home"
if unshare -rm true 2>/dev/null; then
  (without_java sh -c '! java -version') >/dev/null 2>&1 || fail "a Java is still to be seen"
fi
(without_java ./tollgate version) || fail "version"
(without_java ./tollgate check) || fail "check"

echo "the example's backend"
mkfifo "$work/life" "$work/address"
(without_java ./runtime/bin/java -cp example ShopBackend 0) <"$work/life" >"$work/address" &
backend=$!
exec 3>"$work/life"
read -r address <"$work/address"

echo "a start on the AOT cache, and on nothing else"
sed -i 's/:8280/:0/; s/:9480/:0/' conf/gateway.yaml
sed -i "s|http://127.0.0.1:8281|$address|" conf/conf.d/shop.yaml
OPTS="-XX:AOTMode=on -Djava.io.tmpdir=/proc"
(without_java ./bin/tollgate run --conf conf) >"$work/out" 2>"$work/err" &
gateway=$!
await 30 'ready in'
port=$(sed -nE 's/.* http listens on 127.0.0.1:([0-9]+)$/\1/p' "$work/err")
answer=$(get /shop/v1/items)
[[ $answer == "HTTP/1.1 200 OK"* && $answer == *lamp* ]] || fail "answered: $answer"
[[ $(get /shop/v1/health) == *" 404 "* ]] || fail "an operation that is not there yet"

echo "a reload"
echo '  - {id: health, match: GET /health}' >>conf/conf.d/shop.yaml
await 10 'generation 2 serves'
[[ $(get /shop/v1/health) == *" 200 "* ]] || fail "the new operation"

echo "compressed responses, with no temporary folder to unpack natives into"
sed 's/^policies: .*/policies: [compress]/' conf/conf.d/shop.yaml >"$work/shop.yaml"
printf -- '---\nkind: Policy\nname: compress\nresponse: [compress: {minSize: 1B}]\n' >>"$work/shop.yaml"
mv "$work/shop.yaml" conf/conf.d/shop.yaml
await 10 'generation 3 serves'
for coding in gzip br zstd; do
  answer=$(get /shop/v1/items "Accept-Encoding: $coding\r\n" | tr -d '\0')
  [[ ${answer,,} == *"content-encoding: $coding"* ]] || fail "no $coding: $answer"
done

echo "a drain"
kill -TERM "$gateway"
code=0
wait "$gateway" || code=$?
gateway=
[ "$code" = 0 ] || fail "exit code $code after SIGTERM"
grep -q ' drained$' "$work/err" || fail "no drain"
! grep -v '^{.*}$' "$work/out" || fail "standard output holds more than the access log"
[ "$(wc -l <"$work/out")" = 6 ] || fail "the access log should hold six lines: $(cat "$work/out")"
! grep -qiE 'warning|error' "$work/err" || fail "warnings"
echo "README's quick start"
(without_java "$scripts/quickstart.sh" "$work/quickstart") || fail "the quick start"
echo "the package works"
