#!/usr/bin/python3
"""Cut the cube of bench/make_cube.py into one file for each day, and write a file of as many doubles as a state holds.

    split_days.py CUBE FOLDER [--state-values 5]
"""
import argparse
import os

import netCDF4
import numpy as np

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("cube")
arguments.add_argument("folder")
arguments.add_argument("--state-values", type=int, default=5, help="doubles per pixel")
given = arguments.parse_args()
os.makedirs(given.folder, exist_ok=True)
name = "surface_soil_moisture"

with netCDF4.Dataset(given.cube) as cube:
    cube.set_auto_mask(False)
    rows, cols = cube.dimensions["y"].size, cube.dimensions["x"].size
    for step, date in enumerate(netCDF4.num2date(cube["time"][:], cube["time"].units)):
        path = os.path.join(given.folder, f"ssm_{date.strftime('%Y%m%d')}.nc")
        with netCDF4.Dataset(path, "w", format="NETCDF4") as day:
            for dimension, size in (("time", 1), ("y", rows), ("x", cols)):
                day.createDimension(dimension, size)
            for variable in ("y", "x", "crs", "time"):
                source = cube[variable]
                made = day.createVariable(variable, source.dtype, source.dimensions)
                made.setncatts({key: source.getncattr(key) for key in source.ncattrs()})
                if variable == "time":
                    made[:] = cube["time"][step : step + 1]
                elif source.dimensions:
                    made[:] = source[:]
            source = cube[name]
            made = day.createVariable(name, source.dtype, source.dimensions, zlib=True, complevel=1, shuffle=True,
                                      chunksizes=(1, rows, cols), fill_value=source.getncattr("_FillValue"))
            made.setncatts({key: source.getncattr(key) for key in source.ncattrs() if key != "_FillValue"})
            made[:] = source[step : step + 1]

with netCDF4.Dataset(os.path.join(given.folder, "state.nc"), "w", format="NETCDF4") as state:
    for dimension, size in (("value", given.state_values), ("y", rows), ("x", cols)):
        state.createDimension(dimension, size)
    made = state.createVariable("state", "f8", ("value", "y", "x"))
    made[:] = np.random.default_rng(1).random((given.state_values, rows, cols))
