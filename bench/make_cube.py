#!/usr/bin/python3
"""Write the cubes and soil maps that bench/end_to_end.sh measures with.

Daily surface soil moisture with what makes real products hard to compress: rain that comes and dries away,
noise of the retrieval in the last digits, swaths without observation, sea. The same seed gives the same numbers.
Debian packages: python3-netcdf4 (numpy comes with it).
"""
import argparse
import os

import netCDF4
import numpy as np

WKT = ('PROJCS["ETRS89-extended / LAEA Europe",GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",'
       'SPHEROID["GRS 1980",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
       'PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",52],'
       'PARAMETER["longitude_of_center",10],PARAMETER["false_easting",4321000],PARAMETER["false_northing",3210000],'
       'UNIT["metre",1],AUTHORITY["EPSG","3035"]]')
XMIN, YMAX, CELL = 4_000_000.0, 3_000_000.0, 1000.0
FILL = np.float32(9.96921e36)


def smooth(rng, rows, cols, knots):
    """A random field between 0 and 1 that varies over about size/knots cells (bilinear between knots)."""
    coarse = rng.random((knots + 1, knots + 1)).astype(np.float32)
    r = np.linspace(0, knots, rows, endpoint=False, dtype=np.float32)
    c = np.linspace(0, knots, cols, endpoint=False, dtype=np.float32)
    i, j = r.astype(int), c.astype(int)
    fr, fc = (r - i)[:, None], (c - j)[None, :]
    top = coarse[i][:, j] * (1 - fc) + coarse[i][:, j + 1] * fc
    low = coarse[i + 1][:, j] * (1 - fc) + coarse[i + 1][:, j + 1] * fc
    return top * (1 - fr) + low * fr


def maps(rows, cols, days, porosity, seed):
    """The cube day by day, m3 m-3, NaN = no observation."""
    rng = np.random.default_rng(seed)
    sea = smooth(rng, rows, cols, 5) < 0.22
    wetness = smooth(rng, rows, cols, 6)
    swath = np.arange(cols)[None, :] + np.arange(rows)[:, None] // 4
    for day in range(days):
        rain = np.clip(smooth(rng, rows, cols, 7) - (0.72 + 0.1 * np.sin(2 * np.pi * day / 366)), 0, 1)
        wetness = np.clip(wetness * np.float32(0.93) + 3 * rain, 0.12, 0.98)
        noise = rng.standard_normal((rows, cols), dtype=np.float32) * np.float32(0.01)
        values = porosity * np.clip(wetness + noise, 0.02, 1.0).astype(np.float32)
        gap = (swath + 277 * day) % 900 < 130
        values[gap | sea] = np.nan
        yield values


def define(path, rows, cols, days=None):
    file = netCDF4.Dataset(path, "w", format="NETCDF4")
    file.Conventions = "CF-1.8"
    for name, size in (("y", rows), ("x", cols)):
        file.createDimension(name, size)
    crs = file.createVariable("crs", "i4")
    crs.grid_mapping_name = "lambert_azimuthal_equal_area"
    crs.crs_wkt = WKT
    crs.latitude_of_projection_origin = 52.0
    crs.longitude_of_projection_origin = 10.0
    crs.false_easting = 4321000.0
    crs.false_northing = 3210000.0
    crs.semi_major_axis = 6378137.0
    crs.inverse_flattening = 298.257222101
    y = file.createVariable("y", "f8", ("y",))
    y.units, y.standard_name, y.axis = "m", "projection_y_coordinate", "Y"
    y[:] = YMAX - CELL * (np.arange(rows) + 0.5)
    x = file.createVariable("x", "f8", ("x",))
    x.units, x.standard_name, x.axis = "m", "projection_x_coordinate", "X"
    x[:] = XMIN + CELL * (np.arange(cols) + 0.5)
    if days is not None:
        file.createDimension("time", days)
        time = file.createVariable("time", "f8", ("time",))
        time.units, time.calendar, time.standard_name, time.axis = "days since 2020-01-01", "standard", "time", "T"
        time[:] = np.arange(days) + 0.5
    return file


def add(file, name, dimensions, units, chunks, packed):
    kind, fill = ("i2", np.int16(-32768)) if packed else ("f4", FILL)
    variable = file.createVariable(name, kind, dimensions, zlib=True, complevel=1, shuffle=True, chunksizes=chunks,
                                   fill_value=fill)
    variable.units, variable.grid_mapping = units, "crs"
    if packed:
        variable.scale_factor = 1e-4
        variable.add_offset = 0.0
    variable.set_auto_maskandscale(False)
    return variable


def stored(values, packed):
    missing = np.isnan(values)
    if not packed:
        return np.where(missing, FILL, values)
    whole = np.rint(np.where(missing, 0, values) * 1e4).astype(np.int16)
    whole[missing] = -32768
    return whole


def write_soil(path, rows, cols, seed):
    """Parameters of SMAR that differ from cell to cell."""
    rng = np.random.default_rng(seed + 1)
    ranges = {"porosity_surface": (0.38, 0.52, "m3 m-3"), "porosity_root_zone": (0.36, 0.48, "m3 m-3"),
              "field_capacity": (0.2, 0.32, "m3 m-3"), "sw2": (0.1, 0.3, "1"), "sc1": (0.35, 0.65, "1"),
              "a": (0.01, 0.06, "d-1"), "b": (0.08, 0.35, "1")}
    file = define(path + ".part", rows, cols)
    soil = {}
    for name, (low, high, units) in ranges.items():
        soil[name] = (low + (high - low) * smooth(rng, rows, cols, 40)).astype(np.float32)
        add(file, name, ("y", "x"), units, None, False)[:] = soil[name]
    file.close()
    os.replace(path + ".part", path)
    return soil


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--cells", type=int, default=1000, help="rows and columns")
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packed", action="store_true", help="int16 with a scale factor of 1e-4; else float32")
    parser.add_argument("--name", default="surface", help="makes NAME_maps.nc, NAME_cubes.nc and soil.nc")
    options = parser.parse_args()
    n, days = options.cells, options.days
    os.makedirs(options.folder, exist_ok=True)
    soil = write_soil(os.path.join(options.folder, "soil.nc"), n, n, options.seed)
    whole = np.empty((days, n, n), dtype=np.int16 if options.packed else np.float32)
    path = os.path.join(options.folder, options.name + "_maps.nc")
    file = define(path, n, n, days)
    variable = add(file, "surface_soil_moisture", ("time", "y", "x"), "m3 m-3", (1, n, n), options.packed)
    for day, values in enumerate(maps(n, n, days, soil["porosity_surface"], options.seed)):
        whole[day] = stored(values, options.packed)
        variable[day] = whole[day]
    file.close()
    side = min(50, n)
    path = os.path.join(options.folder, options.name + "_cubes.nc")
    file = define(path, n, n, days)
    variable = add(file, "surface_soil_moisture", ("time", "y", "x"), "m3 m-3", (days, side, side), options.packed)
    variable.set_var_chunk_cache(size=2 * days * side * n * 4)
    for row in range(0, n, side):
        variable[:, row:row + side, :] = whole[:, row:row + side, :]
    file.close()


if __name__ == "__main__":
    main()
