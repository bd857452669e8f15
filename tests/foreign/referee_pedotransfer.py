#!/usr/bin/python3
"""Recompute the pedotransfer stage in NumPy: seven functions on random soils, dropped results, median and spread."""
import os
import tempfile
import warnings

from referee import Verdict, netCDF4, np, program_and_source, read, run

program, source = program_and_source()
verdict = Verdict()
rows, cols = 40, 50
random = np.random.default_rng(7)
u = np.sort(random.random((2, rows, cols)), axis=0)
soils = {"sand": 100 * u[0], "silt": 100 * (u[1] - u[0]), "clay": 100 * (1 - u[1]),
         "density": 0.9 + 0.9 * random.random((rows, cols)), "carbon": 6 * random.random((rows, cols)) ** 2}
soils["sand"][3, 4] = np.nan
soils["density"][5, 6] = np.nan
soils = {name: values.astype("f4").astype("f8") for name, values in soils.items()}

work = tempfile.TemporaryDirectory(prefix="rootzone_referee_soils_")
with netCDF4.Dataset(os.path.join(work.name, "soils.nc"), "w") as file:
    file.createDimension("lat", rows)
    file.createDimension("lon", cols)
    for name, units, values in (("lat", "degrees_north", 50 - 0.1 * np.arange(rows)),
                                ("lon", "degrees_east", 5 + 0.1 * np.arange(cols))):
        axis = file.createVariable(name, "f8", (name,))
        axis.units, axis.standard_name = units, "latitude" if name == "lat" else "longitude"
        axis[:] = values
    for name, values in soils.items():
        layer = file.createVariable(name, "f4", ("lat", "lon"), fill_value=-9999)
        layer.units = "g cm-3" if name == "density" else "percent"
        layer[:] = np.ma.masked_invalid(values)

functions = ["cosby", "rawls_brakensiek", "vereecken", "wosten", "saxton_rawls", "weynants", "toth"]
names = ["saturated_water_content", "residual_water_content", "van_genuchten_alpha", "van_genuchten_n",
         "saturated_hydraulic_conductivity", "water_content_33kpa", "water_content_1500kpa"]
pipeline = os.path.join(work.name, "soils.toml")
with open(pipeline, "w") as file:
    file.write('[pipeline]\nname = "soils"\n[grid]\ncrs = "EPSG:4326"\nextent = [4.95, 46.05, 9.95, 50.05]\n'
               'resolution = [0.1, 0.1]\n[time]\nstart = 2020-01-01\nend = 2020-01-01\n')
    for name in soils:
        file.write(f'[inputs.{name}]\npath = "soils.nc"\nvariable = "{name}"\n')
    file.write('[[stage]]\nkind = "pedotransfer"\nsand = "sand"\nsilt = "silt"\nclay = "clay"\nbulk_density = "density"\n'
               'organic_carbon = "carbon"\ntopsoil = false\n')
    for name in names:
        for ending in ("", "_standard_deviation", "_by_function"):
            file.write(f'[[output]]\nvariable = "{name}{ending}"\n')
out = run(program, pipeline)

S, Si, C, BD, OC = (soils[name] for name in ("sand", "silt", "clay", "density", "carbon"))
OM, T = 1.724 * OC, 0.0
FC, WP = 33 * 10.197, 1500 * 10.197  # cm


def power_law(residual, saturated, entry, exponent, head):
    return np.where(head <= entry, saturated, residual + (saturated - residual) * (entry / head) ** exponent)


def van_genuchten(residual, saturated, alpha, n, m, head):
    return residual + (saturated - residual) * (1 + (alpha * head) ** n) ** -m


def cosby():
    b, entry, s = 2.91 + .159 * C, 10 ** (1.88 - .0131 * S), .489 - .00126 * S
    return {"ts": s, "ks": 60.96 * 10 ** (-.884 + .0153 * S), "fc": power_law(0, s, entry, 1 / b, FC),
            "wp": power_law(0, s, entry, 1 / b, WP)}


def rawls_brakensiek():
    p = 1 - BD / 2.65
    hb = np.exp(5.3396738 + .1845038*C - 2.48394546*p - .00213853*C**2 - .04356349*S*p - .61745089*C*p
                + .00143598*S**2*p**2 - .00855375*C**2*p**2 - .00001282*S**2*C + .00895359*C**2*p
                - .00072472*S**2*p + .0000054*C**2*S + .5002806*C*p**2)
    lam = np.exp(-.7842831 + .0177544*S - 1.062498*p - .00005304*S**2 - .00273493*C**2 + 1.11134946*p**2
                 - .03088295*S*p + .00026587*S**2*p**2 - .00610522*C**2*p**2 - .00000235*S**2*C
                 + .00798746*C**2*p - .00674491*C*p**2)
    r = (-.0182482 + .00087269*S + .00513488*C + .02939286*p - .00015395*C**2 - .0010827*S*p
         - .00018233*C**2*p**2 + .00030703*C**2*p - .0023584*C*p**2)
    k = 24 * np.exp(19.52348*p - 8.96847 - .028212*C + .00018107*S**2 - .0094125*C**2 - 8.395215*p**2
                    + .077718*S*p - .00298*S**2*p**2 - .019492*C**2*p**2 + .0000173*S**2*C + .02733*C**2*p
                    + .001434*S**2*p - .0000035*C**2*S)
    return {"ts": p, "tr": r, "alpha": 1 / hb, "n": 1 + lam, "ks": k, "fc": power_law(r, p, hb, lam, FC),
            "wp": power_law(r, p, hb, lam, WP)}


def vereecken():
    r, s = .015 + .005*C + .014*OC, .81 - .283*BD + .001*C
    alpha = np.exp(-2.486 + .025*S - .351*OC - 2.617*BD - .023*C)
    n = np.exp(.053 - .009*S - .013*C + .00015*S**2)
    return {"ts": s, "tr": r, "fc": van_genuchten(r, s, alpha, n, 1, FC), "wp": van_genuchten(r, s, alpha, n, 1, WP),
            "also": (n >= .1) & (alpha >= 1e-5) & (alpha <= 1)}


def mualem(r, s, alpha, n, k):
    return {"ts": s, "tr": r + 0 * s, "alpha": alpha, "n": n, "ks": k, "fc": van_genuchten(r, s, alpha, n, 1 - 1/n, FC),
            "wp": van_genuchten(r, s, alpha, n, 1 - 1/n, WP)}


def wosten():
    s = (.7919 + .001691*C - .29619*BD - 1.491e-6*Si**2 + 8.21e-5*OM**2 + .02427/C + .01113/Si + .01472*np.log(Si)
         - 7.33e-5*OM*C - .000619*BD*C - .001183*BD*OM - .0001664*T*Si)
    alpha = np.exp(-14.96 + .03135*C + .0351*Si + .646*OM + 15.29*BD - .192*T - 4.671*BD**2 - .000781*C**2
                   - .00687*OM**2 + .0449/OM + .0663*np.log(Si) + .1482*np.log(OM) - .04546*BD*Si - .4852*BD*OM
                   + .00673*T*C)
    n = 1 + np.exp(-25.23 - .02195*C + .0074*Si - .194*OM + 45.5*BD - 7.24*BD**2 + .0003658*C**2 + .002885*OM**2
                   - 12.81/BD - .1524/Si - .01958/OM - .2876*np.log(Si) - .0709*np.log(OM) - 44.6*np.log(BD)
                   - .02264*BD*C + .0896*BD*OM + .00718*T*C)
    k = np.exp(7.755 + .0352*Si + .93*T - .967*BD**2 - .000484*C**2 - .000322*Si**2 + .001/Si - .0748/OM
               - .643*np.log(Si) - .01398*BD*C - .1673*BD*OM + .02986*T*C - .03305*T*Si)
    return mualem(.01, s, alpha, n, k)


def saxton_rawls():
    s, c = S / 100, C / 100
    w = -.024*s + .487*c + .006*OM + .005*s*OM - .013*c*OM + .068*s*c + .031
    f = -.251*s + .195*c + .011*OM + .006*s*OM - .027*c*OM + .452*s*c + .299
    g = .278*s + .034*c + .022*OM - .018*s*OM - .027*c*OM - .584*s*c + .078
    wp, fc = 1.14*w - .02, f + 1.283*f**2 - .374*f - .015
    ts = fc + 1.636*g - .107 - .097*s + .043
    b = np.log(1500 / 33) / np.log(fc / wp)
    return {"ts": ts, "ks": 1930 * 24 / 10 * (ts - fc) ** (3 - 1/b), "fc": fc, "wp": wp}  # mm/h to cm/d


def weynants():
    return mualem(0.0, .6355365504 + .0012807613*C - .1630910071*BD,
                  np.exp(-4.3003420026 - .009685121*C + .0137763939*S - .0992391618*OC),
                  1 + np.exp(-1.084606919 - .0235654376*C - .0085043044*S + .0001369944*S**2),
                  np.exp(1.9581584626 + .0308449531*S - .614161013*BD - .15655571*OC))


def toth():
    i = 1 / (OC + 1)
    return {"fc": .24492111 - .18865123*i + .00452692*C + .00153539*Si + .00144247*Si*i - 5.1105632e-5*Si*C
                  + .00086762*C*i,
            "wp": .09877635 + .00212708*C - .00083658*Si - .07669914*i + 3.8528396e-5*Si*C + .00232952*C*i
                  + .00094979*Si*i}


def kept(result):
    """What a soil can have; elsewhere nothing of the result counts."""
    get = lambda key, otherwise: result.get(key, np.full(S.shape, otherwise))
    ts, tr, fc, wp = get("ts", 1.0), get("tr", 0.0), result["fc"], result["wp"]
    good = np.isfinite(sum(value for key, value in result.items() if key != "also"))
    good &= np.isfinite(S + Si + C)  # a texture counts whole or not at all
    good &= (get("n", 2.0) >= 1.1) & (get("alpha", .1) >= 1e-5) & (get("alpha", .1) <= 1) & (tr >= 0) & (tr <= ts)
    good &= (wp >= 0) & (fc >= wp) & (ts >= fc) & (ts <= 1) & (get("ks", 1.0) > 0) & get("also", True).astype(bool)
    return good


keys = ["ts", "tr", "alpha", "n", "ks", "fc", "wp"]
with np.errstate(all="ignore"):
    results = {name: globals()[name]() for name in functions}
    good = {name: kept(results[name]) for name in functions}
print("kept: " + ", ".join(f"{name} {int(good[name].sum())}" for name in functions))
for key, name in zip(keys, names):
    members = np.stack([np.where(good[f], results[f][key], np.nan) for f in functions if key in results[f]])
    scale = np.nanmax(np.abs(members))
    here = lambda ending: read(os.path.join(out.name, name + ending + ".nc"))
    verdict.equal(name + "_by_function", here("_by_function") / scale, members / scale, 1e-6)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # cells without any function
        count = np.isfinite(members).sum(axis=0)
        median = np.nanmedian(members, axis=0)
        spread = np.where(count > 1, np.nanstd(members, axis=0, ddof=1), np.nan)
    verdict.equal(name, here("")[0] / scale, median / scale, 1e-6)
    verdict.equal(name + "_standard_deviation", here("_standard_deviation")[0] / scale, spread / scale, 1e-6)
verdict.done()
