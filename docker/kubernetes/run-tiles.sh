#!/usr/bin/env bash
# Plan, tiles, assembly on a cluster, one after the other (docker/kubernetes/tiles.yaml).
#   bash docker/kubernetes/run-tiles.sh [kubectl options, for example --namespace maps]
# A failed step stops here; run it again: tiles that are done stay done.
set -euo pipefail
manifest=$(dirname "$0")/tiles.yaml
tiles=$(sed -n 's/^ *completions: *//p' "$manifest")
for step in plan tiles assemble; do
  kubectl "$@" delete job "rootzone-$step" --ignore-not-found
  sed "s/^\( *completions:\).*/\1 $tiles/" "$manifest" | kubectl "$@" apply --selector "step=$step" -f -
  until kubectl "$@" wait --for=condition=complete --timeout=30s "job/rootzone-$step" 2>/dev/null; do
    if kubectl "$@" wait --for=condition=failed --timeout=1s "job/rootzone-$step" 2>/dev/null; then
      kubectl "$@" logs "job/rootzone-$step" --tail=20 >&2
      exit 1
    fi
    kubectl "$@" get job "rootzone-$step" > /dev/null  # ends here where the job is gone or the cluster does not answer
    sleep 1
  done
  # What the plan printed, a line for each tile, is how many workers there are to be.
  [ "$step" != plan ] && continue
  pod=$(kubectl "$@" get pods -l job-name=rootzone-plan --field-selector=status.phase=Succeeded -o name | head -n 1)
  tiles=$(kubectl "$@" logs "$pod" | grep -cE '^[0-9]+ [0-9]+ [0-9]+$') || true
  [ "$tiles" -gt 0 ] || { echo "run-tiles: found no tiles in what $pod printed" >&2; exit 1; }
done
