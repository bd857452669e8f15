#!/usr/bin/python3
"""R's lm recomputes every equation that `rootzone regionalise` writes: coefficients with their tests, R², F, the
leave-one-out error by hat values and the standard error of a prediction.

Usage: check_regression.py ROOTZONE. Exit codes as in foreign.py.
"""
import glob
import math
import os
import subprocess
import sys
import tempfile

from foreign import Claims, need_tool, skip

need_tool("Rscript")
try:
    import tomllib
except ImportError as error:
    skip(f"{error}")

PIPELINE = """
[pipeline]
name = "lm"
[grid]
like = "demo/land_cover.tif"
[time]
start = 2020-12-01
end = 2020-12-31
[inputs.sand]
path = "demo/soil/sand_5-15cm.tif"
units = "%"
[inputs.clay]
path = "demo/soil/clay_5-15cm.tif"
units = "%"
[inputs.density]
path = "demo/soil/bulk_density_5-15cm.tif"
units = "g cm-3"
[inputs.elevation]
path = "demo/elevation.tif"
units = "m"
[regionalisation]
predictors = ["sand", "clay", "density", "elevation"]
significance = 0.9999
most_variance_inflation = 1e6
"""

R_SCRIPT = """
arguments <- commandArgs(trailingOnly = TRUE)
data <- read.csv(arguments[1])
data$sc1_minus_sw2 <- data$sc1 - data$sw2
data$ln_a <- log(data$a)
data$ln_b_over_a <- log(data$b / data$a)
model <- lm(as.formula(arguments[2]), data)
s <- summary(model)
print_all <- function(...) cat(sprintf("%.15e", c(...)), "\\n")
print_all(t(s$coefficients))
f <- s$fstatistic
print_all(s$r.squared, s$adj.r.squared, f[1], pf(f[1], f[2], f[3], lower.tail = FALSE), s$sigma)
print_all(sqrt(mean((residuals(model) / (1 - hatvalues(model)))^2)))
at <- data[1, ]
p <- predict(model, at, se.fit = TRUE)
print_all(sqrt(p$se.fit^2 + p$residual.scale^2))
"""


def first_place(folder):
    """Latitude and longitude of a demo station: the first two decimals above 1 in its file."""
    for path in sorted(glob.glob(os.path.join(folder, "demo", "stations", "*", "*", "*.stm"))):
        found = []
        with open(path) as file:
            for word in file.readline().split():
                try:
                    if "." in word and float(word) > 1.0:
                        found.append(float(word))
                except ValueError:
                    pass
        if len(found) >= 2:
            return found[:2]
    sys.exit("no station file of the demo names its place")


def write_calibration(folder):
    latitude, longitude = first_place(folder)
    calibration = os.path.join(folder, "calibration")
    os.mkdir(calibration)
    with open(os.path.join(calibration, "calibration.csv"), "w") as csv, \
            open(os.path.join(calibration, "parameters.toml"), "w") as toml:
        csv.write("station,root_zone,covariates,scheme,repetition,seed,sw2,sc1,a,b,v2_cm_per_day,rmse_calibration,"
                  "rmse_validation,pearson_r_validation,nse_validation,at_bound\n")
        for i in range(20):
            wave = [math.sin(k * (i + 1)) for k in (1.3, 2.9, 4.7, 7.1)]
            p = [0.3 + 0.1 * wave[0], 0.5 + 0.15 * wave[1], 0.1 + 0.05 * wave[2], 0.4 + 0.2 * wave[3]]
            csv.write(f"P{i},10-50,P1,paper,1,1,{p[0]},{p[1]},{p[2]},{p[3]},0.5,0.02,0.03,0.9,0.8,\n")
            toml.write(f'[[station]]\nstation = "P{i}"\nlatitude = {latitude + 0.008 * (i % 5 - 2)}\n'
                       f"longitude = {longitude + 0.011 * (i // 5 - 2)}\n"
                       'root_zone = "10-50"\ncovariates = "P1"\nscheme = "paper"\napplicable = true\n'
                       f"[station.parameters]\nsw2 = {p[0]}\nsc1 = {p[1]}\na = {p[2]}\nb = {p[3]}\n\n")
    return calibration


def numbers(line):
    return [float(word) for word in line.split()]


def close(a, b):
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b)) or abs(a - b) < 1e-15


def check(claims, equation, name, folder, script):
    terms = [term for term in equation["terms"] if term["name"] != "intercept"]
    formula = f"{name} ~ " + " + ".join(term["name"] for term in terms)
    made = subprocess.run(["Rscript", "--vanilla", script, os.path.join(folder, "out", "stations.csv"), formula],
                          capture_output=True, text=True, check=True).stdout.splitlines()
    ours = [term[key] for term in equation["terms"] for key in ("coefficient", "standard_error", "t", "p")]
    pairs = list(zip(ours, numbers(made[0]), strict=True))
    pairs += zip([equation[key] for key in ("r2", "r2_adjusted", "f", "p", "residual_standard_deviation")],
                 numbers(made[1]), strict=True)
    pairs.append((equation["leave_one_out_rmse"], numbers(made[2])[0]))
    for mine, theirs in pairs:
        claims.that(f"{formula}: {theirs}", close(mine, theirs), f"found {mine}")
    return numbers(made[3])[0]


def prediction_error(equation, station, predictors):
    x = [station["predictors"][predictors.index(name)] - centre
         for name, centre in zip(equation["order"], equation["centre"], strict=True)]
    n = len(x)
    distance = sum(x[i] * equation["unscaled_covariance"][i * n + j] * x[j] for i in range(n) for j in range(n))
    return equation["residual_standard_deviation"] * math.sqrt(1.0 + 1.0 / equation["observations"] + distance)


claims = Claims()
with tempfile.TemporaryDirectory(prefix="rootzone_lm_") as folder:
    program = sys.argv[1]
    subprocess.run([program, "-q", "demo", os.path.join(folder, "demo"), "--rows", "16", "--cols", "20", "--days", "31",
                    "--storage-years", "1", "--stations", "3"], check=True, stdout=subprocess.DEVNULL)
    pipeline = os.path.join(folder, "lm.toml")
    script = os.path.join(folder, "lm.R")
    with open(pipeline, "w") as file:
        file.write(PIPELINE)
    with open(script, "w") as file:
        file.write(R_SCRIPT)
    for form in ("parameters", "balanced"):
        subprocess.run([program, "-q", "regionalise", pipeline, "--calibration",
                        write_calibration(folder) if form == "parameters" else os.path.join(folder, "calibration"),
                        "--out", os.path.join(folder, "out"), "--set", f"regionalisation.form={form}"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(os.path.join(folder, "out", "regression.toml"), "rb") as file:
            regression = tomllib.load(file)
        predictors = ["sand", "clay", "density", "elevation"]
        for name, equation in regression["parameters"].items():
            if "terms" not in equation:
                claims.that(f"{form}: an equation for {name}", False, str(equation))
                continue
            theirs = check(claims, equation, name, folder, script)
            mine = prediction_error(equation, regression["stations"][0], predictors)
            claims.that(f"{name}: standard error of a prediction {theirs}", close(mine, theirs), f"found {mine}")
claims.finish()
