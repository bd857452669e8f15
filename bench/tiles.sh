#!/usr/bin/env bash
# Four local workers and an assembly against one process with two threads, on the cube of bench/end_to_end.sh.
#
#   bash bench/tiles.sh [FOLDER]          FOLDER (default build/bench): inputs and products, kept
#
# Environment: ROOTZONE, DAYS (366), CELLS (1000), WORKERS (4), TILES (a tile for each worker), REPEATS (3), LAYOUT (cubes: chunks
# of all days × 50 × 50; maps: one chunk a day, which every worker must decode whole for its rows). Each worker has one thread: on two cores
# two of them run at a time. Prints wall seconds and CPU seconds (user + system) of both, and what the tiles lose.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../build/bench}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
program=${ROOTZONE:-$here/../build/release/bin/rootzone}
days=${DAYS:-366} cells=${CELLS:-1000} workers=${WORKERS:-4} tiles=${TILES:-${WORKERS:-4}} repeats=${REPEATS:-3} layout=${LAYOUT:-cubes}
if [ ! -e "$folder/surface_cubes.nc.done" ]; then
  /usr/bin/python3 "$here/make_cube.py" "$folder" --name surface --days "$days" --cells "$cells"
  touch "$folder/surface_cubes.nc.done"
fi
settings=(--set "inputs.surface_soil_moisture.path=$folder/surface_$layout.nc" --set "time.end=$(date -u -d "2020-01-01 + $((days - 1)) days" +%F)"
  --set "grid.extent=[4.0e6, $((3000000 - 1000 * cells)), $((4000000 + 1000 * cells)), 3.0e6]")
for name in porosity_surface porosity_root_zone field_capacity sw2 sc1 a b; do
  settings+=(--set "inputs.$name.path=$folder/soil.nc")
done
job() { # COMMAND [SHARE] JOBS OUT [OPTION…]
  local command=$1 share=$2 jobs=$3 out=$4
  shift 4
  "$program" "$command" "$here/end_to_end.toml" ${share:+"$share"} -q --jobs "$jobs" --memory 1GiB --out "$out" "${settings[@]}" "$@" > /dev/null
}
# Wall and CPU seconds (user + system, of all its processes) of a function: "WALL CPU".
measured() {
  local TIMEFORMAT='%R %U %S'
  { time "$@" 2>&3; } 3>&2 2>&1 | tail -n 1 | awk '{printf "%.2f %.2f", $1, $2 + $3}'
}
work() {
  local i process processes=()
  for i in $(seq 0 $((workers - 1))); do job tile "$i/$workers" 1 "$folder/tiles" & processes+=($!); done
  for process in "${processes[@]}"; do wait "$process"; done
}
for round in $(seq "$repeats"); do
  rm -rf "$folder/one" "$folder/tiles"
  cat "$folder/surface_$layout.nc" > /dev/null
  one=$(measured job run "" 2 "$folder/one")
  plan=$(measured job plan "" 2 "$folder/tiles" --tiles "$tiles")
  made=$(measured work)
  last=$(measured job assemble "" 2 "$folder/tiles")
  cmp "$folder/one/root_zone_soil_moisture.nc" "$folder/tiles/root_zone_soil_moisture.nc"
  echo "$round $one $plan $made $last" | awk -v workers="$workers" '{
    wall = $4 + $6 + $8; cpu = $5 + $7 + $9
    printf "round %d: one process %.2f s (CPU %.2f), plan %.2f (%.2f) + %d workers %.2f (%.2f) + assembly %.2f (%.2f) = %.2f s (%.2f), loss %.0f %% (CPU %.0f %%)\n",
      $1, $2, $3, $4, $5, workers, $6, $7, $8, $9, wall, cpu, 100 * (wall / $2 - 1), 100 * (cpu / $3 - 1)}'
done
