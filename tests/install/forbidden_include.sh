#!/usr/bin/env bash
# forbidden_include.sh COMPILER DIR;DIR;… FORBIDDEN ALLOWED: with these include folders ALLOWED is found and
# FORBIDDEN is not. Only the preprocessor runs.
set -euo pipefail
compiler="$1" forbidden="$3" allowed="$4"
flags=()
IFS=';' read -ra folders <<<"$2"
for folder in "${folders[@]}"; do [ -z "$folder" ] || flags+=("-I$folder"); done
preprocess() { printf '#include "%s"\n' "$1" | "$compiler" -std=c++20 -E -x c++ "${flags[@]}" - 2>&1 >/dev/null; }
preprocess "$allowed" || { echo "'$allowed' should be found with: ${flags[*]}"; exit 1; }
if said=$(preprocess "$forbidden"); then
  echo "'$forbidden' can be included against the arrows, with: ${flags[*]}"
  exit 1
fi
case "$said" in
  *"$forbidden: No such file or directory"*) echo "'$forbidden' is out of reach" ;;
  *) echo "failed for another reason: $said"; exit 1 ;;
esac
