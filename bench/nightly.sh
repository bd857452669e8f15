#!/usr/bin/env bash
# A night: one day of 1000 × 1000 cells in, one day out (split = "day"), the state read and written; against nccopy of
# the same bytes (the day's file with deflate 1 and shuffle, the state's doubles plain).
#
#   bash bench/nightly.sh [FOLDER]        FOLDER (default build/bench/nightly): inputs and products, kept
#
# Environment: ROOTZONE (program, default build/release/bin/rootzone), THREADS (2), CELLS (1000), NIGHTS (12), HISTORY
# (0: more days made in one update before the nights, to see whether time and memory depend on what lies behind).
# A line for that update (history) and for each night, then medians. Needs Debian's netcdf-bin, time, python3-netcdf4.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/../build/bench/nightly}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
program=${ROOTZONE:-$here/../build/release/bin/rootzone}
threads=${THREADS:-2} cells=${CELLS:-1000} nights=${NIGHTS:-12} history=${HISTORY:-0}
days=$((history + nights + 1))
out=$folder/out times=$folder/times.tsv
if [ "$(cat "$folder/done" 2>/dev/null)" != "$cells $days" ]; then
  rm -rf "$folder"/days "$folder"/night_*
  /usr/bin/python3 "$here/make_cube.py" "$folder" --name night --days "$days" --cells "$cells"
  /usr/bin/python3 "$here/split_days.py" "$folder/night_maps.nc" "$folder/days"
  rm -f "$folder"/night_*.nc
  echo "$cells $days" > "$folder/done"
fi

settings=(--set "inputs.surface_soil_moisture.path=$folder/days/ssm_{date}.nc" --set 'output.0.split=day'
  --set "grid.extent=[4.0e6, $((3000000 - 1000 * cells)), $((4000000 + 1000 * cells)), 3.0e6]")
for name in porosity_surface porosity_root_zone field_capacity sw2 sc1 a b; do
  settings+=(--set "inputs.$name.path=$folder/soil.nc")
done
date_of() { date -u -d "2020-01-01 + $1 days" +%F; }
timed() { # WHAT COMMAND …
  local what=$1
  shift
  /usr/bin/time -o "$folder/time.txt" -f "%e %U %S %M" "$@" > "$folder/log.txt" 2>&1 || { cat "$folder/log.txt" >&2; exit 1; }
  awk -v w="$what" '{printf "%s\t%s\t%.2f\t%.0f\n", w, $1, $2 + $3, $4 / 1024}' "$folder/time.txt" | tee -a "$times"
}
timed_update() { # WHAT DAY
  timed "$1" "$program" update "$here/end_to_end.toml" -q --jobs "$threads" --out "$out" "${settings[@]}" \
    --through "$(date_of "$2")"
}

rm -rf "$out"
echo -e "what\twall_s\tcpu_s\tpeak_mib" | tee "$times"
timed_update history "$history"
for night in $(seq "$nights"); do
  day=$folder/days/ssm_$(date_of $((history + night)) | tr -d -).nc
  cat "$day" "$folder/days/state.nc" > /dev/null
  timed nccopy sh -c "nccopy -d1 -s '$day' '$folder/copy.nc' && nccopy '$folder/days/state.nc' '$folder/copy2.nc' && sync '$folder/copy.nc' '$folder/copy2.nc'"
  rm -f "$folder/copy.nc" "$folder/copy2.nc"
  timed_update update $((history + night))
done
awk -F'\t' 'NR > 1 {n[$1]++; w[$1, n[$1]] = $2; m[$1] = $4 > m[$1] ? $4 : m[$1]}
  function median(what,  i, j, t) {
    for (i = 1; i <= n[what]; i++) for (j = i + 1; j <= n[what]; j++)
      if (w[what, j] < w[what, i]) {t = w[what, i]; w[what, i] = w[what, j]; w[what, j] = t}
    return w[what, int((n[what] + 1) / 2)]}
  END {a = median("nccopy"); b = median("update")
    printf "median: nccopy %.2f s, update %.2f s, ratio %.2f; peak of update %d MiB\n", a, b, b / a, m["update"]}' "$times"
