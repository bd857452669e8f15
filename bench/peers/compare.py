#!/usr/bin/python3
"""Compare the root-zone moisture of two NetCDF files day by day: missing cells alike, values within a tolerance."""
import sys

import netCDF4
import numpy as np

first, second, tolerance = netCDF4.Dataset(sys.argv[1]), netCDF4.Dataset(sys.argv[2]), float(sys.argv[3])
a, b = first["root_zone_soil_moisture"], second["root_zone_soil_moisture"]
assert a.shape == b.shape, (a.shape, b.shape)
largest, gaps, values = 0.0, 0, 0
for day in range(0, a.shape[0], 16):
    x = np.ma.filled(a[day:day + 16].astype("f8"), np.nan)
    y = np.ma.filled(b[day:day + 16].astype("f8"), np.nan)
    gaps += int(np.count_nonzero(np.isnan(x) != np.isnan(y)))
    both = np.isfinite(x) & np.isfinite(y)
    values += int(np.count_nonzero(both))
    largest = max(largest, float(np.abs(x[both] - y[both]).max(initial=0.0)))
print(f"{values} values, largest difference {largest:.3g} (allowed {tolerance:g}), {gaps} missing in one file only")
sys.exit(0 if gaps == 0 and largest <= tolerance and values > 0 else 1)
