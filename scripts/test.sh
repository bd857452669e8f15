#!/usr/bin/env bash
# Set up, build and run the tests. Arguments go to ctest, for example: scripts/test.sh -L storage
# Without arguments everything runs but the tests labelled "slow" (scripts/test.sh -L slow runs those).
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh
bash scripts/build.sh release
arguments=("$@")
[ ${#arguments[@]} -gt 0 ] || arguments=(-LE slow)
exec ctest --test-dir build/release --output-on-failure --parallel "$(nproc)" "${arguments[@]}"
