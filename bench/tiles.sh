#!/usr/bin/env bash
# Four local workers and an assembly against one process with two threads, on the cube of bench/end_to_end.sh.
#
#   bash bench/tiles.sh [FOLDER]          FOLDER (default build/bench): inputs and products, kept
#
# Environment: ROOTZONE, DAYS (366), CELLS (1000), WORKERS (4), REPEATS (3), LAYOUT (cubes: chunks
# of all days × 50 × 50; maps: one chunk a day, which every worker must decode whole for its rows). Each worker has one thread: on two cores
# two of them run at a time. Prints wall seconds of both and what the tiles lose.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../build/bench}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
program=${ROOTZONE:-$here/../build/release/bin/rootzone}
days=${DAYS:-366} cells=${CELLS:-1000} workers=${WORKERS:-4} repeats=${REPEATS:-3} layout=${LAYOUT:-cubes}
if [ ! -e "$folder/surface_cubes.nc.done" ]; then
  /usr/bin/python3 "$here/make_cube.py" "$folder" --name surface --days "$days" --cells "$cells"
  touch "$folder/surface_cubes.nc.done"
fi
settings=(--set "inputs.surface_soil_moisture.path=$folder/surface_$layout.nc" --set "time.end=$(date -u -d "2020-01-01 + $((days - 1)) days" +%F)"
  --set "grid.extent=[4.0e6, $((3000000 - 1000 * cells)), $((4000000 + 1000 * cells)), 3.0e6]")
for name in porosity_surface porosity_root_zone field_capacity sw2 sc1 a b; do
  settings+=(--set "inputs.$name.path=$folder/soil.nc")
done
job() { # COMMAND [SHARE] JOBS OUT
  "$program" "$1" "$here/end_to_end.toml" ${2:+"$2"} -q --jobs "$3" --memory 1GiB --out "$4" "${settings[@]}" > /dev/null
}
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN {printf "%.2f", b - a}'; }
for round in $(seq "$repeats"); do
  rm -rf "$folder/one" "$folder/tiles"
  cat "$folder/surface_$layout.nc" > /dev/null
  start=$(now); job run "" 2 "$folder/one"; one=$(since "$start")
  start=$(now)
  job plan "" 2 "$folder/tiles"
  processes=()
  for i in $(seq 0 $((workers - 1))); do job tile "$i/$workers" 1 "$folder/tiles" & processes+=($!); done
  for process in "${processes[@]}"; do wait "$process"; done
  middle=$(now)
  job assemble "" 2 "$folder/tiles"
  all=$(since "$start") last=$(since "$middle")
  cmp "$folder/one/root_zone_soil_moisture.nc" "$folder/tiles/root_zone_soil_moisture.nc"
  echo "round $round: one process $one s, $workers workers $all s (of it assembly $last s), loss $(awk -v a="$one" -v b="$all" 'BEGIN {printf "%.0f", 100 * (b - a) / a}') %"
done
