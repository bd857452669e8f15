#!/usr/bin/python3
"""Open rasters in QGIS without a screen, the way a user would: by double click, style from the .qml beside.

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 qgis_render.py [options] RASTER [RASTER ...] PICTURE.png

Asserts for every raster: it loads, its CRS is valid, a .qml lies beside it and was taken (renderer of the type
the .qml names), and its own rendered image is not blank. PICTURE.png shows all of them side by side.

    --crs AUTHID        also assert the CRS, e.g. EPSG:3035
    --temporal          also assert that the layer carries a fixed range of time
    --allow-blank       an all-missing raster is fine
    --no-style          no .qml is expected: QGIS draws as it likes (NETCDF:"file.nc":variable)

Exit codes: 0 fine, 1 an assertion failed (named on standard error), 77 QGIS is not installed (a skip for ctest).
Needs python3-qgis 3.22 or later.
"""
import argparse
import atexit
import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
runtime_dir = tempfile.mkdtemp(prefix="rootzone_qgis_")
atexit.register(shutil.rmtree, runtime_dir, ignore_errors=True)
os.environ["XDG_RUNTIME_DIR"] = runtime_dir
# A profile of its own: neither the user's settings nor an earlier run's.
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = runtime_dir

try:
    from qgis.core import QgsApplication, QgsMapRendererSequentialJob, QgsMapSettings, QgsRasterLayer
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor, QImage, QPainter
except ImportError as error:
    print(f"QGIS is not installed ({error}): skipped", file=sys.stderr)
    sys.exit(77)

BACKGROUND = QColor(255, 255, 255, 0)
WIDTH, HEIGHT = 420, 320


def expected_renderer(qml_path):
    return ElementTree.parse(qml_path).getroot().find("pipe/rasterrenderer").get("type")


def open_layer(path, options):
    """The layer, checked; as QGIS opens it, that is with the style beside it."""
    layer = QgsRasterLayer(path, os.path.basename(path))
    assert layer.isValid(), f"{path}: QGIS cannot open it: {layer.error().message()}"
    assert layer.crs().isValid(), f"{path}: no valid CRS"
    if options.crs:
        assert layer.crs().authid() == options.crs, f"{path}: CRS is {layer.crs().authid()}, expected {options.crs}"
    if options.no_style:
        return layer
    qml_path = os.path.splitext(path)[0] + ".qml"
    assert os.path.exists(qml_path), f"{path}: no style beside it, expected {qml_path}"
    wanted, found = expected_renderer(qml_path), layer.renderer().type()
    assert found == wanted, f"{path}: renderer is {found}, the .qml says {wanted}: QGIS did not take the style"
    # Asked for by name, QGIS says whether it could read every part of it.
    message, loaded = layer.loadNamedStyle(qml_path)
    assert loaded, f"{qml_path}: {message}"
    if wanted == "singlebandpseudocolor":
        function = layer.renderer().shader().rasterShaderFunction()
        assert len(function.colorRampItemList()) >= 2, f"{qml_path}: no colour stops arrived"
        assert function.minimumValue() < function.maximumValue(), f"{qml_path}: empty range"
    if wanted == "paletted":
        assert len(layer.renderer().classes()) >= 2, f"{qml_path}: no classes arrived"
    if options.temporal:
        properties = layer.temporalProperties()
        assert properties.isActive(), f"{path}: the style carries no time"
        assert properties.fixedTemporalRange().begin().isValid(), f"{path}: the style's time is not a date"
    return layer


def render(layer):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setBackgroundColor(BACKGROUND)
    settings.setOutputSize(QSize(WIDTH, HEIGHT))
    settings.setExtent(layer.extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = QImage(job.renderedImage())
    # Jobs and layers must be gone before exitQgis(), or it crashes on the way out.
    del job
    return image


def painted_pixels(image):
    """Sampled pixels that carry colour, and how many colours they have."""
    seen = [image.pixel(x, y) for y in range(0, HEIGHT, 4) for x in range(0, WIDTH, 4)]
    opaque = [pixel for pixel in seen if pixel >> 24 > 0]
    return len(opaque), len(set(opaque))


def contact_sheet(images, path):
    columns = min(4, len(images))
    rows = (len(images) + columns - 1) // columns
    sheet = QImage(columns * (WIDTH + 8), rows * (HEIGHT + 8), QImage.Format_ARGB32)
    sheet.fill(QColor(255, 255, 255))
    painter = QPainter(sheet)
    for index, image in enumerate(images):
        painter.drawImage((index % columns) * (WIDTH + 8) + 4, (index // columns) * (HEIGHT + 8) + 4, image)
    painter.end()
    assert sheet.save(path), f"{path}: cannot write the picture"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rasters", nargs="+", help="rasters, each with a .qml beside it")
    parser.add_argument("picture", help="PNG to write")
    parser.add_argument("--crs")
    parser.add_argument("--temporal", action="store_true")
    parser.add_argument("--allow-blank", action="store_true")
    parser.add_argument("--no-style", action="store_true")
    options = parser.parse_args()

    application = QgsApplication([], False)
    application.initQgis()
    failure = None
    images = []
    for path in options.rasters:
        layer = None
        try:
            layer = open_layer(path, options)
            image = render(layer)
            painted, colours = painted_pixels(image)
            assert options.allow_blank or painted > 0, f"{path}: renders blank"
            images.append(image)
            print(f"{path}: {layer.crs().authid()} {layer.renderer().type()} {painted} pixels {colours} colours")
        except AssertionError as error:
            failure = failure or str(error)
        finally:
            del layer
    try:
        if images:
            contact_sheet(images, options.picture)
    except AssertionError as error:
        failure = failure or str(error)
    del images
    application.exitQgis()
    if failure:
        print(f"qgis_render: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
