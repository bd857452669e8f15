#!/usr/bin/python3
"""The job of bench/end_to_end.toml as a careful user writes it with xarray, dask and numba.

The cube is opened in chunks along those on disk, the recursion runs in a numba kernel without the interpreter's
lock, and the result is written with deflate 1 + shuffle in chunks of one block. A cube stored map by map is taken
slab by slab of days with the state handed on: rechunking it to whole series would need the cube in memory.
Debian packages: python3-xarray python3-dask python3-numba python3-netcdf4.
"""
import argparse

import dask
import dask.array
import numba
import numpy as np
import xarray as xr

SOIL = ["sw2", "sc1", "a", "b", "porosity_surface", "porosity_root_zone", "field_capacity"]
MAX_GAP, RESPIN = 30.0, 20.0


@numba.njit(nogil=True, parallel=False, cache=True)
def advance(surface, soil, state, out):
    """SMAR, scheme `paper`, gap policy `decay`. surface, out: [day, cell]; state: saturation, age, respin."""
    for i in range(surface.shape[1]):
        sw2, sc1, a, b = float(soil[0, i]), float(soil[1, i]), float(soil[2, i]), float(soil[3, i])
        scale, porosity = 1.0 / float(soil[4, i]), float(soil[5, i])
        decay, gain = np.exp(-a), (1.0 - sw2) * b
        s, age, respin = state[0, i], state[1, i], state[2, i]
        for t in range(surface.shape[0]):
            x = float(surface[t, i]) * scale
            observed = np.isfinite(x)
            if observed and age < 0.0:
                s = min(max(float(soil[6, i]), 0.0), 1.0)
            if not observed and age < 0.0:
                out[t, i] = np.nan
                continue
            s = sw2 + (s - sw2) * decay
            if observed:
                s += gain * max(min(x, 1.0) - sc1, 0.0)
            s = min(max(s, 0.0), 1.0)
            age = 0.0 if observed else age + 1.0
            returning = respin > 0.0
            if age > MAX_GAP:
                respin = RESPIN
            elif observed and returning:
                respin -= 1.0
            shown = age <= MAX_GAP and not returning
            out[t, i] = s * porosity if shown else np.nan
        state[0, i], state[1, i], state[2, i] = s, age, respin


def first_state(cells):
    state = np.zeros((3, cells))
    state[1] = -1.0
    return state


def whole_series(surface, soil):
    """A tile with all days."""
    days, rows, cols = surface.shape
    out = np.empty((days, rows * cols), dtype=np.float32)
    advance(np.ascontiguousarray(surface).reshape(days, -1), np.ascontiguousarray(soil).reshape(7, -1),
            first_state(rows * cols), out)
    return out.reshape(surface.shape)


def slab(surface, soil, state):
    """Some days of the whole map; gives the state after them, too."""
    days, rows, cols = surface.shape
    state = state.copy()
    out = np.empty((days, rows * cols), dtype=np.float32)
    surface = np.ascontiguousarray(surface).reshape(days, -1)
    soil = soil.reshape(7, -1)
    advance(surface, soil, state, out)
    return out.reshape(days, rows, cols), state


def read_soil(path):
    with xr.open_dataset(path) as file:
        soil = np.stack([file[name].values for name in SOIL])
    soil[6] /= soil[5]
    return soil


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("surface")
    parser.add_argument("soil")
    parser.add_argument("out")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--packing", choices=["float32", "int16"], default="float32")
    options = parser.parse_args()
    with xr.open_dataset(options.surface) as probe:
        on_disk = dict(zip(probe["surface_soil_moisture"].dims, probe["surface_soil_moisture"].encoding["chunksizes"]))
        shape = probe["surface_soil_moisture"].shape
    in_tiles = on_disk["time"] >= shape[0]
    # Blocks of some 30 MB, whole chunks of the file.
    chunks = {"time": -1, "y": on_disk["y"], "x": on_disk["x"] * 8} if in_tiles else {"time": 8, "y": -1, "x": -1}
    cube = xr.open_dataset(options.surface, chunks=chunks)
    surface = cube["surface_soil_moisture"]
    soil = read_soil(options.soil)
    if in_tiles:
        parameters = dask.array.from_array(soil, chunks=(7, surface.data.chunks[1], surface.data.chunks[2]))
        result = dask.array.blockwise(whole_series, "tyx", surface.data, "tyx", parameters, "pyx", dtype=np.float32,
                                      concatenate=True)
    else:
        step = dask.delayed(slab, nout=2, pure=False)
        state, slabs, given = first_state(soil[0].size), [], dask.delayed(soil)
        for block in surface.data.to_delayed().reshape(-1):
            values, state = step(block, given, state)
            slabs.append(values)
        result = dask.array.concatenate(
            [dask.array.from_delayed(v, (days,) + shape[1:], np.float32) for v, days in zip(slabs, surface.data.chunks[0])])
    product = xr.DataArray(result, dims=surface.dims, coords={d: surface[d] for d in surface.dims},
                           name="root_zone_soil_moisture", attrs={"units": "m3 m-3", "grid_mapping": "crs"})
    sizes = tuple(c[0] for c in result.chunks)
    sizes = (sizes[0], on_disk["y"], on_disk["x"]) if in_tiles else (1, shape[1], shape[2])
    encoding = {"zlib": True, "complevel": 1, "shuffle": True, "chunksizes": sizes}
    if options.packing == "int16":
        encoding.update(dtype="int16", scale_factor=1e-4, _FillValue=np.int16(-32768))
    with dask.config.set(scheduler="threads", num_workers=options.threads):
        product.to_dataset().to_netcdf(options.out, encoding={product.name: encoding})


if __name__ == "__main__":
    main()
