#!/usr/bin/env bash
# The part of the arrows a compiler cannot enforce: system headers that every room can reach. Only io may include
# GDAL, netCDF, HDF5, PROJ and UDUNITS; kernels know neither threads nor files nor logs. The arrows themselves: src/*/CMakeLists.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
refuse() {  # refuse PATTERN ROOM...
  local pattern="$1" room
  shift
  for room in "$@"; do
    if grep -rnE "^ *# *include *[<\"]($pattern)" "src/$room" "include/rootzone/$room" 2>/dev/null; then
      echo "^ the room '$room' may not include these" >&2
      failed=1
    fi
  done
}
files='gdal|ogr|cpl_|netcdf|ncVar|hdf5|H5|proj\.h|udunits'
refuse "$files" core moisture storage stats soil sptf uptake study engine pipeline app
refuse 'tbb/|oneapi/|thread|mutex|future' core moisture storage stats soil sptf uptake
refuse 'tbb/|oneapi/' study io pipeline app  # only the engine: tests/sanitizers.md
refuse 'spdlog|CLI/|toml\+\+|fstream|filesystem|iostream' moisture storage stats soil sptf uptake
refuse 'spdlog|CLI/|toml\+\+' core study engine io
[ "$failed" -eq 0 ] && echo "rooms: every include follows the arrows"
exit "$failed"
