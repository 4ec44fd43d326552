# Sourced by the launcher and by the scripts at the top of the source tree; POSIX sh.

# Sets JAVA_HOME to the runtime of the package in folder $1, or, where it holds none, to a Java 25 of the machine's.
find_runtime() {
  if [ -x "$1/runtime/bin/java" ]; then
    JAVA_HOME=$1/runtime
    export JAVA_HOME
  else
    find_java java
  fi
}

# Sets JAVA_HOME to a JDK or JRE 25 that has bin/$1 ("java" or "javac") and exports it; returns 1 if there is none.
# Looks at the release file instead of starting a JVM, which would cost more than all the rest.
find_java() {
  _program=$1
  _on_path=$(command -v "$_program" 2>/dev/null || true)
  [ -z "$_on_path" ] || _on_path=$(dirname "$(dirname "$(readlink -f "$_on_path")")")
  for _home in "${JAVA_HOME:-}" "${JDK25_HOME:-}" "$_on_path" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
    [ -x "$_home/bin/$_program" ] || continue
    [ -r "$_home/release" ] || continue
    if grep -q '^JAVA_VERSION="25[".]' "$_home/release"; then
      JAVA_HOME=$_home
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}
