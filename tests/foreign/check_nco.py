#!/usr/bin/python3
"""NCO on every NetCDF product: metadata listing and an average that leaves the missing cells out."""
import os
import tempfile

from foreign import Claims, call, need_tool, netcdfs, product_of, run_folder, skip

need_tool("ncks")
need_tool("ncwa")
try:
    import netCDF4
    import numpy
except ImportError as error:
    skip(f"{error}")

claims = Claims()
folder = run_folder()
scratch = tempfile.TemporaryDirectory(prefix="rootzone_nco_")
for path in netcdfs(folder):
    name = os.path.relpath(path, folder)
    variable = product_of(path)
    listing = claims.silent(f"{name}: ncks -m without a warning", call("ncks", "-m", path))
    claims.that(f"{name}: ncks lists the variable", variable in listing)
    claims.silent(f"{name}: ncks -M without a warning", call("ncks", "-M", path))
    made = os.path.join(scratch.name, f"{variable}.nc")
    # -C: without the coordinates that belong to it, whose average means nothing. Unpacked first: ncwa averages
    # packed numbers as they lie.
    unpacked = os.path.join(scratch.name, "unpacked.nc")
    claims.silent(f"{name}: ncpdq unpacks without a warning", call("ncpdq", "-O", "-U", "-C", "-v", variable, path, unpacked))
    claims.silent(f"{name}: ncwa without a warning", call("ncwa", "-O", "-C", "-y", "ttl", "-v", variable, "-a", "y,x", unpacked, made))
    with netCDF4.Dataset(path) as dataset, netCDF4.Dataset(made) as total:
        stored = dataset[variable][:].astype(float)
        expected = numpy.ma.sum(stored.reshape(stored.shape[0], -1), axis=1).filled(0.0)
        found = numpy.ma.filled(total[variable][:].astype(float), 0.0)
        claims.that(f"{name}: NCO's sums leave missing cells out", numpy.allclose(found, expected, rtol=1e-4), f"{found[:3]} for {expected[:3]}")
claims.finish()
