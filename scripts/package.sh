#!/bin/sh
# Makes target/tollgate-VERSION-linux-ARCH.tar.gz of gateway-dist/target/tollgate; called by the Maven profile dist, on the JDK 25 that
# JAVA_HOME names. ARCH is the machine's own: a runtime can be linked and trained only where it can run.
#   package.sh VERSION TIMESTAMP
# With TOLLGATE_UNTRAINED=1 it makes the folder without AOT caches and without a tar, to compare with another one.
set -eu
here=$(dirname "$(dirname "$(readlink -f "$0")")")
version=$1
timestamp=$2
arch=$(uname -m)
name=tollgate-$version-linux-$arch
target=$here/gateway-dist/target
stage=$target/package/$name
LC_ALL=C
export LC_ALL

. "$here/gateway-dist/src/main/dist/bin/find-java.sh"
find_java jlink || {
  echo "package.sh: no JDK 25 with jlink found; set JAVA_HOME to one" >&2
  exit 3
}

# What is in the tar beside the runtime: the package as the build leaves it, the example, documents, licences, the bill of materials.
copy_files() {
  rm -rf "$target/package" "$target"/tollgate-*.tar.gz*
  mkdir -p "$stage"
  cp -R "$target/tollgate/bin" "$target/tollgate/conf" "$target/tollgate/lib" "$stage/"
  cp -R "$here/gateway-dist/src/main/package/." "$stage/"
  cp "$here/LICENSE" "$here/NOTICE" "$here/README.md" "$stage/"
  cp -R "$here/docs" "$stage/docs"
  cp "$here/conf/gateway.yaml" "$stage/conf/"
  cp -R "$here/conf/conf.d" "$stage/conf/conf.d"
  rm -rf "$stage/conf/.state"
  mkdir -p "$stage/example"
  "$JAVA_HOME/bin/javac" --release 25 -d "$stage/example" "$here"/examples/backend/*.java
  cp "$here/scripts/example-backend.sh" "$stage/example/"
  cp "$target/sbom.json" "$stage/sbom.json"
  "$JAVA_HOME/bin/java" "$here/scripts/package/Licences.java" "$target/sbom.xml" "$stage/lib" "$stage/licenses"
  unpack_natives
}

# All natives lie beside the jars, those of this platform and no other, so that nothing is ever unpacked into a temporary folder and the
# root file system may be read-only.
unpack_natives() {
  mkdir -p "$stage/lib/native"
  for jar in "$stage"/lib/netty-*-linux-*.jar; do
    (cd "$stage/lib/native" && "$JAVA_HOME/bin/jar" xf "$jar" META-INF/native && mv META-INF/native/*.so . && rm -r META-INF)
    rm "$jar"
  done
  (cd "$stage/lib/native" && "$JAVA_HOME/bin/jar" xf "$stage"/lib/native-linux-"$arch"-*.jar lib && mv lib/*/libbrotli.so . && rm -r lib)
  rm "$stage"/lib/native-linux-*.jar
  case $arch in x86_64) _folder=amd64 ;; *) _folder=$arch ;; esac
  _jar=$(echo "$stage"/lib/zstd-jni-*.jar)
  _version=${_jar##*/zstd-jni-}
  "$JAVA_HOME/bin/java" "$here/scripts/package/WithoutNatives.java" "$_jar" "linux/$_folder/libzstd-jni-${_version%.jar}.so" "$stage/lib/native"
  # A jar that brings natives of its own would bring those of every platform.
  for jar in "$stage"/lib/*.jar; do
    ! "$JAVA_HOME/bin/jar" tf "$jar" | grep -E '\.(so|dylib|dll|jnilib)$' || {
      echo "package.sh: $jar holds natives; unpack_natives must know them" >&2
      exit 1
    }
  done
}

# The runtime: exactly the modules of package/modules.txt, which must be what the jars need.
link_runtime() {
  _modules=$here/scripts/package/modules.txt
  _needed=$("$JAVA_HOME/bin/jdeps" -s --ignore-missing-deps --multi-release 25 --module-path "$stage/lib" "$stage"/lib/*.jar |
    sed -nE 's/^.* -> ((java|jdk)\.[a-z.]+)$/\1/p' | sort -u)
  for _module in $_needed; do
    grep -qx -e "-\{0,1\}$_module" "$_modules" || {
      echo "package.sh: the jars need the module $_module: add it to scripts/package/modules.txt" >&2
      exit 1
    }
  done
  "$JAVA_HOME/bin/jlink" --add-modules "$(grep '^[a-z]' "$_modules" | paste -s -d , -)" \
    --strip-java-debug-attributes --no-header-files --no-man-pages --output "$stage/runtime"
}

# One owner's rights and one time for all: the caches hold the jars' times, and two builds give the same tar.
settle() {
  find "$stage" -type d -exec chmod 755 {} +
  find "$stage" -type f -exec chmod u=rw,go=r {} +
  chmod 755 "$stage/tollgate" "$stage/bin/tollgate" "$stage"/runtime/bin/* "$stage/runtime/lib/jspawnhelper" "$stage/runtime/lib/jexec"
  find "$stage" -exec touch -h -d "$timestamp" {} +
}

# One cache for each collector the launcher may choose.
train() {
  for _collector in Serial G1; do
    "$JAVA_HOME/bin/java" "$here/scripts/package/Training.java" "$stage" "$stage/lib/tollgate-$_collector.aot" "$_collector"
  done
  settle
}

copy_files
link_runtime
settle
[ -z "${TOLLGATE_UNTRAINED:-}" ] || exit 0
train
tar -C "$target/package" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu --mtime="$timestamp" -cf - "$name" |
  gzip -n -6 >"$target/$name.tar.gz"
(cd "$target" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "made $target/$name.tar.gz ($(du -h "$target/$name.tar.gz" | cut -f1))"
