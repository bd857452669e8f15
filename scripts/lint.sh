#!/usr/bin/env bash
# Layout (clang-format) of every tracked C++ file, and clang-tidy on the sources that changed. Needs setup.sh --develop.
#   scripts/lint.sh            changed since main (or, on main, since the commit before), committed or not
#   scripts/lint.sh REVISION   changed since REVISION
#   scripts/lint.sh --all      all sources (about 12 s a file and core)
# LINT_JOBS: how many clang-tidy at once (default: every core). Exit code 1 if there is a finding.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in clang-format clang-tidy; do
  command -v "$tool" >/dev/null || { echo "lint.sh: $tool is missing; run scripts/setup.sh --develop" >&2; exit 2; }
done
since="${1:-}"
if [ -z "$since" ]; then
  since=$(git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
  [ "$since" != "$(git rev-parse HEAD)" ] || since=$(git rev-parse --verify --quiet HEAD~1 || echo HEAD)
fi
[ -f build/dev/compile_commands.json ] || cmake --preset dev >/dev/null
failed=0

mapfile -t written < <(git ls-files '*.cpp' '*.hpp')
mapfile -t uneven < <(clang-format --dry-run "${written[@]}" 2>&1 | sed -n 's/^\([^:]*\):.*-Wclang-format-violations.*/\1/p' | sort -u)
if [ ${#uneven[@]} -gt 0 ]; then
  echo "clang-format would change these (clang-format -i FILE):"
  printf '  %s\n' "${uneven[@]}"
  failed=1
fi

# What the preset compiles; the fuzzers and the planted race are not part of it.
built=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/dev/compile_commands.json | sort -u)
if [ "$since" = --all ]; then
  chosen=$(git ls-files '*.cpp')
else
  chosen=$(git diff --name-only --diff-filter=d "$since" -- '*.cpp' && git ls-files --others --exclude-standard '*.cpp')
fi
mapfile -t sources < <(printf '%s\n' "$chosen" | sort -u | while read -r file; do
  if [ -n "$file" ] && grep -qxF "$PWD/$file" <<<"$built"; then echo "$file"; fi
done)
if [ ${#sources[@]} -gt 0 ]; then
  echo "clang-tidy on ${#sources[@]} files"
  printf '%s\0' "${sources[@]}" | xargs -0 -n 1 -P "${LINT_JOBS:-$(nproc)}" clang-tidy --quiet -p build/dev 2> >(grep -v 'warnings\? generated\.$\|^Suppressed\|^Use -header' >&2) || failed=1
fi
[ "$failed" -eq 0 ] && echo "lint: nothing to say"
exit "$failed"
