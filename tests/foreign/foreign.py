"""What the foreign-reader tests share: tools or a skip, the run's products, and claims that are counted.

Usage of every check: /usr/bin/python3 check_X.py RUN_FOLDER, where RUN_FOLDER is what make_run.py left.
Exit codes: 0 every claim holds, 1 one does not (named on standard error), 77 a tool is absent (a skip for ctest).
"""
import glob
import os
import shutil
import subprocess
import sys

SKIP = 77
EPSG = 32632  # of the demo basin


def skip(why):
    print(f"skipped: {why}", file=sys.stderr)
    sys.exit(SKIP)


def need_tool(name):
    if shutil.which(name) is None:
        skip(f"{name} is not installed")
    return name


def run_folder():
    if len(sys.argv) < 2 or not os.path.isdir(sys.argv[1]):
        sys.exit(f"usage: {sys.argv[0]} RUN_FOLDER (an existing folder)")
    return os.path.abspath(sys.argv[1])


def netcdfs(folder):
    files = sorted(glob.glob(os.path.join(folder, "*.nc")) + glob.glob(os.path.join(folder, "*", "*.nc")))
    assert files, f"{folder}: no NetCDF product"
    return files


def cogs(folder):
    files = sorted(glob.glob(os.path.join(folder, "*", "*.tif")))
    assert files, f"{folder}: no COG"
    return files


def product_of(path):
    """The variable a product's file holds: its own name, or that of the folder of a split product or a map."""
    name = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.basename(os.path.dirname(path))
    return folder if name.startswith(folder + "_") else name


def call(*command):
    """Exit status, standard output, standard error."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


class Claims:
    """Counts what held, names what did not."""

    def __init__(self):
        self.held = 0
        self.failed = []

    def that(self, claim, truth, found=""):
        if truth:
            self.held += 1
        else:
            self.failed.append(f"{claim}" + (f"; found {found}" if found != "" else ""))
        return bool(truth)

    def silent(self, claim, result):
        """A tool ran, and had nothing to say on standard error."""
        status, output, errors = result
        self.that(claim, status == 0 and not errors.strip(), f"status {status}: {errors.strip()[:400]}")
        return output

    def close(self, claim, value, expected, tolerance):
        self.that(claim, abs(value - expected) <= tolerance, f"{value}, expected {expected} ± {tolerance}")

    def finish(self):
        for claim in self.failed:
            print(f"FAILED: {claim}", file=sys.stderr)
        print(f"{self.held} claims hold, {len(self.failed)} do not")
        assert self.held + len(self.failed) > 0, "nothing was checked"
        sys.exit(1 if self.failed else 0)
