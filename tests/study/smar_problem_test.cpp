#include "rootzone/study/smar_problem.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "calibration_rig.hpp"

namespace rootzone::study {
namespace {

using moisture::SmarGapPolicy;
using moisture::SmarScheme;

float as_float(double value) {
  return static_cast<float>(value);
}

/// Parameters that floats hold exactly, as the kernel keeps them; the state may start on either side of sw2.
SmarValues random_values(rig::Uniform& uniform) {
  return {as_float(0.9 * uniform()), as_float(0.9 * uniform()), as_float(0.001 + 0.9 * uniform()),
          as_float(0.001 + 0.95 * uniform())};
}

/// The objective by its definition: the kernel's run against the reference, day by day.
double plain_rmse(const SmarProblem& problem, const SmarValues& values) {
  const moisture::SmarSeries run = problem.run(values);
  double sum = 0.0;
  std::int64_t n = 0;
  for (auto day = problem.calibration().first; day < problem.calibration().end; ++day) {
    const auto i = static_cast<std::size_t>(day);
    const double reference = static_cast<double>(problem.station().root_zone[i]);
    if (std::isnan(run.saturation[i]) || std::isnan(reference)) continue;
    const double difference =
        static_cast<double>(run.saturation[i]) - reference / problem.station().root_zone_porosity;
    sum += difference * difference;
    ++n;
  }
  EXPECT_EQ(n, problem.compared_days());
  return std::sqrt(sum / static_cast<double>(n));
}

TEST(SmarProblem, EqualsTheKernel) {
  rig::Uniform uniform(7);
  int cases = 0;
  for (const SmarScheme scheme : {SmarScheme::paper, SmarScheme::exact})
    for (const SmarGapPolicy policy : {SmarGapPolicy::decay, SmarGapPolicy::missing})
      for (const double gaps : {0.0, 0.4})
        for (const int days : {60, 331, 730}) {
          SmarSearch search;
          search.scheme = scheme;
          search.gap_policy = policy;
          search.max_gap_days = 3.0;  // long gaps and their return occur
          search.respin_days = 4.0;
          auto station = rig::synthetic_station({0.2, 0.4, 0.08, 0.2}, search, days, 11, gaps, 0.05);
          station.root_zone[50] = std::numeric_limits<float>::quiet_NaN();
          const SmarProblem problem(station, search, {days / 10, days - days / 7});
          for (int i = 0; i < 20; ++i, ++cases) {
            const SmarValues values = random_values(uniform);
            EXPECT_NEAR(problem.rmse(values), plain_rmse(problem, values), 1e-7)
                << days << " " << gaps << " " << values.sw2 << " " << values.sc1 << " " << values.a << " "
                << values.b;
          }
        }
  EXPECT_EQ(cases, 480);
}

TEST(SmarProblem, IsZeroForTheParametersBehindTheReference) {
  const SmarSearch search;
  const SmarValues truth{as_float(0.15), as_float(0.35), as_float(0.05), as_float(0.12)};
  const SmarProblem problem(rig::synthetic_station(truth, search, 400, 3), search, {0, 400});
  EXPECT_LT(problem.rmse(truth), 1e-7);
  EXPECT_GT(problem.rmse({0.15, 0.35, 0.07, 0.12}), 1e-3);
}

TEST(SmarProblem, StartsWithTheFirstObservationWhereverThatIs) {
  const SmarSearch search;
  const SmarValues truth{as_float(0.15), as_float(0.35), as_float(0.05), as_float(0.12)};
  SmarStation station = rig::synthetic_station(truth, search, 300, 3);
  const SmarProblem plain(station, search, {0, 300});
  const float missing = std::numeric_limits<float>::quiet_NaN();
  station.surface.insert(station.surface.begin(), 25, missing);
  station.root_zone.insert(station.root_zone.begin(), 25, 0.2F);
  const SmarProblem later(station, search, {0, 325});
  EXPECT_EQ(later.compared_days(), plain.compared_days()) << "days before it are not compared";
  const SmarValues other{0.3, 0.4, 0.1, 0.3};
  EXPECT_DOUBLE_EQ(later.rmse(other), plain.rmse(other));
}

TEST(SmarProblem, ComparesOnlyPastTheWarmUp) {
  SmarSearch search;
  search.warm_up_days = 20.0;
  const SmarProblem problem(rig::synthetic_station({0.1, 0.4, 0.1, 0.2}, search, 100, 3), search, {0, 90});
  EXPECT_EQ(problem.compared_days(), 70);
  search.warm_up_days = 0.0;
  const SmarProblem all(rig::synthetic_station({0.1, 0.4, 0.1, 0.2}, search, 100, 3), search, {0, 90});
  EXPECT_EQ(all.compared_days(), 90);
}

TEST(SmarProblem, EveryPointOfTheBoxKeepsTheBounds) {
  const SmarSearch search;
  const SmarProblem problem(rig::synthetic_station({0.1, 0.4, 0.1, 0.2}, search, 200, 3), search, {0, 200});
  rig::Uniform uniform(5);
  for (int i = 0; i < 4000; ++i) {
    std::array<double, 4> point{uniform(), uniform(), uniform(), uniform()};
    if (i % 5 == 0) point[static_cast<std::size_t>(i / 5 % 4)] = i % 2;  // the faces too
    const SmarValues v = problem.values_at(point);
    EXPECT_TRUE(v.sw2 >= 0 && v.sw2 <= 1 && v.sc1 >= 0 && v.sc1 <= 1);
    EXPECT_TRUE(v.a >= moisture::smar_smallest_rate && v.a <= 1.0) << v.a;
    EXPECT_TRUE(v.b >= moisture::smar_smallest_rate && v.b <= 1.0) << v.b;
    EXPECT_GE(problem.v2_cm_per_day(v), 0.0);
    EXPECT_LE(problem.v2_cm_per_day(v), 2.5 * (1 + 1e-12));
    EXPECT_TRUE(std::isfinite(problem.rmse(v)));
  }
}

TEST(SmarProblem, NamesWhatIsAtABound) {
  const SmarSearch search;
  const SmarProblem problem(rig::synthetic_station({0.1, 0.4, 0.1, 0.2}, search, 200, 3), search, {0, 200});
  EXPECT_EQ(problem.at_bound({0.1, 0.4, 0.1, 0.2}), "");
  EXPECT_EQ(problem.at_bound({0.0, 1.0, 0.1, 1.0}), "sw2 sc1 b");
  EXPECT_EQ(problem.at_bound({0.95, 0.4, 0.995, 0.2}), "a") << "V2 is 0.8 there";
  EXPECT_EQ(problem.at_bound({0.1, 0.4, 2.5 / (0.9 * 16.0), 0.2}), "v2");
  EXPECT_TRUE(SmarProblem::b_reaches_one({0.1, 0.4, 0.1, 0.995}));
  EXPECT_FALSE(SmarProblem::b_reaches_one({0.1, 0.4, 0.1, 0.95}));
}

TEST(SmarProblem, RefusesWhatCannotBeRun) {
  const SmarSearch search;
  const SmarStation good = rig::synthetic_station({0.1, 0.4, 0.1, 0.2}, search, 50, 3);
  const auto with = [&](auto change) {
    SmarStation station = good;
    SmarSearch other = search;
    DayRange days{0, 50};
    change(station, other, days);
    return SmarProblem(station, other, days);
  };
  using S = SmarStation&;
  using C = SmarSearch&;
  using D = DayRange&;
  EXPECT_NO_THROW(with([](S, C, D) {}));
  EXPECT_THROW(with([](S s, C, D) { s.root_zone.pop_back(); }), std::invalid_argument);
  EXPECT_THROW(with([](S s, C, D) { s.surface_porosity = 0.0; }), std::invalid_argument);
  EXPECT_THROW(with([](S s, C, D) { s.root_zone_porosity = 1.1; }), std::invalid_argument);
  EXPECT_THROW(with([](S, C c, D) { c.gap_policy = SmarGapPolicy::hold; }), std::invalid_argument);
  EXPECT_THROW(with([](S, C c, D) { c.b_maximum = 0.0; }), std::invalid_argument);
  EXPECT_THROW(with([](S, C, D d) { d.end = 51; }), std::invalid_argument);
}

}  // namespace
}  // namespace rootzone::study
