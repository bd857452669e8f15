#!/usr/bin/python3
"""Recompute pipelines/demo.toml on a small demo basin: horizons, reprojection, labels and totals, masks, SMAR tied to
PET, exponential filter, snow, mass curve from each pixel's wettest month, return levels, and the soil's capacity.

With a third argument, a demo folder, and a fourth, its products, those are judged instead, and the products are compared
with the basin's truth.
"""
import csv
import os
import subprocess
import sys
import tempfile

from referee import Verdict, days, netCDF4, np, read, run

try:
    from osgeo import gdal, ogr, osr
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
for module in (gdal, ogr, osr):
    module.UseExceptions()

program, source = (os.path.abspath(path) for path in sys.argv[1:3])
if len(sys.argv) > 4:
    basin, products = sys.argv[3:5]
else:
    folder = tempfile.TemporaryDirectory(prefix="rootzone_referee_")
    basin = folder.name
    size = "--rows 24 --cols 32 --days 420 --storage-years 12 --stations 2 --seed 7".split()
    subprocess.run([program, "--quiet", "demo", basin] + size, check=True, stdout=subprocess.DEVNULL)
    out = run(program, os.path.join(basin, "demo.toml"))
    products = out.name
verdict = Verdict()


def product(name):
    return read(os.path.join(products, name + ".nc"))


def tif(path):
    """Values with nodata as NaN and the scale applied, geotransform, CRS."""
    file = gdal.Open(os.path.join(basin, path))
    band = file.GetRasterBand(1)
    values = band.ReadAsArray().astype("f8")
    if band.GetNoDataValue() is not None:
        values[values == band.GetNoDataValue()] = np.nan
    return values * (band.GetScale() or 1) + (band.GetOffset() or 0), file.GetGeoTransform(), file.GetProjection()


land_cover, place, crs = tif("land_cover.tif")
rows, cols = land_cover.shape
x, y = np.meshgrid(place[0] + (np.arange(cols) + 0.5) * place[1], place[3] + (np.arange(rows) + 0.5) * place[5])


def centres_in(other):
    """The cell centres in another CRS, easting or longitude first."""
    systems = osr.SpatialReference(), osr.SpatialReference()
    for system, text in zip(systems, (crs, other)):
        system.SetFromUserInput(text)
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    points = osr.CoordinateTransformation(*systems).TransformPoints(np.column_stack([x.ravel(), y.ravel()]))
    points = np.array(points)
    return points[:, 0].reshape(rows, cols), points[:, 1].reshape(rows, cols)


class Bilinear:
    """Weights between the four cell centres around each point; missing ones leave their weight to the others."""

    def __init__(self, at, x_axis, y_axis):
        step_x, step_y = x_axis[1] - x_axis[0], y_axis[1] - y_axis[0]
        fx, fy = (at[0] - x_axis[0]) / step_x, (at[1] - y_axis[0]) / step_y
        col, row = np.floor(fx).astype(int), np.floor(fy).astype(int)
        self.near = np.clip(np.rint(fy).astype(int), 0, len(y_axis) - 1), np.clip(np.rint(fx).astype(int), 0, len(x_axis) - 1)
        self.parts = []
        for down in (0, 1):
            for right in (0, 1):
                weight = (fx - col if right else 1 - fx + col) * (fy - row if down else 1 - fy + row)
                j, i = row + down, col + right
                inside = (j >= 0) & (j < len(y_axis)) & (i >= 0) & (i < len(x_axis))
                self.parts.append((np.where(inside, weight, 0), np.clip(j, 0, len(y_axis) - 1), np.clip(i, 0, len(x_axis) - 1)))

    def __call__(self, values):
        total, weights = np.zeros((rows, cols)), np.zeros((rows, cols))
        for weight, j, i in self.parts:
            value = values[j, i]
            total += np.where(np.isfinite(value), weight * value, 0)
            weights += np.where(np.isfinite(value), weight, 0)
        return np.where(weights > 1e-9, total / np.where(weights > 0, weights, 1), np.nan)


def horizons(quantity, thicknesses):
    """Mean over depth of a soil map given by horizons, brought to the basin's grid."""
    total = 0
    for horizon, thickness in thicknesses.items():
        values, transform, projection = tif(f"hydraulics/{quantity}_{horizon}cm.tif")
        warp = Bilinear(centres_in(projection), transform[0] + (np.arange(values.shape[1]) + 0.5) * transform[1],
                        transform[3] + (np.arange(values.shape[0]) + 0.5) * transform[5])
        # GDAL's warper leaves a cell missing whose centre lies in a missing source cell.
        total = total + thickness * np.where(np.isnan(values[warp.near]), np.nan, warp(values))
    return total / sum(thicknesses.values())


top, zone = {"0-5": 5, "5-15": 5}, {"5-15": 5, "15-30": 15, "30-60": 20}
n1, n2 = horizons("porosity", top), horizons("porosity", zone)
fc1, fc2 = horizons("field_capacity", top), horizons("field_capacity", zone)
wp2 = horizons("wilting_point", zone)

# The basin: cells that its outline touches with an area.
layer = ogr.Open(os.path.join(basin, "basin.gpkg"))
feature = next(iter(layer.GetLayer("basin")))  # the geometry lives as long as its feature
outline = feature.GetGeometryRef()
inside = np.zeros((rows, cols), bool)
for j in range(rows):
    for i in range(cols):
        west, east = x[j, i] - place[1] / 2, x[j, i] + place[1] / 2
        south, north = y[j, i] + place[5] / 2, y[j, i] - place[5] / 2
        cell = ogr.CreateGeometryFromWkt(f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))")
        inside[j, i] = outline.Intersection(cell).GetArea() > 0
written = product("root_zone_soil_moisture")
index_written = product("soil_water_index")
verdict.true("no value beyond the outline", not np.isfinite(index_written[:, ~inside]).any())


def weather(name, variable):
    file = netCDF4.Dataset(os.path.join(basin, name))
    return file, file[variable]


def dates_of(file):
    time = file["time"]
    return np.array([np.datetime64(d.strftime("%Y-%m-%d")) for d in netCDF4.num2date(time[:], time.units, time.calendar)])


def grid_warp(file):
    return Bilinear((x, y), file["x"][:], file["y"][:])


def filled(values):
    return np.ma.filled(np.ma.asarray(values, "f8"), np.nan)


rain_file, rain = weather("weather/precipitation.nc", "pr")
rain_warp, rain_days = grid_warp(rain_file), dates_of(rain_file) - 1  # stamped 00:00 of the next day
warm_file, warm = weather("weather/temperature.nc", "t2m")
warm_warp, warm_days = Bilinear(centres_in("EPSG:4326"), warm_file["lon"][:], warm_file["lat"][:]), dates_of(warm_file)
verdict.true("rain and temperature are of the same days", np.array_equal(rain_days, warm_days))
pet_file, pet = weather("weather/potential_evapotranspiration.nc", "potential_evapotranspiration")
et_file, et = weather("evaporation/evaporation_8day.nc", "evaporation")
epoch = np.datetime64("2000-01-01")
pet_bounds, et_bounds = (epoch + file["time_bnds"][:].astype(int) for file in (pet_file, et_file))

run_days = days(os.path.join(products, "root_zone_soil_moisture.nc"))
first, end = run_days[0], run_days[-1] + 1
# Mean PET of the run: months give each of their days an equal share.
pet_warp, pet_sum = grid_warp(pet_file), np.zeros((rows, cols))
for k, (begin, stop) in enumerate(pet_bounds):
    overlap = (min(stop, end) - max(begin, first)).astype(int)
    if overlap > 0:
        pet_sum += pet_warp(filled(pet[k])) * overlap / (stop - begin).astype(int)
mean_pet = pet_sum / len(run_days)

# SMAR, loss of mean PET at field capacity: a = PET / available water capacity.
sw2, sc1 = wp2 / n2, fc1 / n1
a, b = mean_pet / ((fc2 - wp2) * 400), n1 * 100 / ((n2 - wp2) * 400)
usable = np.isfinite(a + b + sw2 + sc1) & (b < 1) & inside
state, started = fc2 / n2, np.zeros((rows, cols), bool)
age, wait = np.zeros((rows, cols), int), np.zeros((rows, cols), int)
upper, lower = np.zeros((rows, cols)), np.zeros((rows, cols))
theta, index = np.full(written.shape, np.nan), np.full(written.shape, np.nan)
for t, day in enumerate(run_days):
    stamp = str(day).replace("-", "")
    surface = np.full((rows, cols), np.nan)
    if os.path.exists(os.path.join(basin, f"surface_soil_moisture/ssm_{stamp}.tif")):
        surface = tif(f"surface_soil_moisture/ssm_{stamp}.tif")[0]
        flags = gdal.Open(os.path.join(basin, f"surface_soil_moisture_flags/ssm_flag_{stamp}.tif")).ReadAsArray()
        surface[(flags & 1) != 0] = np.nan
    seen = np.isfinite(surface)
    started |= seen
    excess = np.where(seen, np.maximum(np.minimum(surface / n1, 1) - sc1, 0), 0)
    advanced = sw2 + (state - sw2) * np.exp(-a) + (1 - sw2) * b * excess
    state = np.where(started, np.clip(advanced, 0, 1), state)
    age = np.where(seen, 0, age + 1)
    wait = np.where(started & (age > 30), 20, wait)
    theta[t] = np.where(started & (wait == 0) & usable, state * n2, np.nan)
    wait -= (wait > 0) & seen
    upper, lower = upper * np.exp(-1 / 20) + np.where(seen, surface, 0), lower * np.exp(-1 / 20) + seen
    index[t] = np.where((lower > 0) & inside, upper / np.where(lower > 0, lower, 1), np.nan)
half = 0.5e-4 + 2e-6
verdict.equal("root_zone_soil_moisture", written, theta, half)
verdict.equal("soil_water_index", index_written, index, half)

# Fluxes of the record: degree-day snow (2 mm/K/d above 0 °C, first year twice), 8-day evaporation in equal shares.
steps = len(rain_days)
period = np.full(steps, -1)
for k, (begin, stop) in enumerate(et_bounds):
    period[(rain_days >= begin) & (rain_days < stop)] = k
share = (et_bounds[:, 1] - et_bounds[:, 0]).astype(int)
inflow, outflow = (np.empty((steps, rows, cols), "f4") for _ in range(2))
store = np.zeros((rows, cols))
for t in list(range(365)) + list(range(steps)):
    fallen, warmth = rain_warp(filled(rain[t])), warm_warp(filled(warm[t]) - 273.15)
    store = store + np.where(warmth < 0, fallen, 0)
    melt = np.minimum(store, 2 * np.maximum(warmth, 0))
    store = store - melt
    inflow[t] = np.where(warmth < 0, 0, fallen) + melt
for t in range(steps):
    outflow[t] = filled(et[period[t]]) / share[period[t]]
month = np.array([day.month for day in rain_days.astype(object)])
year = np.array([day.year for day in rain_days.astype(object)])
net = np.stack([(inflow[month == m] - outflow[month == m]).mean(axis=0, dtype="f8") for m in range(1, 13)])
start = np.where(np.isfinite(net).all(axis=0), np.argmax(np.where(np.isfinite(net), net, -1e9), axis=0) + 1, 1)
with netCDF4.Dataset(os.path.join(products, "annual_maximum_deficit.nc")) as file:
    names = [int(value) for value in file["year"][:]]
deficit = np.zeros((rows, cols))
maxima = np.full((len(names), rows, cols), -np.inf)
count = np.zeros((len(names), rows, cols), int)
jj, ii = np.indices((rows, cols))
for t in range(steps):
    deficit = np.maximum(0, deficit + outflow[t].astype("f8") - inflow[t])
    at = year[t] - (month[t] < start) - names[0], jj, ii
    maxima[at] = np.fmax(maxima[at], deficit)
    count[at] += 1
good = inside & np.isfinite(inflow.sum(axis=0) + outflow.sum(axis=0))
record = np.where(good, maxima.max(axis=0), np.nan)
maxima = np.where(good & (count >= 330), maxima, np.nan)
verdict.equal("annual_maximum_deficit, mm", product("annual_maximum_deficit"), maxima, 0.01)
record_written = product("record_maximum_deficit")[0]
verdict.equal("record_maximum_deficit, mm", record_written, record, 0.01)
ratio = np.where(good, outflow.sum(axis=0, dtype="f8") / inflow.sum(axis=0, dtype="f8"), np.nan)
verdict.equal("closure_ratio", product("closure_ratio")[0], ratio, 1e-5)

# Gumbel by L-moments on at least ten years; the soil holds (field capacity − wilting point) · 1 m.
n = np.isfinite(maxima).sum(axis=0)
ordered = np.sort(np.where(np.isfinite(maxima), maxima, np.inf), axis=0)
ordered = np.where(np.isfinite(ordered), ordered, 0)
safe = np.maximum(n, 2)
l1 = ordered.sum(axis=0) / safe
b1 = sum(i * ordered[i] for i in range(len(names))) / (safe * (safe - 1))
scale = (2 * b1 - l1) / np.log(2)
location = np.where(good & (n >= 10), l1 - np.euler_gamma * scale, np.nan)


def level(years):
    return np.maximum(0, location - scale * np.log(-np.log(1 - 1 / years)))


verdict.equal("root_zone_storage_capacity, mm", product("root_zone_storage_capacity"),
              np.stack([level(years) for years in (2, 5, 10, 20, 40, 80)]), 0.02)
with open(os.path.join(source, "data", "return_periods", "example.csv")) as file:
    table = {int(line["class"]): float(line["return_period_years"]) for line in csv.DictReader(file)}
by_cover = np.full((rows, cols), np.nan)
for cover, years in table.items():
    by_cover = np.where(land_cover == cover, level(years), by_cover)
verdict.equal("root_zone_storage_capacity_land_cover, mm", product("root_zone_storage_capacity_land_cover")[0], by_cover, 0.02)
verdict.equal("storage_capacity_ratio", product("storage_capacity_ratio")[0], by_cover / ((fc2 - wp2) * 1000), 5e-4)

if len(sys.argv) > 4:
    truth = read(os.path.join(basin, "truth", "root_zone_soil_moisture.nc"))
    for title, values in (("smar", written), ("soil water index", index_written)):
        both = np.isfinite(values) & np.isfinite(truth)
        error = values[both] - truth[both]
        print(f"{title} against the truth: {both.sum()} values, bias {error.mean():+.4f}, "
              f"RMSE {np.sqrt((error**2).mean()):.4f}, r {np.corrcoef(values[both], truth[both])[0, 1]:.3f}")
    truth = tif("truth/record_maximum_deficit.tif")[0]
    both = np.isfinite(record_written) & np.isfinite(truth)
    error = record_written[both] - truth[both]
    print(f"record deficit against the truth: {both.sum()} cells, median {np.median(truth[both]):.0f} mm, bias {error.mean():+.1f}, "
          f"RMSE {np.sqrt((error**2).mean()):.1f}, r {np.corrcoef(record_written[both], truth[both])[0, 1]:.3f}")
verdict.done()
