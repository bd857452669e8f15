#!/usr/bin/env bash
# From nothing to maps: set up, build, generate the demo basin, run the main pipeline on it.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh
bash scripts/build.sh release
program=build/release/bin/rootzone
"$program" demo demo
"$program" run pipelines/demo.toml --out out/demo
cat <<TEXT

The demo basin is in demo/, its products are in out/demo/:
  out/demo/report.html                       maps, station scores, flags: open it in a browser
  out/demo/root_zone_soil_moisture.nc        root-zone soil moisture, daily (m3 m-3)
  out/demo/root_zone_storage_capacity/*.tif  storage capacity by return period (mm), with QGIS styles beside them
  out/demo/stations/metrics.csv              scores at the stations
  out/demo/manifest.json                     what was made from what, with checksums
TEXT
