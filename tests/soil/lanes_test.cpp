#include "lanes.hpp"

#include "real.hpp"
#include "soil/hydraulic_checks.hpp"

namespace rootzone::soil {
namespace {

/// Largest error in units of the last place over random arguments, against the C library.
template <class Function, class Reference>
double worst_ulp(Function function, Reference reference, double low, double high, bool logarithmic) {
  test::Draws draws(31);
  double worst = 0.0;
  for (int round = 0; round < 20000; ++round) {
    Lanes x;
    for (int i = 0; i < lane_count; ++i)
      x[i] = logarithmic ? draws.log_uniform(low, high) : draws.uniform(low, high);
    const Lanes y = function(x);
    for (int i = 0; i < lane_count; ++i) {
      const double expected = reference(x[i]);
      const double unit = std::abs(std::nextafter(expected, INFINITY) - expected);
      worst = std::max(worst, std::abs(y[i] - expected) / unit);
    }
  }
  return worst;
}

TEST(Lanes, FunctionsAreAccurate) {
  const auto log = [](double x) { return std::log(x); };
  EXPECT_LE(worst_ulp([](Lanes x) { return real::logarithm(x); }, log, 1e-300, 1e300, true), 2.0);
  EXPECT_LE(worst_ulp([](Lanes x) { return real::logarithm(x); }, log, 0.5, 2.0, false), 2.0);
  const auto log1p = [](double x) { return std::log1p(x); };
  EXPECT_LE(worst_ulp([](Lanes x) { return real::log1p_unit(x); }, log1p, 1e-18, 1.0, true), 2.0);
  EXPECT_LE(worst_ulp([](Lanes x) { return real::log1p_positive(x); }, log1p, 1e-18, 1e200, true), 2.0);
  const auto exp = [](double x) { return std::exp(x); };
  EXPECT_LE(worst_ulp([](Lanes x) { return real::exponential(x); }, exp, -700.0, 700.0, false), 2.0);
  const auto expm1 = [](double x) { return std::expm1(x); };
  EXPECT_LE(worst_ulp([](Lanes x) { return real::expm1_of(x); }, expm1, -40.0, 40.0, false), 2.0);
  EXPECT_LE(worst_ulp([](Lanes x) { return -real::expm1_of(-x); }, [](double x) { return -std::expm1(-x); },
                      1e-18, 1.0, true),
            2.0);
  EXPECT_EQ(worst_ulp([](Lanes x) { return real::square_root(x); }, [](double x) { return std::sqrt(x); },
                      1e-100, 1e100, true),
            0.0);
}

TEST(Lanes, ExponentialStaysFinite) {
  const Lanes x = {-1e300, -1000.0, -708.0, 0.0, 1.0, 709.0, 1000.0, 1e300};
  const Lanes y = real::exponential(x);
  for (int i = 0; i < lane_count; ++i) EXPECT_TRUE(std::isfinite(y[i]) && y[i] > 0.0) << x[i];
  EXPECT_EQ(y[3], 1.0);
}

}  // namespace
}  // namespace rootzone::soil
