#!/usr/bin/env bash
# Configure and build one preset (default: release). A repeat builds only what changed.
set -euo pipefail
cd "$(dirname "$0")/.."
preset="${1:-release}"
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >/dev/null
cmake --build "build/$preset"
