#!/usr/bin/python3
"""CDO on every NetCDF product: what it says of grid and time, and arithmetic, all without a warning."""
import os
import tempfile

from foreign import Claims, call, need_tool, netcdfs, product_of, run_folder, skip

need_tool("cdo")
try:
    import netCDF4
    import numpy
except ImportError as error:
    skip(f"{error}")

claims = Claims()
folder = run_folder()
scratch = tempfile.TemporaryDirectory(prefix="rootzone_cdo_")
for path in netcdfs(folder):
    name = os.path.relpath(path, folder)
    variable = product_of(path)
    sinfo = claims.silent(f"{name}: sinfo without a warning", call("cdo", "-s", "sinfo", path))
    claims.that(f"{name}: CDO knows the projection", "projection" in sinfo, sinfo[:300])
    griddes = claims.silent(f"{name}: griddes without a warning", call("cdo", "-s", "griddes", path))
    claims.that(f"{name}: its grid mapping", "grid_mapping_name = transverse_mercator" in griddes, griddes[:300])
    claims.that(f"{name}: 52 × 40 cells", "xsize     = 52" in griddes and "ysize     = 40" in griddes)
    made = os.path.join(scratch.name, f"{variable}.nc")
    claims.silent(f"{name}: arithmetic without a warning",
                  call("cdo", "-s", "-b", "F64", "-O", "fldsum", "-mulc,2", f"-selname,{variable}", path, made))
    with netCDF4.Dataset(path) as dataset, netCDF4.Dataset(made) as twice:
        stored = dataset[variable][:].astype(float)
        expected = 2.0 * numpy.ma.sum(stored.reshape(stored.shape[0], -1), axis=1)
        found = twice[variable][:].reshape(-1)
        claims.that(f"{name}: CDO's sums are those of the values", numpy.ma.allclose(found, expected, rtol=1e-6), f"{found[:3]} for {expected[:3]}")
        if "time" in dataset.dimensions:
            claims.that(f"{name}: CDO keeps the days", numpy.array_equal(
                netCDF4.num2date(twice["time"][:], twice["time"].units, twice["time"].calendar),
                netCDF4.num2date(dataset["time"][:], dataset["time"].units, dataset["time"].calendar)))
claims.finish()
