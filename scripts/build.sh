# Sourced by the scripts at the top of the source tree; POSIX sh. Expects $here, the top folder.

. "$here/gateway-dist/src/main/dist/bin/find-java.sh"

# Finds what a build needs and sets JAVA_HOME, or says plainly what is missing and ends.
require_build_tools() {
  if ! find_java javac; then
    cat >&2 <<END
tollgate: no JDK 25 found. Looked at JAVA_HOME, JDK25_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman and ~/.jdks.
Install one, for example:  apt-get install temurin-25-jdk   (from packages.adoptium.net)
                      or:  apt-get install openjdk-25-jdk-headless   (Debian 13, Ubuntu 25.10 and later)
                      or:  sdk install java 25-tem
or set JAVA_HOME to it.
END
    exit 3
  fi
  if ! command -v mvn >/dev/null 2>&1; then
    echo "tollgate: Maven is not installed (needs 3.8.7 or later), for example: apt-get install maven" >&2
    exit 3
  fi
}

# True if nothing that goes into the package is newer than the last build. A folder is newer when a file in it came or went.
is_fresh() {
  [ -f "$stamp" ] && [ -x "$package/bin/tollgate" ] &&
    [ -z "$(find "$here/pom.xml" "$here"/*/pom.xml "$here"/*/src/main "$here/examples/backend" -newer "$stamp" -print 2>/dev/null | head -n 1)" ]
}

# Builds unless another invocation just did; two never build at once. Prints nothing but one line, and all of it if it fails.
build_once() {
  require_build_tools
  mkdir -p "$here/gateway-dist/target"
  _lock=$here/.build-lock
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$_lock"
    flock -n 9 || { echo "tollgate: waiting for another build ..." >&2 && flock 9; }
    is_fresh || build
    exec 9>&-
  else
    until mkdir "$_lock.d" 2>/dev/null; do sleep 1; done
    trap 'rmdir "$_lock.d"' EXIT
    trap 'exit 130' INT TERM
    is_fresh || build
    trap - EXIT INT TERM
    rmdir "$_lock.d"
  fi
}

build() {
  echo "tollgate: building (a first build takes a minute or two) ..." >&2
  _log=$here/gateway-dist/target/build.log
  _started=$here/gateway-dist/target/.build-started
  touch "$_started"
  _revision=$(git -C "$here" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
  # The JDK's own tools come first: where Maven runs on 25 it takes them from the path.
  if ! (cd "$here" && PATH=$JAVA_HOME/bin:$PATH mvn -B -ntp -Dstyle.color=never -pl gateway-dist -am \
    -Dmaven.test.skip=true "-Dtollgate.revision=$_revision" package) >"$_log" 2>&1 9>&- ||
    ! "$JAVA_HOME/bin/javac" -d "$here/gateway-dist/target/example" "$here"/examples/backend/*.java >>"$_log" 2>&1; then
    grep -v '^\[INFO\]' "$_log" >&2 || cat "$_log" >&2
    echo "tollgate: the build failed (all of it: $_log)" >&2
    exit 3
  fi
  # What was edited while the build ran is newer than the stamp.
  touch -r "$_started" "$stamp"
}
