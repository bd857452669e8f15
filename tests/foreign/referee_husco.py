#!/usr/bin/python3
"""Recompute pipelines/husco.toml: sensors, soil constants, SMAR, filter, linear maps, baselines, every metric."""
import csv
import os

from referee import Verdict, need, np, program_and_source, read, run

program, source = program_and_source()
data = need(os.path.join(source, "..", "shared", "data", "husco"))
out = run(program, os.path.join(source, "pipelines", "husco.toml"))
verdict = Verdict()

names = ["4", "7", "8", "9", "12"]
dates = np.arange(np.datetime64("2010-01-01"), np.datetime64("2017-01-01"))
sensors = {(s, d): np.full(len(dates), np.nan) for s in names for d in ("5", "10", "40")}
with open(os.path.join(data, "husco_daily.csv")) as file:
    for row in csv.DictReader(file):
        for depth in ("5", "10", "40"):
            if row["station"] in names and row[depth] != "" and row["date"] < "2017":
                sensors[row["station"], depth][(np.datetime64(row["date"]) - dates[0]).astype(int)] = float(row[depth])
surface = np.array([sensors[s, "5"] for s in names])
# Sensors at 10 and 40 cm: the midpoint, 25 cm, halves the zone of 10-40 cm.
# Rounded, so that equal means are equal: ranks know ties.
root = np.round(np.array([0.5 * sensors[s, "10"] + 0.5 * sensors[s, "40"] for s in names]), 7)
observed = np.flatnonzero(np.isfinite(root).any(axis=0))
split = observed[2 * len(observed) // 3]
print(f"calibration until {dates[split - 1]}, {split} days")


def soil(series, pick):
    """A statistic of each station's calibration part."""
    values = [s[:split][np.isfinite(s[:split])] for s in series]
    return np.array([pick(v) if len(v) else np.nan for v in values])


n1, n2 = 1.02 * soil(surface, np.max), 1.02 * soil(root, np.max)
fc1, fc2 = (soil(x, lambda v: np.quantile(v, 0.75)) for x in (surface, root))
wp2 = soil(root, np.min)
sw2, sc1 = wp2 / n2, fc1 / n1
room = (n2 - wp2) * 300.0  # mm
a, b = 5.0 / room, n1 * 50.0 / room
for i, name in enumerate(names):
    print(f"station {name}: n1 {n1[i]:.3f} n2 {n2[i]:.3f} sw2 {sw2[i]:.3f} sc1 {sc1[i]:.3f} a {a[i]:.3f} b {b[i]:.3f}")


def smar(i):
    """θ2 and whether it spins up; NaN before the first observation, past 30 days of gap and 20 observed days after."""
    theta, spinning = np.full(len(dates), np.nan), np.zeros(len(dates), bool)
    if not (np.isfinite(n1[i] * n2[i] * a[i] * b[i]) and b[i] < 1):
        return theta, spinning
    state, first, age, wait = fc2[i] / n2[i], None, 0, 0
    for t, value in enumerate(surface[i]):
        seen = np.isfinite(value)
        if first is None and not seen:
            continue
        first = t if first is None else first
        y = max(min(value / n1[i], 1.0) - sc1[i], 0.0) if seen else 0.0
        state = sw2[i] + (state - sw2[i]) * np.exp(-a[i]) + (1 - sw2[i]) * b[i] * y
        state = min(max(state, 0.0), 1.0)
        age = 0 if seen else age + 1
        wait = 20 if age > 30 else wait
        spinning[t] = wait > 0 or t - first < 4.6 / a[i]
        theta[t] = np.nan if wait > 0 else state * n2[i]
        wait -= wait > 0 and seen  # the output returns when 20 observed days have passed
    return theta, spinning


def index(i):
    """Soil water index, T = 20 d, and whether it spins up (92 days from the first observation)."""
    values, spinning = np.full(len(dates), np.nan), np.zeros(len(dates), bool)
    top = weight = 0.0
    first = None
    for t, value in enumerate(surface[i]):
        seen = np.isfinite(value)
        first = t if first is None and seen else first
        top, weight = top * np.exp(-1 / 20) + (value if seen else 0), weight * np.exp(-1 / 20) + seen
        if first is not None:
            values[t], spinning[t] = top / weight, t - first < 92
    return values, spinning


half = 0.5e-4 + 5e-7
filtered = [(smar(i), index(i)) for i in range(len(names))]
written = read(os.path.join(out.name, "root_zone_soil_moisture.nc"))[:, 0, :].T
verdict.equal("root_zone_soil_moisture", written, np.array([one[0][0] for one in filtered]), half)
written_index = read(os.path.join(out.name, "soil_water_index.nc"))[:, 0, :].T
verdict.equal("soil_water_index", written_index, np.array([one[1][0] for one in filtered]), half)


def metrics(e, o):
    both = np.isfinite(e) & np.isfinite(o)
    e, o = e[both], o[both]
    n, d = len(e), e - o
    if n < 30:
        return {"n": n}
    ss = lambda v: ((v - v.mean()) ** 2).sum()  # noqa: E731
    result = {"n": n, "rmse": np.sqrt((d**2).mean()), "bias": d.mean(), "ubrmse": d.std(),
              "nse": 1 - (d**2).sum() / ss(o)}
    if np.ptp(e) > 0:
        r = np.corrcoef(e, o)[0, 1]

        def ranks(v):
            values, inverse, count = np.unique(v, return_inverse=True, return_counts=True)
            return (np.cumsum(count) - (count - 1) / 2)[inverse]

        alpha, beta = e.std() / o.std(), e.mean() / o.mean()
        slope = r * alpha
        result.update(pearson_r=r, spearman_rho=np.corrcoef(ranks(e), ranks(o))[0, 1], r2=r * r,
                      r2_adjusted=1 - (1 - r * r) * (n - 1) / (n - 2), slope=slope, intercept=e.mean() - slope * o.mean(),
                      kge=1 - np.sqrt((r - 1) ** 2 + (alpha - 1) ** 2 + (beta - 1) ** 2),
                      kge_2012=1 - np.sqrt((r - 1) ** 2 + (alpha / beta - 1) ** 2 + (beta - 1) ** 2))
    return result


periods = {"calibration": slice(0, split), "validation": slice(split, len(dates))}
means = np.array([np.nanmean(r[:split]) if np.isfinite(r[:split]).sum() >= 30 else np.nan for r in root])
table = {}
with open(os.path.join(out.name, "stations", "metrics.csv")) as file:
    for row in csv.DictReader(file):
        table[row["station"], row["product"], row["period"]] = row
columns = ("rmse bias ubrmse pearson_r spearman_rho nse r2 r2_adjusted kge kge_2012 slope intercept").split()
worst, count = 0.0, 0
for i, name in enumerate(names):
    # Scores are of the products as written: packed to 1e-4.
    theta = np.where(filtered[i][0][1], np.nan, written[i])
    swi = np.where(filtered[i][1][1], np.nan, written_index[i])
    cal = periods["calibration"]
    pairs = np.isfinite(swi[cal]) & np.isfinite(root[i][cal])
    if pairs.sum() >= 30:
        line = np.polyfit(swi[cal][pairs], root[i][cal][pairs], 1)
        swi = np.polyval(line, swi)
    else:
        swi = np.full(len(dates), np.nan)
    estimates = {"smar": theta, "exponential_filter": swi,
                 "constant_mean": np.full(len(dates), np.nanmean(np.delete(means, i))),
                 "station_mean": np.full(len(dates), means[i])}
    for period, part in periods.items():
        reference = root[i][part].copy()
        for product in ("smar", "exponential_filter"):
            pairs = np.isfinite(estimates[product][part]) & np.isfinite(root[i][part])
            if pairs.sum() >= 30:  # all products on the same days
                reference[~np.isfinite(estimates[product][part])] = np.nan
        for product, estimate in estimates.items():
            row = table[name, product, period]
            expected = metrics(estimate[part], reference)
            if int(row["n"]) != expected["n"]:
                verdict.say(False, f"{name} {product} {period}: n {row['n']} and {expected['n']}")
                continue
            for column in columns:
                if product in ("constant_mean", "station_mean") and column in ("kge", "kge_2012", "slope", "intercept"):
                    continue
                if (row[column] != "") != (column in expected):
                    verdict.say(False, f"{name} {product} {period} {column}: '{row[column]}' and {expected.get(column)}")
                elif column in expected:
                    count += 1
                    gap = abs(float(row[column]) - expected[column]) / max(1, abs(expected[column]))
                    if column == "spearman_rho":
                        gap /= 50  # single precision breaks some ties of the reference
                    worst = max(worst, gap)
                    if gap > 2e-6:
                        verdict.say(False, f"{name} {product} {period} {column}: {row[column]} and {expected[column]:.9g}")
verdict.true(f"{count} metrics, largest difference {worst:.2g} (allowed 2e-06, relative above 1)", count > 200 and worst <= 2e-6)
verdict.done()
