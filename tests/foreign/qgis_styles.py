#!/usr/bin/python3
"""Show every shipped style to QGIS: a small GeoTIFF over the style's whole range beside a copy of the style.

    /usr/bin/python3 qgis_styles.py STYLE_FOLDER [PICTURE.png]

Each raster rises from below the style's minimum to above its maximum with a corner of nodata; flag rasters hold
every class. Exit codes as qgis_render.py (77: QGIS or GDAL's Python is not installed).
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

try:
    import numpy
    from osgeo import gdal, osr
except ImportError as error:
    print(f"python3-gdal or numpy is not installed ({error}): skipped", file=sys.stderr)
    sys.exit(77)

ROWS, COLS = 60, 80
gdal.UseExceptions()


def values_for(renderer):
    if renderer.get("type") == "paletted":
        classes = [int(entry.get("value")) for entry in renderer.iter("paletteEntry")]
        return numpy.resize(numpy.repeat(classes, 9), (ROWS, COLS)).astype(numpy.uint16), 65535, gdal.GDT_UInt16
    low, high = float(renderer.get("classificationMin")), float(renderer.get("classificationMax"))
    margin = 0.05 * (high - low)
    ramp = numpy.linspace(low - margin, high + margin, COLS, dtype=numpy.float32)
    values = numpy.tile(ramp, (ROWS, 1))
    values[:15, :20] = numpy.nan
    return values, float("nan"), gdal.GDT_Float32


def write_raster(path, renderer):
    values, nodata, data_type = values_for(renderer)
    dataset = gdal.GetDriverByName("GTiff").Create(path, COLS, ROWS, 1, data_type)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(3035)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform([4.05e6, 5000.0, 0.0, 2.615e6, 0.0, -5000.0])
    dataset.GetRasterBand(1).SetNoDataValue(nodata)
    dataset.GetRasterBand(1).WriteArray(values)
    del dataset


def main():
    folder = sys.argv[1]
    styles = sorted(glob.glob(os.path.join(folder, "*.qml")))
    if not styles:
        print(f"{folder}: no .qml files", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="rootzone_styles_") as scratch:
        picture = sys.argv[2] if len(sys.argv) > 2 else os.path.join(scratch, "styles.png")
        rasters = []
        for style in styles:
            path = os.path.join(scratch, os.path.basename(style)[: -len(".qml")] + ".tif")
            write_raster(path, ElementTree.parse(style).getroot().find("pipe/rasterrenderer"))
            shutil.copy(style, os.path.splitext(path)[0] + ".qml")
            rasters.append(path)
        render = os.path.join(os.path.dirname(os.path.abspath(__file__)), "qgis_render.py")
        return subprocess.call([sys.executable, render, "--crs", "EPSG:3035", *rasters, picture])


if __name__ == "__main__":
    sys.exit(main())
