#!/usr/bin/python3
"""xarray opens every NetCDF product, warnings being errors: times, masks, scale, CRS, and GDAL's numbers."""
import os
import warnings

from foreign import EPSG, Claims, netcdfs, product_of, run_folder, skip

try:
    import netCDF4  # noqa: F401  the engine
    import numpy
    import xarray
except ImportError as error:
    skip(f"{error}")
try:
    from osgeo import gdal, osr
    gdal.UseExceptions()
except ImportError:
    gdal = None

claims = Claims()
folder = run_folder()


def gdal_values(path, variable, step):
    opened = gdal.Open(f'NETCDF:"{path}":{variable}')  # a band dies with its dataset
    band = opened.GetRasterBand(step + 1)
    values = band.ReadAsArray().astype(float)
    values[values == band.GetNoDataValue()] = numpy.nan
    return values * (band.GetScale() or 1.0) + (band.GetOffset() or 0.0)


for path in netcdfs(folder):
    name = os.path.relpath(path, folder)
    variable = product_of(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            dataset = xarray.open_dataset(path, engine="netcdf4", decode_cf=True, decode_coords="all").load()
        except Warning as warning:
            claims.that(f"{name}: xarray opens it without a warning", False, warning)
            continue
    claims.that(f"{name}: xarray opens it without a warning", True)
    values = dataset[variable]
    claims.that(f"{name}: decoded to floating point", values.dtype.kind == "f", values.dtype)
    claims.that(f"{name}: no fill value is left among the values", not (numpy.abs(values.values) > 1e30).any())
    claims.that(f"{name}: some cells have values", numpy.isfinite(values.values).any())
    claims.that(f"{name}: cells outside the basin are NaN", numpy.isnan(values.values).any())
    claims.that(f"{name}: the grid mapping is a coordinate", "crs" in dataset.coords and "crs_wkt" in dataset["crs"].attrs)
    claims.that(f"{name}: y falls, x rises", (numpy.diff(dataset["y"]) < 0).all() and (numpy.diff(dataset["x"]) > 0).all())
    if "time" in dataset.dims:
        claims.that(f"{name}: dates", values["time"].dtype == "datetime64[ns]", values["time"].dtype)
        claims.that(f"{name}: midnight", (values["time"].dt.hour == 0).all())
        first = str(values["time"].values[0])[:10]
        claims.that(f"{name}: dates of the run", "2001-01-01" <= first <= "2020-12-31", first)
        claims.that(f"{name}: bounds are dates", dataset["time_bnds"].dtype == "datetime64[ns]", dataset["time_bnds"].dtype)
        claims.that(f"{name}: each day begins its bounds", (dataset["time_bnds"][:, 0].values == dataset["time"].values).all())
    if gdal is None:
        continue
    reference = osr.SpatialReference(dataset["crs"].attrs["crs_wkt"])
    claims.that(f"{name}: crs_wkt is EPSG:{EPSG}", reference.GetAuthorityCode(None) == str(EPSG))
    step = values.shape[0] // 2
    claims.that(f"{name}: GDAL's numbers", numpy.allclose(values.values[step], gdal_values(path, variable, step), rtol=1e-6, equal_nan=True))
claims.finish()
