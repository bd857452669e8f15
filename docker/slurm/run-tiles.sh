#!/bin/bash
# One large run on a Slurm cluster: plan here, an array of workers, the assembly after them (afterok).
#   bash docker/slurm/run-tiles.sh PIPELINE.toml OUTPUT_FOLDER [WORKERS] [sbatch options]
# The folder must be seen by all nodes. Prints the job ids. Run it again after a failure: tiles that are done stay done, and
# the assembly of the failed array has left the queue by itself.
# ROOTZONE names the program (default: rootzone on the PATH), MEMORY each worker's budget (default 3GiB), TILES into how many
# the grid is cut: a tile for each worker is cheapest. Another number than before is another plan: done tiles are made again.
set -euo pipefail
[ $# -ge 2 ] || { sed -n 2,7p "$0" >&2; exit 2; }
pipeline=$(realpath "$1")
out=$(realpath -m "$2")
here=$(dirname "$(realpath "$0")")
tiles=$("${ROOTZONE:-rootzone}" plan "$pipeline" ${TILES:+--tiles "$TILES"} --out "$out" | tail -n +2 | wc -l)
shift 2
workers=$tiles
if [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then
  [ "$1" -gt "$tiles" ] || workers=$1
  shift
fi
array=$(sbatch --parsable --array="0-$((workers - 1))" "$@" "$here/tile.sbatch" "$pipeline" "$out")
last=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes "$@" "$here/assemble.sbatch" "$pipeline" "$out")
echo "tiles: job $array, $workers workers; assembly: job $last"
