#!/usr/bin/python3
"""Medians of the times bench/end_to_end.sh wrote, and the ratios they are read by."""
import csv
import statistics
import sys

runs = {}
with open(sys.argv[1], newline="") as file:
    for row in csv.DictReader(file, delimiter="\t"):
        runs.setdefault((row["layout"], row["what"]), []).append(
            (float(row["wall_s"]), float(row["cpu_s"]), float(row["peak_mib"])))
print("| layout | job | wall s (median, all) | CPU s | peak MiB | wall / nccopy | wall / xarray |")
print("|---|---|---|---|---|---|---|")
for (layout, what), found in runs.items():
    wall = statistics.median(run[0] for run in found)
    copy = runs.get((layout, "nccopy"))
    peer = runs.get((layout, what.replace("rootzone", "xarray"))) if what.startswith("rootzone") else None

    def ratio(others):
        if not others or len(others) != len(found):
            return ""
        return f"{statistics.median(run[0] / other[0] for run, other in zip(found, others)):.2f}"

    print(f"| {layout} | {what} | {wall:.1f} ({', '.join(f'{run[0]:.1f}' for run in found)}) | "
          f"{statistics.median(run[1] for run in found):.1f} | {max(run[2] for run in found):.0f} | {ratio(copy)} | {ratio(peer)} |")
