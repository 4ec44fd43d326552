# Sourced by the tollgate scripts at the top of the source tree and of the package; POSIX sh. Expects $here, the folder that holds conf,
# $example, the backend's classes, and JAVA_HOME.

# Starts the example's backend for `run` on the folder conf beside the script, and only while the file that speaks of it is there.
start_example_backend_for() {
  _configuration=
  if [ "${1:-}" = run ]; then
    case $# in
      1) _configuration=conf ;;
      2) case $2 in --conf=*) _configuration=${2#--conf=} ;; esac ;;
      3) [ "$2" != --conf ] || _configuration=$3 ;;
    esac
  fi
  if [ -n "$_configuration" ] && [ -f "$here/conf/conf.d/shop.yaml" ] && [ "$(readlink -f "$_configuration")" = "$here/conf" ]; then
    start_example_backend
  fi
}

# Starts the backend beside this process and waits until it serves. Its standard input is a pipe that only this process, and the
# gateway it becomes, holds open: however the gateway ends, the pipe ends, and so does the backend.
start_example_backend() {
  _pipes=$(mktemp -d)
  mkfifo "$_pipes/life" "$_pipes/ready"
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx64m -XX:TieredStopAtLevel=1 -cp "$example" ShopBackend <"$_pipes/life" >"$_pipes/ready" &
  exec 3>"$_pipes/life"
  read -r _address <"$_pipes/ready" || _address=
  rm -r "$_pipes"
  if [ -n "$_address" ]; then
    echo "tollgate: the example's backend serves on $_address" >&2
  else
    echo "tollgate: the example's backend did not start; the example's API will answer 502" >&2
  fi
}
