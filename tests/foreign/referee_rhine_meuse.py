#!/usr/bin/python3
"""Recompute pipelines/rhine-meuse.toml: Oudin PET, degree-day snow, Fu's curve, mass curve, Gumbel by L-moments."""
import os

from referee import Verdict, need, netCDF4, np, program_and_source, read, run

program, source = program_and_source()
data = need(os.path.join(source, "..", "shared", "data", "rhine-meuse"))
pipeline = os.path.join(source, "pipelines", "rhine-meuse.toml")
out = run(program, pipeline)
verdict = Verdict()

with netCDF4.Dataset(os.path.join(data, "precipitation_2001to2010.nc")) as file:
    precipitation = np.ma.filled(np.ma.asarray(file["precipitation"][:], "f8"), np.nan) * 1000  # m/d to mm/d
    time = file["time"][:]
    latitude = np.asarray(file["lat"][:], "f8")
    longitude = np.asarray(file["lon"][:], "f8")
with netCDF4.Dataset(os.path.join(data, "temperature_2001to2010.nc")) as file:
    temperature = np.ma.filled(np.ma.asarray(file["temperature"][:], "f8"), np.nan)
    assert np.array_equal(file["time"][:], time)
stamps = np.datetime64("1901-01-01") + np.floor(time.astype("f8")).astype("i8")
dates = np.arange(np.datetime64("2001-01-01"), np.datetime64("2011-01-01"))
assert np.array_equal(stamps, dates), (stamps[0], stamps[-1], len(stamps))
with netCDF4.Dataset(os.path.join(out.name, "record_maximum_deficit.nc")) as file:
    verdict.true("cell centres are the file's", np.allclose(file["y"][:], latitude) and np.allclose(file["x"][:], longitude))

# Extraterrestrial radiation, FAO-56 Eqs. 21-25, MJ m-2 d-1; PET, Oudin et al. (2005) with λ = 2.45 MJ/kg.
day_of_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1.0
phi = np.radians(latitude)[None, :]
distance = (1 + 0.033 * np.cos(2 * np.pi / 365 * day_of_year))[:, None]
declination = (0.409 * np.sin(2 * np.pi / 365 * day_of_year - 1.39))[:, None]
sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1, 1))
ra = 24 * 60 / np.pi * 0.0820 * distance * (
    sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset))
pet = np.where(np.isnan(temperature), np.nan, ra[:, :, None] / 2.45 * np.maximum(temperature + 5, 0) / 100)

# Degree-day snow (Orth 2013: 1 mm/K/d above 1 °C); the first year is run once for its end's store.
def snow(first, last, store):
    inflow = np.empty((last - first,) + store.shape)
    for t in range(first, last):
        frozen = temperature[t] < 1.0
        store = store + np.where(frozen, precipitation[t], 0)
        melt = np.minimum(store, np.maximum(temperature[t] - 1.0, 0) * 1.0)
        store = store - melt
        inflow[t - first] = np.where(frozen, 0, precipitation[t]) + melt
    return inflow, store


_, store = snow(0, 365, np.zeros(precipitation.shape[1:]))
liquid, _ = snow(0, len(dates), store)
mean_p, mean_pet = precipitation.mean(axis=0), pet.mean(axis=0)
years = dates.astype("datetime64[Y]").astype(int) + 1970


def canopy(capacity):
    """What passes the one-bucket canopy, and what evaporates from it."""
    through, evaporated, held = np.empty_like(liquid), np.empty_like(liquid), np.zeros(mean_p.shape)
    for t in range(len(dates)):
        wet = held + liquid[t]
        through[t] = np.maximum(0, wet - capacity)
        evaporated[t] = np.minimum(wet - through[t], pet[t])
        held = wet - through[t] - evaporated[t]
    return through, evaporated


def judge(folder, capacity):
    inflow, intercepted = canopy(capacity) if capacity else (liquid, np.zeros_like(liquid))
    # Fu (1981), ω = 2.6: mean evaporation from mean precipitation and mean PET; what the canopy does not evaporate is
    # spread over days as PET is. Snow left at the end of the record is not evaporation: the Alpine cell (12, 14), which
    # gains 266 mm of snow, has a closure ratio of 0.362 (0.339 when that snow was taken for canopy evaporation).
    dryness = mean_pet / mean_p
    total = (1 + dryness - (1 + dryness**2.6) ** (1 / 2.6)) * mean_p
    evaporation = pet * np.maximum(0, total - intercepted.mean(axis=0)) / mean_pet
    deficit = np.zeros(mean_p.shape)
    maxima = np.full((10,) + mean_p.shape, -np.inf)
    for t in range(len(dates)):
        deficit = np.maximum(0, deficit + evaporation[t] - inflow[t])
        maxima[years[t] - 2001] = np.maximum(maxima[years[t] - 2001], deficit)
    product = lambda name: read(os.path.join(folder, name + ".nc"))  # noqa: E731
    title = f"canopy of {capacity} mm, "
    verdict.equal(title + "annual maxima, mm", product("annual_maximum_deficit"), maxima, 1e-3)
    verdict.equal(title + "record maximum, mm", product("record_maximum_deficit")[0], maxima.max(axis=0), 1e-3)
    verdict.equal(title + "closure ratio", product("closure_ratio")[0], evaporation.sum(axis=0) / inflow.sum(axis=0), 1e-5)
    ordered = np.sort(maxima, axis=0)
    l1 = ordered.mean(axis=0)
    scale = (2 * sum(i * ordered[i] for i in range(10)) / (9 * 10) - l1) / np.log(2)
    location = l1 - np.euler_gamma * scale
    levels = np.stack([np.maximum(0, location - scale * np.log(-np.log(1 - 1 / t))) for t in (2, 5, 10, 20, 40, 80)])
    verdict.equal(title + "return levels, mm", product("root_zone_storage_capacity"), levels, 2e-3)


judge(out.name, 0)
with run(program, pipeline, "stage.0.interception_capacity=2.0") as folder:
    judge(folder, 2.0)
verdict.done()
