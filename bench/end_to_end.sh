#!/usr/bin/env bash
# Whole-program times against nccopy and against the same job in xarray, dask and numba, and peak memory.
#
#   bash bench/end_to_end.sh [FOLDER]          FOLDER (default build/bench): inputs and products, 6 GB, kept
#
# Environment: ROOTZONE (program, default build/release/bin/rootzone), THREADS (2), MEMORY (512MiB), REPEATS (3),
# DAYS (366), CELLS (1000), LAYOUTS ("maps cubes"), PEERS (1: with them). Every round runs all contestants one
# after the other, so that ratios come from the same minutes. Results: a table on standard output, and every
# single time in FOLDER/times.tsv. Needs Debian's netcdf-bin, time, python3-netcdf4, python3-xarray,
# python3-dask, python3-numba.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../build/bench}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
program=${ROOTZONE:-$here/../build/release/bin/rootzone}
threads=${THREADS:-2} memory=${MEMORY:-512MiB} repeats=${REPEATS:-3} days=${DAYS:-366} cells=${CELLS:-1000}
layouts=${LAYOUTS:-maps cubes} peers=${PEERS:-1}
python=/usr/bin/python3
times=$folder/times.tsv
echo -e "layout\twhat\tround\twall_s\tcpu_s\tpeak_mib" > "$times"

make_cube() { # NAME DAYS
  if [ ! -e "$folder/$1_cubes.nc.done" ]; then
    echo "making $1: $2 days of $cells × $cells cells" >&2
    "$python" "$here/make_cube.py" "$folder" --name "$1" --days "$2" --cells "$cells"
    touch "$folder/$1_cubes.nc.done"
  fi
}

timed() { # LAYOUT WHAT ROUND COMMAND …
  local layout=$1 what=$2 round=$3
  shift 3
  sync
  /usr/bin/time -o "$folder/time.txt" -f "%e %U %S %M" "$@" > "$folder/log.txt" 2>&1 || { cat "$folder/log.txt" >&2; exit 1; }
  awk -v l="$layout" -v w="$what" -v r="$round" \
    '{printf "%s\t%s\t%s\t%s\t%.2f\t%.0f\n", l, w, r, $1, $2 + $3, $4 / 1024}' "$folder/time.txt" >> "$times"
}

rootzone_run() { # LAYOUT WHAT ROUND CUBE DAYS PACKING
  local last soil=() name
  last=$(date -u -d "2020-01-01 + $(($5 - 1)) days" +%F)
  for name in porosity_surface porosity_root_zone field_capacity sw2 sc1 a b; do
    soil+=(--set "inputs.$name.path=$folder/soil.nc")
  done
  timed "$1" "$2" "$3" "$program" run "$here/end_to_end.toml" -q --jobs "$threads" --memory "$memory" \
    --out "$folder/out_$6" --set "inputs.surface_soil_moisture.path=$folder/$4" "${soil[@]}" \
    --set "time.end=$last" --set "output.0.packing=$6" \
    --set "grid.extent=[4.0e6, $((3000000 - 1000 * cells)), $((4000000 + 1000 * cells)), 3.0e6]"
}

make_cube surface "$days"
for round in $(seq "$repeats"); do
  for layout in $layouts; do
    cube=surface_$layout.nc
    cat "$folder/$cube" > /dev/null  # every contestant finds the input in the page cache
    timed "$layout" nccopy "$round" nccopy -d1 -s "$folder/$cube" "$folder/copy.nc"
    rootzone_run "$layout" rootzone-float32 "$round" "$cube" "$days" float32
    rootzone_run "$layout" rootzone-int16 "$round" "$cube" "$days" int16
    rm -f "$folder/copy.nc"
    [ "$peers" = 1 ] || continue
    for packing in float32 int16; do
      rm -f "$folder/peer.nc"
      timed "$layout" "xarray-$packing" "$round" "$python" "$here/peers/smar_xarray.py" "$folder/$cube" \
        "$folder/soil.nc" "$folder/peer.nc" --threads "$threads" --packing "$packing"
      [ "$round" = 1 ] || continue
      echo -n "$layout, $packing, rootzone against xarray: "
      "$python" "$here/peers/compare.py" "$folder/out_$packing/root_zone_soil_moisture.nc" "$folder/peer.nc" \
        "$([ "$packing" = int16 ] && echo 1.01e-4 || echo 1e-6)"
    done
  done
done
make_cube double $((2 * days))
for layout in $layouts; do
  rootzone_run "$layout" rootzone-float32-twice-the-days 1 "double_$layout.nc" $((2 * days)) float32
done
"$python" "$here/summarise.py" "$times"
