#!/usr/bin/python3
"""Recompute pipelines/po.toml: date labels, van Genuchten, physical SMAR, exponential filter, monthly means."""
import os



from referee import Verdict, netCDF4, days, need, np, program_and_source, read, run

program, source = program_and_source()
data = need(os.path.join(source, "..", "shared", "data", "po"))
out = run(program, os.path.join(source, "pipelines", "po.toml"))
verdict = Verdict()


def soil(name):
    return read(os.path.join(data, "soil", name + ".nc"))


def van_genuchten(residual, saturated, alpha, n_less_1, suction_cm):
    n = n_less_1 + 1
    return residual + (saturated - residual) * (1 + (alpha * suction_cm) ** n) ** (1 / n - 1)


# A state stamped 06:00 at the end of its interval: half a day before, 18:00, lies in the day before the stamp's date.
with netCDF4.Dataset(os.path.join(data, "surface_soil_moisture.nc")) as file:
    raw = np.ma.filled(file["tha"][:], np.nan)
    first = netCDF4.num2date(file["time"][0], file["time"].units, file["time"].calendar)
    assert (first.year, first.month, first.day, first.hour) == (2016, 1, 2, 6), first
    assert np.all(np.diff(file["time"][:]) == 1)
    assert np.all(np.diff(file["y"][:]) < 0) and np.all(np.diff(file["x"][:]) > 0)
    expected_days = np.datetime64("2016-01-01") + np.arange(raw.shape[0])
product = os.path.join(out.name, "root_zone_soil_moisture.nc")
verdict.true("183 days from 2016-01-01", np.array_equal(days(product), expected_days))

forest, other = soil("fracforest"), soil("fracother")
with np.errstate(invalid="ignore", divide="ignore"):
    f = np.where(forest + other > 0, forest / (forest + other), np.nan)
mixed = {}
for layer in (1, 2):
    residual = soil(f"thetar{layer}")
    parts = []
    for cover in ("f", "o"):
        saturated, alpha, l = (soil(f"{v}{layer}_{cover}") for v in ("thetas", "genua", "lambda"))
        parts.append((saturated, van_genuchten(residual, saturated, alpha, l, 330.0),
                      van_genuchten(residual, saturated, alpha, l, 15000.0)))
    for k, name in enumerate(("n", "fc", "wp")):
        mixed[name + str(layer)] = f * parts[0][k] + (1 - f) * parts[1][k]

zr1, zr2, v2 = 5.0, 45.0, 0.5  # cm, cm, cm/d
sw2 = mixed["wp2"] / mixed["n2"]
sc1 = mixed["fc1"] / mixed["n1"]
room = (1 - sw2) * mixed["n2"] * zr2
a, b = v2 / room, mixed["n1"] * zr1 / room
print(f"a {np.nanmin(a):.3f}..{np.nanmax(a):.3f}, b {np.nanmin(b):.3f}..{np.nanmax(b):.3f}, usable {int(np.isfinite(a).sum())}")

s1 = raw / mixed["n1"]
# Field capacity is the state before the first day.
state = np.where(np.isfinite(a + b + sw2 + sc1), mixed["fc2"] / mixed["n2"], np.nan)
started = np.zeros(state.shape, bool)
saturation = np.full(raw.shape, np.nan)
capped = 0
for t in range(raw.shape[0]):
    seen = np.isfinite(s1[t])
    y = np.where(seen, np.maximum(s1[t] - sc1, 0), 0)
    advanced = sw2 + (state - sw2) * np.exp(-a) + (1 - sw2) * b * y
    capped += int((advanced > 1).sum())
    state = np.clip(advanced, 0, 1)
    started |= seen
    saturation[t] = np.where(started, state, np.nan)
print(f"capped {capped} cell days")
half = 0.5e-4 + 5e-7  # half a step of the packing, and the float32 of maps on their way
verdict.equal("root_zone_soil_moisture", read(product), saturation * mixed["n2"], half)
verdict.equal("root_zone_saturation", read(os.path.join(out.name, "root_zone_saturation.nc")), saturation, half)

top = np.zeros(f.shape)
weight = np.zeros(f.shape)
fade = np.exp(-1 / 20)
index = np.full(raw.shape, np.nan)
for t in range(raw.shape[0]):
    seen = np.isfinite(raw[t])
    top, weight = top * fade + np.where(seen, raw[t], 0), weight * fade + seen
    index[t] = np.where(weight > 0, top / np.where(weight > 0, weight, 1), np.nan)
verdict.equal("soil_water_index", read(os.path.join(out.name, "soil_water_index.nc")), index, half)

months = expected_days.astype("datetime64[M]")
means = np.stack([np.mean(saturation[months == m] * mixed["n2"], axis=0) for m in np.unique(months)])
means[-1] = np.nan  # one day of July is no mean of July
verdict.equal("root_zone_soil_moisture_month_mean",
              read(os.path.join(out.name, "root_zone_soil_moisture_month_mean.nc")), means, half)
verdict.done()
