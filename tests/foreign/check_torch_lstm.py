"""A network of PyTorch, imported from its plain matrices, gives in rootzone what PyTorch computes.

Usage: /usr/bin/python3 check_torch_lstm.py PROGRAM. Skipped (77) without PyTorch.
"""
import datetime
import json
import math
import os
import subprocess
import sys
import tempfile

from foreign import Claims, skip

try:
    import numpy
    import torch
except ImportError as absent:
    skip(f"{absent.name} is not installed")

HIDDEN, DAYS = 24, 200
# Table 1 of Qi et al. 2026 for van Genuchten: the ends at 0 and at 1; logarithmic where marked.
RANGES = [("saturated_water_content", 0.32, 0.41, False), ("van_genuchten_alpha", 0.23, 0.0015, True),
          ("van_genuchten_n", 1.05, 8.0, True), ("saturated_hydraulic_conductivity", 0.3, 8000.0, True),
          ("residual_water_content", 0.0, 0.15, False), ("half_uptake_pressure_head", -50.0, -2000.0, True)]
SOIL = [0.45, 0.35, 0.20, 1.38]


def save_network(folder, lstm, linear):
    def save(name, tensor):
        numpy.savetxt(os.path.join(folder, name + ".csv"), tensor.detach().numpy(), fmt="%.17g", delimiter=",")
    save("input_weights", lstm.weight_ih_l0)
    save("input_bias", lstm.bias_ih_l0)
    save("recurrent_weights", lstm.weight_hh_l0)
    save("recurrent_bias", lstm.bias_hh_l0)
    save("output_weights", linear.weight)
    save("output_bias", linear.bias)


def make_series(folder):
    """Surface moisture, rain, PET, temperature, leaf area; all days observed."""
    random = numpy.random.default_rng(5)
    columns = numpy.column_stack([random.uniform(0.08, 0.36, DAYS), random.exponential(3.0, DAYS),
                                  random.uniform(0.0, 6.0, DAYS), random.uniform(-4.0, 25.0, DAYS),
                                  random.uniform(0.2, 4.0, DAYS)])
    first = datetime.date(2019, 1, 1)
    with open(os.path.join(folder, "site.csv"), "w", encoding="ascii") as file:
        file.write("date,surface_soil_moisture,precipitation_mm,potential_evapotranspiration_mm,"
                   "land_surface_temperature_c,leaf_area_index\n")
        for day, row in enumerate(columns):
            file.write(f"{first + datetime.timedelta(days=day)}," + ",".join(f"{value:.17g}" for value in row) + "\n")
    return columns


def torch_parameters(lstm, linear, columns, aggregation):
    daily = columns.copy()
    daily[:, 3] = columns[:, 3] >= 0.0
    inputs = torch.tensor(numpy.hstack([daily, numpy.tile(SOIL, (DAYS, 1))])).unsqueeze(0)
    with torch.no_grad():
        outputs = torch.sigmoid(linear(lstm(inputs)[0]))[0]
    unit = (outputs.mean(0) if aggregation == "mean" else outputs[-1]).numpy()
    return {name: low * (high / low) ** u if logarithmic else low + u * (high - low)
            for u, (name, low, high, logarithmic) in zip(unit, RANGES)}


def main():
    program = os.path.abspath(sys.argv[1])
    claims = Claims()
    torch.manual_seed(3)
    lstm = torch.nn.LSTM(9, HIDDEN, batch_first=True).double()
    linear = torch.nn.Linear(HIDDEN, 6).double()
    with torch.no_grad():
        linear.weight *= 5.0
    with tempfile.TemporaryDirectory() as folder:
        save_network(folder, lstm, linear)
        columns = make_series(folder)
        for aggregation in ("mean", "last"):
            weights = os.path.join(folder, aggregation + ".nc")
            subprocess.run([program, "sptf", "import", folder, "--out", weights, "--aggregation", aggregation],
                           check=True, stdout=subprocess.DEVNULL)
            result = subprocess.run(
                [program, "sptf", "predict", "--weights", weights, "--series", os.path.join(folder, "site.csv"),
                 "--sand", str(SOIL[0]), "--silt", str(SOIL[1]), "--clay", str(SOIL[2]), "--bulk-density",
                 str(SOIL[3])], check=True, stdout=subprocess.PIPE)
            found = json.loads(result.stdout)["parameters"]
            for name, expected in torch_parameters(lstm, linear, columns, aggregation).items():
                claims.that(f"{aggregation}: {name}", math.isclose(found[name], expected, rel_tol=2e-5),
                            f"{found[name]}, PyTorch {expected}")
    claims.finish()


main()
