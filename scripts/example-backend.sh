# Sourced by ../tollgate; POSIX sh. Expects $here and $package.

# Starts the example's backend beside this process and waits until it serves. Its standard input is a pipe that only this process, and
# the gateway it becomes, holds open: however the gateway ends, the pipe ends, and so does the backend.
start_example_backend() {
  . "$package/bin/find-java.sh"
  find_java java || return 0 # the launcher says what is missing
  _pipes=$(mktemp -d)
  mkfifo "$_pipes/life" "$_pipes/ready"
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx64m -XX:TieredStopAtLevel=1 -cp "$here/gateway-dist/target/example" ShopBackend \
    <"$_pipes/life" >"$_pipes/ready" &
  exec 3>"$_pipes/life"
  read -r _address <"$_pipes/ready" || _address=
  rm -r "$_pipes"
  if [ -n "$_address" ]; then
    echo "tollgate: the example's backend serves on $_address" >&2
  else
    echo "tollgate: the example's backend did not start; the example's API will answer 502" >&2
  fi
}
