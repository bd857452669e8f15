#!/usr/bin/python3
"""gdalinfo and GDAL's COG validator on every product: CRS, nodata, units, band descriptions, statistics, values."""
import json
import os
import re

from foreign import EPSG, Claims, call, cogs, need_tool, netcdfs, product_of, run_folder, skip

need_tool("gdalinfo")
try:
    import netCDF4
    import numpy
    from osgeo import gdal
    from osgeo_utils.samples import validate_cloud_optimized_geotiff
except ImportError as error:
    skip(f"{error}")

gdal.UseExceptions()
UNITS = {"root_zone_soil_moisture": "m3 m-3", "root_zone_saturation": "1", "root_zone_storage_capacity": "mm",
         "root_zone_soil_moisture_month_mean": "m3 m-3", "closure_ratio": "1", "record_maximum_deficit": "mm"}
claims = Claims()
folder = run_folder()


def expected_description(path):
    """Of the band, from the file's name: an ISO date, an ISO month, a return period, or the statistic."""
    label = os.path.splitext(os.path.basename(path))[0][len(product_of(path)) + 1:]
    if re.fullmatch(r"\d{8}", label):
        return f"{label[:4]}-{label[4:6]}-{label[6:]}"
    if re.fullmatch(r"\d{6}", label):
        return f"{label[:4]}-{label[4:]}"
    return re.sub(r"^T(\d+)$", r"\1 years", label)


def info_of(target, claim):
    return json.loads(claims.silent(f"{claim}: gdalinfo reads it without a word", call("gdalinfo", "-json", target)))


def check_place(info, claim):
    wkt = info.get("coordinateSystem", {}).get("wkt", "")
    claims.that(f"{claim}: EPSG:{EPSG}", wkt.rstrip().endswith(f'ID["EPSG",{EPSG}]]'), wkt[-40:])
    claims.that(f"{claim}: cells of 1 km, north up", info["geoTransform"][1::4] == [1000.0, -1000.0], info["geoTransform"])


def step_of(dataset, path):
    """The layer of the NetCDF beside a map that the map was made of."""
    label = os.path.splitext(os.path.basename(path))[0][len(product_of(path)) + 1:]
    if "time" in dataset.dimensions:
        times = netCDF4.num2date(dataset["time"][:], dataset["time"].units, dataset["time"].calendar)
        if "DJF" in label or "JJA" in label or "SON" in label or "MAM" in label:
            wanted = {"DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11)}[label[4:]]
            return next(i for i, time in enumerate(times) if time.month in wanted)
        return [time.strftime("%Y%m%d")[:len(label)] for time in times].index(label)
    if "return_period" in dataset.dimensions:
        return list(dataset["return_period"][:]).index(float(label[1:]))
    return 0


for path in cogs(folder):
    name = os.path.relpath(path, folder)
    info = info_of(path, name)
    check_place(info, name)
    claims.that(f"{name}: one band", len(info["bands"]) == 1)
    band = info["bands"][0]
    claims.that(f"{name}: nodata is NaN", str(band.get("noDataValue")).lower() == "nan", band.get("noDataValue"))
    claims.that(f"{name}: band description", band.get("description") == expected_description(path), band.get("description"))
    if product_of(path) in UNITS:
        claims.that(f"{name}: unit", band.get("unit", "1") == UNITS[product_of(path)], band.get("unit"))
    errors = validate_cloud_optimized_geotiff.validate(path, full_check=True)[1]
    claims.that(f"{name}: a valid COG", not errors, errors)
    values = gdal.Open(path).ReadAsArray()
    stored = band.get("metadata", {}).get("", {})
    if numpy.isfinite(values).any():
        claims.close(f"{name}: stored mean", float(stored["STATISTICS_MEAN"]), float(numpy.nanmean(values)), 1e-5 * abs(numpy.nanmean(values)))
        claims.close(f"{name}: stored maximum", float(stored["STATISTICS_MAXIMUM"]), float(numpy.nanmax(values)), 1e-6)
    beside = os.path.join(folder, product_of(path) + ".nc")
    with netCDF4.Dataset(beside) as dataset:
        expected = dataset[product_of(path)][step_of(dataset, path)].filled(numpy.nan)
    claims.that(f"{name}: the NetCDF's values, cell by cell", numpy.allclose(values, expected, rtol=1e-6, atol=1e-7, equal_nan=True))

for path in netcdfs(folder):
    name = os.path.relpath(path, folder)
    variable = product_of(path)
    target = f'NETCDF:"{path}":{variable}'
    info = info_of(target, name)
    check_place(info, name)
    with netCDF4.Dataset(path) as dataset:
        stored = dataset[variable]
        claims.that(f"{name}: a band for each step", len(info["bands"]) == stored.shape[0], len(info["bands"]))
        claims.that(f"{name}: unit", info["bands"][0].get("unit") == stored.units, info["bands"][0].get("unit"))
        opened = gdal.Open(target)  # a band dies with its dataset
        last = opened.GetRasterBand(stored.shape[0])
        raw = last.ReadAsArray().astype(float)
        raw[raw == last.GetNoDataValue()] = numpy.nan
        seen = raw * (last.GetScale() or 1.0) + (last.GetOffset() or 0.0)
        expected = stored[-1].filled(numpy.nan)
        claims.that(f"{name}: GDAL sees netCDF's values, row 0 north", numpy.allclose(seen, expected, rtol=1e-6, equal_nan=True))

claims.finish()
