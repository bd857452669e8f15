#!/usr/bin/python3
"""CF-1.8, the parts our products use: units UDUNITS parses, known standard names, bounds, grid mapping, flags, axes."""
import ctypes
import ctypes.util
import os
import re

from foreign import Claims, netcdfs, product_of, run_folder, skip

try:
    import cftime
    import netCDF4
    import numpy
except ImportError as error:
    skip(f"{error}")

# Of the CF standard name table (79), with the unit that a variable of that name must be convertible to.
STANDARD_NAMES = {"time": None, "projection_x_coordinate": "m", "projection_y_coordinate": "m",
                  "latitude": "degrees_north", "longitude": "degrees_east", "status_flag": None,
                  "volume_fraction_of_condensed_water_in_soil": "1"}
MAPPINGS = {"transverse_mercator": ("latitude_of_projection_origin", "longitude_of_central_meridian",
                                    "scale_factor_at_central_meridian", "false_easting", "false_northing")}
CELL_METHOD = re.compile(r"^(\w+: )+(point|sum|maximum|minimum|mean|median|standard_deviation|variance)( .*)?$")


class Udunits:
    """UDUNITS itself, through ctypes: no Python package of Debian wraps its parser."""

    def __init__(self):
        name = ctypes.util.find_library("udunits2") or "libudunits2.so.0"
        try:
            self.library = ctypes.CDLL(name)
        except OSError as error:
            skip(f"UDUNITS: {error}")
        void = ctypes.c_void_p
        self.library.ut_set_error_message_handler.argtypes = [void]
        self.library.ut_set_error_message_handler(ctypes.cast(self.library.ut_ignore, void))
        for function, result, arguments in (("ut_read_xml", void, [ctypes.c_char_p]),
                                            ("ut_parse", void, [void, ctypes.c_char_p, ctypes.c_int]),
                                            ("ut_are_convertible", ctypes.c_int, [void, void])):
            getattr(self.library, function).restype = result
            getattr(self.library, function).argtypes = arguments
        self.system = self.library.ut_read_xml(None)
        if not self.system:
            skip("UDUNITS has no unit database")

    def parse(self, units):
        return self.library.ut_parse(self.system, units.encode(), 2)  # UT_UTF8

    def convertible(self, units, other):
        a, b = self.parse(units), self.parse(other)
        return bool(a and b and self.library.ut_are_convertible(a, b))


udunits = Udunits()
claims = Claims()
claims.that("UDUNITS refuses nonsense", not udunits.parse("furlongs per fortnite"))


def check_flags(name, variable):
    meanings = variable.flag_meanings.split()
    claims.that(f"{name}: flag meanings are words", all(re.fullmatch(r"[A-Za-z0-9_\-.+@]+", word) for word in meanings))
    for attribute in ("flag_masks", "flag_values"):
        if attribute not in variable.ncattrs():
            continue
        numbers = numpy.atleast_1d(variable.getncattr(attribute))
        claims.that(f"{name}: as many {attribute} as meanings", len(numbers) == len(meanings))
        claims.that(f"{name}: {attribute} of the variable's own type", numbers.dtype == variable.dtype, numbers.dtype)
        if attribute == "flag_masks":
            claims.that(f"{name}: masks are non-zero and differ", len(set(numbers)) == len(numbers) and (numbers != 0).all())
            union = numpy.bitwise_or.reduce(numbers)
            claims.that(f"{name}: no bit without a meaning", not (numpy.ma.filled(variable[:], 0) & ~union).any())
    claims.that(f"{name}: masks or values", {"flag_masks", "flag_values"} & set(variable.ncattrs()))


def check_variable(name, dataset, variable):
    attributes = variable.ncattrs()
    if "units" in attributes and " since " not in variable.units:
        claims.that(f"{name}: units '{variable.units}' parse", udunits.parse(variable.units))
    if "standard_name" in attributes:
        known = variable.standard_name in STANDARD_NAMES
        claims.that(f"{name}: a standard name of the table", known, variable.standard_name)
        canonical = STANDARD_NAMES.get(variable.standard_name)
        if canonical:
            claims.that(f"{name}: units fit the standard name", udunits.convertible(variable.units, canonical), variable.units)
    if "bounds" in attributes:
        bounds = dataset.variables.get(variable.bounds)
        claims.that(f"{name}: bounds exist", bounds is not None, variable.bounds)
        claims.that(f"{name}: bounds are 2 a cell", bounds.dimensions[:-1] == variable.dimensions and bounds.shape[-1] == 2)
        claims.that(f"{name}: bounds hold the coordinate",
                    ((bounds[:, 0] <= variable[:]) & (variable[:] <= bounds[:, 1])).all())
    if "flag_meanings" in attributes:
        check_flags(name, variable)
    for attribute in ("ancillary_variables", "coordinates"):
        for other in variable.getncattr(attribute).split() if attribute in attributes else ():
            claims.that(f"{name}: {attribute} '{other}' exists", other in dataset.variables)
    if "cell_methods" in attributes:
        claims.that(f"{name}: cell methods", CELL_METHOD.match(variable.cell_methods), variable.cell_methods)
    if "_FillValue" in attributes:
        claims.that(f"{name}: fill value of the variable's type", numpy.asarray(variable._FillValue).dtype == variable.dtype)


def check_field(name, dataset, field):
    """A data variable on the grid."""
    mapping = dataset.variables.get(field.grid_mapping)
    if claims.that(f"{name}: grid mapping exists", mapping is not None, field.grid_mapping):
        wanted = MAPPINGS.get(mapping.grid_mapping_name)
        claims.that(f"{name}: grid mapping with its parameters",
                    wanted is not None and set(wanted) <= set(mapping.ncattrs()), mapping.grid_mapping_name)
    claims.that(f"{name}: long name or standard name", {"long_name", "standard_name"} & set(field.ncattrs()))
    for dimension in field.dimensions:
        axis = dataset.variables.get(dimension)
        if not claims.that(f"{name}: coordinate variable {dimension}", axis is not None and axis.dimensions == (dimension,)):
            continue
        steps = numpy.diff(axis[:])
        claims.that(f"{name}: {dimension} is monotonic", (steps > 0).all() or (steps < 0).all())
        claims.that(f"{name}: {dimension} has no missing value", not numpy.ma.is_masked(axis[:]))
    axes = [dataset.variables[dimension].axis for dimension in field.dimensions]
    claims.that(f"{name}: axes in CF's order", axes in (["T", "Y", "X"], ["Z", "Y", "X"]), axes)


folder = run_folder()
for path in netcdfs(folder):
    with netCDF4.Dataset(path) as dataset:
        dataset.set_auto_maskandscale(False)
        relative = os.path.relpath(path, folder)
        claims.that(f"{relative}: says CF-1.8", "CF-1.8" in re.split(r"[ ,]+", dataset.Conventions))
        for attribute in ("title", "source", "summary"):
            claims.that(f"{relative}: global {attribute}", getattr(dataset, attribute, ""))
        for name, variable in dataset.variables.items():
            claims.that(f"{relative}: {name} is a legal name", re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name))
            check_variable(f"{relative}, {name}", dataset, variable)
        product = dataset.variables[product_of(path)]
        claims.that(f"{relative}: the product has units", "units" in product.ncattrs())
        check_field(relative, dataset, product)
        if product_of(path) + "_flags" in dataset.variables:
            check_field(relative + " flags", dataset, dataset.variables[product_of(path) + "_flags"])
        if "time" in dataset.variables:
            time = dataset["time"]
            dates = cftime.num2date(time[:], time.units, time.calendar)
            claims.that(f"{relative}: times decode to days of the run", 2001 <= dates[0].year <= dates[-1].year <= 2020, dates[0])
claims.finish()
