#include "soil/test_soils.hpp"

#include <algorithm>
#include <cmath>

#include "column_kernel_body.hpp"

namespace rootzone::soil {
namespace {

/// A material writes the coefficients of van Genuchten's model; these formulas leave them alone.
struct ForeignFormulas {
  static constexpr int value_count = VanGenuchtenFormulas::value_count;
  static constexpr int count = VanGenuchtenFormulas::count;
  static constexpr int parameters = VanGenuchtenFormulas::parameters;
  static constexpr int floor_parameter = -1;
  template <class R>
  static FormulaDerivatives<R, parameters> derivatives(const R*, R) {
    return {};
  }
};

/// r/(1 + |h|^p/a) and its derivative by h.
struct Hump {
  Lanes value, slope;
};
Hump hump(Lanes head, double top, double a, double p) {
  const Lanes suction = larger(-head, all(1e-9));
  const Lanes power = real::exponential(p * real::logarithm(suction));
  const Lanes value = top * a / (a + power);
  return {value, value * p * power / (suction * (a + power))};
}

struct HaverkampFormulas : ForeignFormulas {
  static FormulaPoint<Lanes> point(const Lanes*, Lanes head) {
    const Hump theta = hump(head, 0.212, 1.611e6, 3.96), k = hump(head, 0.00944, 1.175e6, 4.74);
    return {0.075 + theta.value, theta.slope, k.value, k.slope};
  }
};

struct GardnerFormulas : ForeignFormulas {
  static FormulaPoint<Lanes> point(const Lanes*, Lanes head) {
    const auto full = head >= 0.0;
    const Lanes k = real::exponential(test::gardner_alpha * smaller(head, Lanes{}));
    const Lanes slope = select(full, Lanes{}, test::gardner_alpha * k);
    return {0.06 + 0.34 * k, 0.34 * slope, k, slope};
  }
};

}  // namespace

namespace test {

ColumnKernel haverkamp_kernel(ModelKind) {
  ColumnKernel kernel = kernel_of<HaverkampFormulas>();
  kernel.face_conductivity = [](double head) {
    return 0.00944 * 1.175e6 / (1.175e6 + std::pow(std::max(-head, 0.0), 4.74));
  };
  return kernel;
}

ColumnKernel gardner_kernel(ModelKind) {
  ColumnKernel kernel = kernel_of<GardnerFormulas>();
  kernel.face_conductivity = [](double head) { return std::exp(gardner_alpha * std::min(head, 0.0)); };
  return kernel;
}

double gardner_head(double relative_conductivity) {
  return std::log(relative_conductivity) / gardner_alpha;
}

}  // namespace test
}  // namespace rootzone::soil
