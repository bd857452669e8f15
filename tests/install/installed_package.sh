#!/usr/bin/env bash
# installed_package.sh CMAKE BUILD CONSUMER: a project outside builds against the installed package and runs.
set -euo pipefail
cmake="$1" build="$2" consumer="$3"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cmake" --install "$build" --prefix "$folder/prefix" >/dev/null
if grep -rlF -e "$build" "$folder/prefix/lib" --include='*.cmake'; then
  echo "FAILED: the package names the build tree" >&2
  exit 1
fi
"$cmake" -S "$consumer" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" >"$folder/log" || { cat "$folder/log"; exit 1; }
"$cmake" --build "$folder/build"
"$folder/build/consumer"
