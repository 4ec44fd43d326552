#!/bin/sh
# Puts module-info.class into a jar that has none: module-descriptor.sh JAR-TOOL DATE JAR CLASSES. A jar that has it is left as it is, so that
# what was built from it is not older than it and is not built again.
set -eu
"$1" --list --file "$3" | grep -qx module-info.class || "$1" --update "--date=$2" --file "$3" -C "$4" module-info.class
