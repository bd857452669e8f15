#!/usr/bin/python3
"""A small demo run with a product of every form, for the readers: make_run.py PROGRAM FOLDER.

FOLDER/demo holds the inputs, FOLDER/run the products: daily and packed, split by month, periods, return periods,
years, labels, float32 maps, COGs of days, months and layers, stations, series, report, catalogue.
"""
import os
import shutil
import subprocess
import sys

EXTRA = """
[[stage]]
kind = "statistics"
variable = "root_zone_soil_moisture"
period = "month"
statistics = ["mean", "q90"]

[[output]]
variable = "root_zone_soil_moisture_month_mean"
formats = ["netcdf", "cog"]

[[output]]
variable = "root_zone_soil_moisture_month_q90"

[[output]]
variable = "root_zone_saturation"
split = "month"

[[output]]
variable = "water_deficit"

[[output]]
variable = "deficit_distribution"
"""


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    demo = os.path.join(folder, "demo")
    size = ["--rows", "40", "--cols", "52", "--days", "150", "--storage-years", "3", "--stations", "3"]
    subprocess.run([program, "demo", demo, *size], check=True)
    with open(os.path.join(demo, "demo.toml"), encoding="utf-8") as file:
        pipeline = file.read()
    start = 'year_start = "wettest"\n'
    assert pipeline.count(start) == 1, "demo.toml has another mass-curve stage than this test knows"
    # Three years are enough here: the levels' forms are tested, not their worth.
    pipeline = pipeline.replace(start, start + "minimum_years = 2\n") + EXTRA
    path = os.path.join(demo, "foreign.toml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(pipeline)
    subprocess.run([program, "run", path, "--out", os.path.join(folder, "run")], check=True)


if __name__ == "__main__":
    main()
