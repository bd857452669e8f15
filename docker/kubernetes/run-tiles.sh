#!/usr/bin/env bash
# Plan, tiles, assembly on a cluster, one after the other (docker/kubernetes/tiles.yaml).
#   bash docker/kubernetes/run-tiles.sh [kubectl options, for example --namespace maps]
# A failed step stops here; run it again: tiles that are done stay done.
set -euo pipefail
manifest=$(dirname "$0")/tiles.yaml
for step in plan tiles assemble; do
  kubectl "$@" delete job "rootzone-$step" --ignore-not-found
  kubectl "$@" apply --selector "step=$step" -f "$manifest"
  until kubectl "$@" wait --for=condition=complete --timeout=30s "job/rootzone-$step" 2>/dev/null; do
    if kubectl "$@" wait --for=condition=failed --timeout=1s "job/rootzone-$step" 2>/dev/null; then
      kubectl "$@" logs "job/rootzone-$step" --tail=20 >&2
      exit 1
    fi
  done
done
