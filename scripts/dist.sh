#!/bin/sh
# Builds gateway-dist/target/tollgate-VERSION-linux-ARCH.tar.gz for the machine it runs on, and tries it.
#   dist.sh            builds it and runs scripts/package-smoke.sh on it
#   dist.sh --twice    also builds it again from a copy of the tree elsewhere, and compares everything but the AOT caches
set -eu
here=$(dirname "$(dirname "$(readlink -f "$0")")")
. "$here/scripts/build.sh"
require_build_tools

# package_in TREE: the tar, or with TOLLGATE_UNTRAINED=1 the folder, of a source tree.
package_in() {
  _revision=$(git -C "$here" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
  (cd "$1" && PATH=$JAVA_HOME/bin:$PATH mvn -B -ntp -q -Pdist -pl gateway-dist -am -Dmaven.test.skip=true -Dspotless.check.skip=true \
    "-Dtollgate.revision=$_revision" package)
}

package_in "$here"
if [ "${1:-}" = --twice ]; then
  again=$(mktemp -d)
  trap 'rm -rf "$again"' EXIT
  (cd "$here" && tar --exclude=target --exclude=.git --exclude=.state -cf - .) | tar -C "$again" -xf -
  TOLLGATE_UNTRAINED=1 package_in "$again"
  diff -r --exclude='*.aot' "$here/gateway-dist/target/package" "$again/gateway-dist/target/package"
  echo "two builds gave the same package, but for the AOT caches"
fi
for tar in "$here"/gateway-dist/target/tollgate-*.tar.gz; do
  "$here/scripts/package-smoke.sh" "$tar"
done
