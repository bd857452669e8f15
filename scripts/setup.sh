#!/usr/bin/env bash
# Install the Debian 12 packages that rootzone is built and tested with. A repeat finds them and does nothing.
#   scripts/setup.sh            what the build, the demo and the tests need
#   scripts/setup.sh --foreign  also the programs that read our products in the foreign-reader tests
#   scripts/setup.sh --develop  also clang-format, clang-tidy and the clang sanitizer run-times
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache pkg-config git ca-certificates
  libgdal-dev libproj-dev libnetcdf-dev libhdf5-dev libdeflate-dev libudunits2-dev libssl-dev
  libeigen3-dev libtbb-dev libboost-dev libpagmo-dev libnlopt-dev
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libspdlog-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  gdal-bin netcdf-bin faketime
)
for option in "$@"; do
  case "$option" in
    --foreign) packages+=(cdo nco qgis python3-qgis python3-gdal python3-xarray python3-netcdf4 python3-dask python3-distributed python3-numba r-base-core) ;;
    --develop) packages+=(clang-format clang-tidy libclang-rt-14-dev) ;;
    *) echo "setup.sh: unknown option '$option' (expected --foreign or --develop)" >&2; exit 2 ;;
  esac
done

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "setup: all ${#packages[@]} packages are there"
  exit 0
fi
echo "setup: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "setup.sh: installing packages needs root; run it as root or install sudo" >&2; exit 4; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
