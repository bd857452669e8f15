#!/usr/bin/python3
"""ncdump -h on every NetCDF product: units, time, grid mapping, flags, as text anyone may read."""
import os
import re

from foreign import Claims, call, need_tool, netcdfs, product_of, run_folder

need_tool("ncdump")
claims = Claims()
folder = run_folder()
for path in netcdfs(folder):
    name = os.path.relpath(path, folder)
    variable = product_of(path)
    text = claims.silent(f"{name}: ncdump reads it without a word", call("ncdump", "-h", path))
    attributes = dict(re.findall(r"^\t\t(\w*:\w+) = (.*) ;$", text, re.M))
    claims.that(f"{name}: has units", attributes.get(f"{variable}:units", '""') != '""', attributes.get(f"{variable}:units"))
    claims.that(f"{name}: has a long name", len(attributes.get(f"{variable}:long_name", "")) > 8)
    claims.that(f"{name}: grid_mapping is crs", attributes.get(f"{variable}:grid_mapping") == '"crs"')
    claims.that(f"{name}: crs carries WKT", attributes.get("crs:crs_wkt", "").startswith('"PROJCRS['))
    claims.that(f"{name}: CF-1.8", "CF-1.8" in attributes.get(":Conventions", ""))
    if re.search(r"^\ttime = ", text, re.M):
        claims.that(f"{name}: time counts days", attributes.get("time:units") == '"days since 1970-01-01 00:00:00"')
        claims.that(f"{name}: time has bounds", attributes.get("time:bounds") == '"time_bnds"' and "double time_bnds(time, nv)" in text)
    flags = f"{variable}_flags"
    if f"short {flags}(" in text:
        meanings = attributes.get(f"{flags}:flag_meanings", "").strip('"').split()
        masks = [word for word in attributes.get(f"{flags}:flag_masks", "").split(", ") if word]
        claims.that(f"{name}: a mask for each meaning", len(meanings) == len(masks) > 0, f"{len(meanings)}, {len(masks)}")
        claims.that(f"{name}: input_missing is a meaning", "input_missing" in meanings)
        claims.that(f"{name}: flags are ancillary", attributes.get(f"{variable}:ancillary_variables") == f'"{flags}"')
    claims.that(f"{name}: no wall clock", not re.search(r":(date_created|history|date_modified) = ", text))
claims.finish()
