#!/usr/bin/env bash
# installed_program.sh CMAKE BUILD: install into a folder of its own; the program there takes its shipped files from
# beside itself, not from the source tree.
set -euo pipefail
cmake="$1" build="$2"
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
"$cmake" --install "$build" --prefix "$prefix" >/dev/null
fail() { echo "FAILED: $*" >&2; exit 1; }
program="$prefix/bin/rootzone"
"$program" --version | grep -q '^rootzone [0-9]' || fail "--version"
for file in share/rootzone/styles/soil_moisture.qml share/rootzone/return_periods/example.csv \
    share/rootzone/regionalisation/liu2023-shandian-p1.toml include/rootzone/moisture/smar.hpp; do
  [ -f "$prefix/$file" ] || fail "$file was not installed"
done
cat >"$prefix/site.csv" <<CSV
date,surface_soil_moisture
2001-01-01,0.4
2001-01-02,0.2
CSV
# A file that only this prefix has.
cat >"$prefix/share/rootzone/regionalisation/only-here.toml" <<TOML
[regression]
scheme = "paper"
[predictors]
[parameters]
sw2 = {intercept = 0.2, coefficients = {}}
sc1 = {intercept = 0.5, coefficients = {}}
a = {intercept = 0.1, coefficients = {}}
b = {intercept = 0.3, coefficients = {}}
TOML
"$program" moisture "$prefix/site.csv" --stage smar --set parameters=shipped:only-here --set porosity_surface=0.5 \
  --set porosity_root_zone=0.5 | grep -q '^2001-01-02,' || fail "shipped:only-here was not used"
echo "installed and working in a folder of its own"
