#!/bin/sh
# Starts the feature server from the files beside this one, wherever they lie:
#   bootstrap                     the Lambda loop (Lambda sets AWS_LAMBDA_RUNTIME_API)
#   bootstrap serve --port 6566   the local feature server
#   bootstrap --help              all options
set -eu

self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd -P)
app=$here/app
case $app in
  *:*)
    echo "bootstrap: a Java class path cannot hold a colon: move $here to a folder without one" >&2
    exit 1
    ;;
esac

exec "$here/jre/bin/java" \
  @ARGUMENTS@ \
  "$@"
