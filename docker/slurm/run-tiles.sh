#!/bin/bash
# One large run on a Slurm cluster: plan here, an array of workers, the assembly after them (afterok).
#   bash docker/slurm/run-tiles.sh PIPELINE.toml OUTPUT_FOLDER [WORKERS] [sbatch options]
# The folder must be seen by all nodes. Prints the job ids. Run it again after a failure: tiles that are done stay done.
# ROOTZONE names the program (default: rootzone on the PATH), MEMORY each worker's budget (default 3GiB), TILES into how many
# the grid is cut: a tile for each worker is cheapest. Another number than before is another plan: done tiles are made again.
set -euo pipefail
[ $# -ge 2 ] || { sed -n 2,6p "$0" >&2; exit 2; }
pipeline=$(realpath "$1")
out=$(realpath -m "$2")
here=$(dirname "$(realpath "$0")")
tiles=$("${ROOTZONE:-rootzone}" plan "$pipeline" ${TILES:+--tiles "$TILES"} --out "$out" | tail -n +2 | wc -l)
workers=${3:-$tiles}
[ "$workers" -le "$tiles" ] || workers=$tiles
shift $(( $# > 3 ? 3 : $# ))
array=$(sbatch --parsable --array="0-$((workers - 1))" "$@" "$here/tile.sbatch" "$pipeline" "$out")
last=$(sbatch --parsable --dependency="afterok:$array" "$@" "$here/assemble.sbatch" "$pipeline" "$out")
echo "tiles: job $array, $workers workers; assembly: job $last"
