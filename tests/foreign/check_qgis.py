#!/usr/bin/python3
"""QGIS opens the run's COGs with the styles beside them, and its NetCDF products, and draws something of each.

    check_qgis.py RUN_FOLDER [PICTURE_FOLDER]    PICTURE_FOLDER: keeps maps.png, layers.png and netcdf.png
"""
import os
import subprocess
import sys
import tempfile

from foreign import EPSG, Claims, cogs, netcdfs, product_of, run_folder, skip

try:
    import numpy
    from osgeo import gdal
except ImportError as error:
    skip(f"{error}")

RENDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_render.py")
gdal.UseExceptions()
claims = Claims()
folder = run_folder()


def has_values(target):
    """In its first band: what QGIS shows of a NetCDF stack unasked."""
    opened = gdal.Open(target)
    band = opened.GetRasterBand(1)
    values = band.ReadAsArray()
    return bool((numpy.isfinite(values) & (values != band.GetNoDataValue())).any())


def dated(path):
    """Daily maps and means of periods carry their dates for QGIS' temporal controller."""
    return "soil_moisture" in product_of(path)


def render(claim, picture, options, rasters):
    done = subprocess.run([sys.executable, RENDER, "--crs", f"EPSG:{EPSG}", *options, *rasters, picture],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode == 77:
        skip(done.stderr.strip())
    print(done.stdout, end="")
    claims.that(claim, done.returncode == 0, done.stderr.strip()[-600:])
    claims.that(f"{claim}: a picture", os.path.isfile(picture) and os.path.getsize(picture) > 2000)


with tempfile.TemporaryDirectory(prefix="rootzone_qgis_check_") as scratch:
    target = sys.argv[2] if len(sys.argv) > 2 else scratch
    os.makedirs(target, exist_ok=True)
    maps = [path for path in cogs(folder) if has_values(path)]
    claims.that("maps of days and of layers", any(map(dated, maps)) and not all(map(dated, maps)))
    render("dated COGs, with style and dates", os.path.join(target, "maps.png"), ["--temporal"], [p for p in maps if dated(p)])
    render("COGs of layers, with style", os.path.join(target, "layers.png"), [], [p for p in maps if not dated(p)])
    fields = [f'NETCDF:"{path}":{product_of(path)}' for path in netcdfs(folder)]
    render("NetCDF products", os.path.join(target, "netcdf.png"), ["--no-style"], [f for f in fields if has_values(f)])
claims.finish()
