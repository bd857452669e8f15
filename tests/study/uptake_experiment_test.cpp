#include "rootzone/study/uptake_experiment.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <tuple>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

/// The experiment of the paper, run once for all tests.
const std::vector<UptakeExperimentCase>& cases() {
  static const std::vector<UptakeExperimentCase> all = uptake_experiment({});
  return all;
}

const UptakeExperimentCase& case_of(RootPattern pattern, Wetness wetness, int days, int layers,
                                    DrainageSource source = DrainageSource::trapezoid) {
  for (const UptakeExperimentCase& one : cases())
    if (one.pattern == pattern && one.wetness == wetness && one.interval_days == days &&
        one.scheme.layers == layers && one.source == source)
      return one;
  throw std::logic_error("no such case");
}

TEST(UptakeExperiment, ExactFluxesReturnTheProfile) {
  int exact = 0;
  for (const UptakeExperimentCase& one : cases()) {
    if (one.source != DrainageSource::exact) continue;
    ++exact;
    EXPECT_LT(one.inverted.emd_m, 1e-10) << name_of(one.pattern) << ' ' << name_of(one.wetness) << ' '
                                         << one.interval_days << " d, " << one.scheme.layers << " layers";
  }
  EXPECT_EQ(exact, 24);
}

TEST(UptakeExperiment, TrapezoidAgreesWithAnIndependentComputation) {
  // An explicit scheme of another author in another language; agreement within 10 % or 0.001 m.
  using Key = std::tuple<RootPattern, Wetness, int>;
  const RootPattern shallow = RootPattern::shallow;
  const RootPattern deep = RootPattern::deep;
  const std::map<Key, std::array<double, 3>> expected{{{shallow, Wetness::dry, 1}, {0.0008, 0.0008, 0.0013}},
                                                      {{shallow, Wetness::dry, 7}, {0.0067, 0.0079, 0.0210}},
                                                      {{deep, Wetness::dry, 1}, {0.0016, 0.0012, 0.0018}},
                                                      {{deep, Wetness::dry, 7}, {0.0064, 0.0050, 0.0095}},
                                                      {{shallow, Wetness::wet, 1}, {0.0115, 0.0252, 0.0718}},
                                                      {{deep, Wetness::wet, 1}, {0.0239, 0.0350, 0.0681}}};
  for (const auto& [key, values] : expected) {
    const auto& [pattern, wetness, days] = key;
    const std::array<int, 3> layers{3, 5, 10};
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(case_of(pattern, wetness, days, layers[i]).inverted.emd_m, values[i],
                  std::max(0.001, 0.1 * values[i]))
          << name_of(pattern) << ' ' << name_of(wetness) << ' ' << days << " d, " << layers[i] << " layers";
  }
  for (RootPattern pattern : {shallow, deep})
    for (int layers : {3, 5, 10}) {
      const double emd = case_of(pattern, Wetness::wet, 7, layers).inverted.emd_m;
      EXPECT_GT(emd, 0.9 * 0.25) << name_of(pattern) << ' ' << layers;
      EXPECT_LT(emd, 1.1 * 0.59) << name_of(pattern) << ' ' << layers;
    }
}

TEST(UptakeExperiment, ErrorGrowsWithLayersAndIntervalAndRainSpoilsIt) {
  for (RootPattern pattern : {RootPattern::shallow, RootPattern::deep}) {
    const auto emd = [&](Wetness wetness, int days, int layers) {
      return case_of(pattern, wetness, days, layers).inverted.emd_m;
    };
    for (int days : {1, 7}) EXPECT_GT(emd(Wetness::dry, days, 10), emd(Wetness::dry, days, 3));
    EXPECT_GT(emd(Wetness::wet, 1, 10), emd(Wetness::wet, 1, 3));
    for (int layers : {3, 5, 10}) {
      EXPECT_GT(emd(Wetness::dry, 7, layers), 2.0 * emd(Wetness::dry, 1, layers)) << layers;
      EXPECT_LT(emd(Wetness::dry, 1, layers), 0.01) << layers;
      EXPECT_GT(emd(Wetness::wet, 1, layers), 0.01) << layers;
      EXPECT_GT(emd(Wetness::wet, 7, layers), 0.01) << layers;
    }
  }
}

TEST(UptakeExperiment, TheForwardRunKeepsItsBooksAndItsDailyTotals) {
  const UptakeExperimentSettings settings;
  const ForwardRun run = run_uptake_column(settings, RootPattern::deep, Wetness::wet);
  ASSERT_EQ(run.snapshots.size(), 3U);
  for (const ColumnSnapshot& snapshot : run.snapshots) {
    double storage = 0.0;
    double uptake = 0.0;
    for (std::size_t i = 0; i < run.cell_thickness_cm.size(); ++i) {
      storage +=
          run.cell_thickness_cm[i] * (snapshot.water_content[i] - run.snapshots.front().water_content[i]);
      uptake += snapshot.uptake_cm[i];
    }
    EXPECT_NEAR(snapshot.infiltration_cm, 0.9 * snapshot.day, 1e-9);
    EXPECT_NEAR(uptake, 0.3 * snapshot.day, 1e-9);
    EXPECT_NEAR(storage, snapshot.infiltration_cm - snapshot.bottom_flux_cm.back() - uptake, 1e-9);
  }
  EXPECT_NEAR(run.snapshots[0].water_content[42], 0.22, 1e-12);
}

TEST(UptakeExperiment, RootsAreDrawnFromTheSurfaceOrFromTheBottom) {
  // 3 layers of 30 cm: shares of exp(−z/25 cm), by the integral; cells of 1 cm come close to it.
  const auto& shares = case_of(RootPattern::shallow, Wetness::dry, 1, 3).inverted.true_shares;
  const auto below = [](double z) { return 1.0 - std::exp(-z / 25.0); };
  EXPECT_NEAR(shares[0], below(30.0) / below(90.0), 1e-3);
  EXPECT_NEAR(shares[2], (below(90.0) - below(60.0)) / below(90.0), 1e-3);
  const auto& deep = case_of(RootPattern::deep, Wetness::dry, 1, 10).inverted.true_shares;
  const auto& shallow = case_of(RootPattern::shallow, Wetness::dry, 1, 10).inverted.true_shares;
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(deep[i], shallow[9 - i], 1e-9) << i;
}

TEST(UptakeExperiment, AFinerForwardRunChangesLittle) {
  UptakeExperimentSettings fine;
  fine.step_minutes = 10.0;
  fine.intervals_days = {1};
  const ForwardRun run = run_uptake_column(fine, RootPattern::shallow, Wetness::wet);
  for (const LayerScheme& scheme : fine.schemes) {
    const double emd =
        invert_interval(layered(fine, run, 1, scheme), fine.soil, DrainageSource::trapezoid).emd_m;
    const double coarse = case_of(RootPattern::shallow, Wetness::wet, 1, scheme.layers).inverted.emd_m;
    EXPECT_NEAR(emd, coarse, std::max(0.03 * coarse, 3e-4)) << scheme.layers;
  }
}

TEST(UptakeExperiment, ImpossibleSettingsAreRefusedByName) {
  const auto message = [](const UptakeExperimentSettings& settings) {
    try {
      settings.validate();
    } catch (const core::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(message({}), "");
  UptakeExperimentSettings settings;
  settings.schemes = {{4, 30.0}};
  EXPECT_NE(message(settings).find("the depth of the layers"), std::string::npos);
  settings = {};
  settings.initial_water_content = 1.2;
  EXPECT_NE(message(settings).find("initial_water_content"), std::string::npos);
  settings = {};
  settings.intervals_days = {0};
  EXPECT_NE(message(settings).find("interval"), std::string::npos);
}

}  // namespace
}  // namespace rootzone::study
