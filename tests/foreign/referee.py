"""What the referees share: run the program, read its products, compare, and say how it went.

A referee recomputes a pipeline from its raw files in plain NumPy and compares every value with what the program wrote.
It takes nothing from the program's code: formulas come from the papers that docs/ names.

    /usr/bin/python3 referee_NAME.py PROGRAM SOURCE_DIR

Exit codes: 0 equal, 1 not (named on standard error), 77 NumPy, netCDF4 or the data are not there (a skip for ctest).
"""
import os
import subprocess
import sys
import tempfile

try:
    import netCDF4
    import numpy as np
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


def program_and_source():
    """The two arguments: the program's path and the source folder."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    return os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])


def need(folder):
    """Skip where the data are absent."""
    if not os.path.isdir(folder):
        print(f"skipped: no data in {folder}")
        sys.exit(77)
    return folder


def run(program, pipeline, *settings):
    """Run a pipeline into a new folder and return it; the folder lives as long as the object."""
    folder = tempfile.TemporaryDirectory(prefix="rootzone_referee_")
    command = [program, "--quiet", "run", pipeline, "--out", folder.name]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}\n{done.stderr}")
    return folder


def read(path, name=None):
    """A variable of a NetCDF file as doubles, NaN where missing; by default the one the file is named after."""
    name = name or os.path.splitext(os.path.basename(path))[0]
    with netCDF4.Dataset(path) as file:
        return np.ma.filled(np.ma.asarray(file[name][...], dtype="f8"), np.nan)


def days(path):
    """The dates of a product, as datetime64 days."""
    with netCDF4.Dataset(path) as file:
        time = file["time"]
        dates = netCDF4.num2date(time[:], time.units, time.calendar)
    return np.array([np.datetime64(f"{d.year:04d}-{d.month:02d}-{d.day:02d}") for d in dates])


class Verdict:
    """Collects comparisons; `done()` prints them and exits."""

    def __init__(self):
        self.failures = 0

    def equal(self, what, ours, theirs, tolerance):
        """Compare the program's values with the referee's: same holes, differences within tolerance."""
        ours, theirs = np.broadcast_arrays(np.asarray(ours, "f8"), np.asarray(theirs, "f8"))
        holes = np.isnan(ours) != np.isnan(theirs)
        difference = np.abs(ours - theirs)
        largest = np.nanmax(difference) if np.isfinite(difference).any() else np.nan
        valid = int(np.isfinite(difference).sum())
        good = not holes.any() and valid > 0 and largest <= tolerance
        text = f"{what}: {valid} values, largest difference {largest:.3g} (allowed {tolerance:.3g})"
        if holes.any():
            text += f", {int(holes.sum())} missing in one of the two only, first at {tuple(int(i) for i in np.argwhere(holes)[0])}"
        if valid and not largest <= tolerance:
            at = np.unravel_index(np.nanargmax(difference), difference.shape)
            text += f", program {ours[at]:.8g}, referee {theirs[at]:.8g} at {tuple(int(i) for i in at)}"
        self.say(good, text)

    def true(self, what, condition):
        """Record a claim."""
        self.say(bool(condition), what)

    def say(self, good, text):
        self.failures += not good
        print(("ok   " if good else "FAIL ") + text, file=sys.stdout if good else sys.stderr, flush=True)

    def done(self):
        sys.exit(1 if self.failures else 0)
