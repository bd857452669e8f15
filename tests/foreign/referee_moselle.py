#!/usr/bin/python3
"""Recompute pipelines/moselle.toml: corner coordinates, catchment, gauge, closing factor, snow, October years, levels."""
import os

from referee import Verdict, days, need, netCDF4, np, program_and_source, read, run

program, source = program_and_source()
data = need(os.path.join(source, "..", "shared", "data", "moselle"))
out = run(program, os.path.join(source, "pipelines", "moselle.toml"))
verdict = Verdict()


def forcing(name, variable):
    return read(os.path.join(data, name + ".nc"), variable)


precipitation, pet, temperature = forcing("pre", "pre"), forcing("pet", "pet"), forcing("tavg", "tavg")
with netCDF4.Dataset(os.path.join(data, "pre.nc")) as file:
    x, y = file["xc"][:] + 12000.0, file["yc"][:] - 12000.0
    assert file["time"].units.startswith("days since 1989-01-01") and np.array_equal(file["time"][:], np.arange(1826))
dates = np.datetime64("1989-01-01") + np.arange(1826)
product = os.path.join(out.name, "water_deficit.nc")
with netCDF4.Dataset(product) as file:
    verdict.true("cells are 12 km right of and below xc, yc", np.array_equal(file["x"][:], x) and np.array_equal(file["y"][:], y))
verdict.true("1826 days from 1989-01-01", np.array_equal(days(product), dates))

# The catchment: 48 × 48 cells of 500 m in each of 24 km, from the same upper-left corner.
classes = np.loadtxt(os.path.join(data, "lc_1991.asc"), skiprows=6)
share = (classes != -9999).reshape(9, 48, 6, 48).mean(axis=(1, 3))
area_km2 = share.sum() * 576.0
verdict.true(f"catchment of 11 636 km2 ({area_km2:.1f})", round(area_km2) == 11636)

discharge = np.full(1826, np.nan)
with open(os.path.join(data, "discharge_00398.txt")) as file:
    for line in file.readlines()[5:]:
        year, month, day, _, _, value = line.split()
        if float(value) != -9999:
            discharge[(np.datetime64(f"{year}-{month}-{day}") - dates[0]).astype(int)] = float(value)
measured = np.isfinite(discharge)
discharge_mm = discharge * 86.4 / area_km2  # m3/s over km2: 1e3 s → mm
print(f"{measured.sum()} days with discharge, {np.nanmean(discharge):.2f} m3/s, {np.nanmean(discharge_mm) * 365.25:.0f} mm/a")


def snow(first, last, store):
    liquid = np.empty((last - first,) + store.shape)
    for t in range(first, last):
        frozen = temperature[t] < 1.0
        store = store + np.where(frozen, precipitation[t], 0)
        melt = np.minimum(store, np.maximum(temperature[t] - 1.0, 0))
        store = store - melt
        liquid[t - first] = np.where(frozen, 0, precipitation[t]) + melt
    return liquid, store


_, store = snow(0, 365, np.zeros(share.shape))
inflow, _ = snow(0, 1826, store)


def catchment_mean(values):
    return (values[measured] * share).sum() / (share.sum() * measured.sum())


factor = (catchment_mean(inflow) - np.nanmean(discharge_mm)) / catchment_mean(pet)
print(f"closing factor {factor:.4f}")
deficit = np.zeros(share.shape)
curve = np.empty_like(inflow)
for t in range(1826):
    deficit = np.maximum(0, deficit + factor * pet[t] - inflow[t])
    curve[t] = deficit
curve[:, share == 0] = np.nan
verdict.equal("water_deficit, mm", read(product), curve, 1e-3)

# Water years from October, named by the year they begin in; 1988 and 1993 have too few days.
water_year = np.array([d.year - (d.month < 10) for d in dates.astype(object)])
with netCDF4.Dataset(os.path.join(out.name, "annual_maximum_deficit.nc")) as file:
    names = [int(v) for v in file["year"][:]]
print("years of the product", names)
maxima = np.stack([curve[water_year == year].max(axis=0) if 1989 <= year <= 1992 else np.full(share.shape, np.nan)
                   for year in names])
verdict.equal("annual_maximum_deficit, mm", read(os.path.join(out.name, "annual_maximum_deficit.nc")), maxima, 1e-3)
verdict.equal("record_maximum_deficit, mm", read(os.path.join(out.name, "record_maximum_deficit.nc"))[0],
              curve.max(axis=0), 1e-3)

whole = np.sort(maxima[np.isfinite(maxima[:, share > 0]).all(axis=1)], axis=0)
n = len(whole)
l1 = whole.mean(axis=0)
scale = (2 * sum(i * whole[i] for i in range(n)) / ((n - 1) * n) - l1) / np.log(2)
location = l1 - np.euler_gamma * scale
levels = np.stack([np.maximum(0, location - scale * np.log(-np.log(1 - 1 / t))) for t in (2, 5, 10, 20, 40, 80)])
capacity = os.path.join(out.name, "root_zone_storage_capacity.nc")
verdict.equal(f"return levels of {n} years, mm", read(capacity), levels, 2e-3)
with netCDF4.Dataset(capacity) as file:
    flags = file["root_zone_storage_capacity_flags"]
    meanings = flags.flag_meanings.split()
    bit = flags.flag_masks[meanings.index("too_few_years")]
    verdict.true("every level is flagged too_few_years", np.all((flags[:][:, share > 0] & bit) != 0))
verdict.done()
