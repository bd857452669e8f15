#include "rootzone/study/sptf_training.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "rootzone/core/error.hpp"
#include "study/bucket_physics.hpp"

namespace rootzone::study {
namespace {

SptfTrainingSettings small_settings() {
  SptfTrainingSettings settings;
  settings.iterations = 60;
  settings.batch = 24;
  settings.hidden = 16;
  settings.learning_rate = 1e-2;
  settings.spin_up_days = 20;
  settings.target_days = 120;
  settings.validation_interval = 10;
  return settings;
}

/// All bodies at once, each on a thread of its own.
void threaded_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  std::vector<std::thread> threads;
  for (std::int64_t i = count - 1; i >= 0; --i) threads.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : threads) thread.join();
}

struct Fixture {
  std::vector<SptfSite> sites = bucket_sites(60, 4);
  SiteSplit split = split_sites(names_of(sites), 1);
  BucketPhysics physics;
  SptfTraining training(const SptfTrainingSettings& settings, core::ParallelFor parallel = core::serial_for) {
    return SptfTraining(settings, sites, split, physics, std::move(parallel));
  }
};

TEST(SptfTraining, LossFallsToTheNoise) {
  Fixture fixture;
  SptfTrainingSettings settings = small_settings();
  settings.iterations = 120;
  SptfTraining training = fixture.training(settings);
  SptfTrainingState state = training.begin();
  const double before = training.error(state.weights, fixture.split.validation);
  while (state.iteration < settings.iterations) training.advance(state);
  EXPECT_GT(before, 0.035);
  EXPECT_LT(state.best_validation, 0.024) << "noise alone is 0.02";
  EXPECT_LT(training.error(state.best_weights, fixture.split.test), 0.028);
  EXPECT_EQ(state.history.size(), 120U);
  EXPECT_DOUBLE_EQ(training.error(state.best_weights, fixture.split.validation), state.best_validation);
}

/// The bucket, which cannot be solved at one site.
class FailingPhysics : public BucketPhysics {
 public:
  std::string failing;
  void simulate(std::span<const MoistureJob> jobs, std::span<std::vector<float>> moisture,
                const core::ParallelFor& parallel_for) const override {
    BucketPhysics::simulate(jobs, moisture, parallel_for);
    for (std::size_t i = 0; i < jobs.size(); ++i)
      if (jobs[i].site->name == failing) std::fill(moisture[i].begin(), moisture[i].end(), std::nanf(""));
  }
};

// Left out, the worst site's failure would make the rest look better.
TEST(SptfTraining, ASiteThatFailsCountsAsTheWorstError) {
  Fixture fixture;
  FailingPhysics physics;
  const SptfTraining training(small_settings(), fixture.sites, fixture.split, physics, core::serial_for);
  const SptfTrainingState state = training.begin();
  const std::vector<std::size_t>& sites = fixture.split.validation;
  const double solved = training.error(state.weights, sites);
  physics.failing = fixture.sites[sites[0]].name;
  double days = 0.0, lost = 0.0;
  for (const std::size_t site : sites)
    for (std::size_t d = sptf_year_days; d < 2 * sptf_year_days; ++d) {
      days += counts(fixture.sites[site], d);
      lost += site == sites[0] && counts(fixture.sites[site], d);
    }
  const std::vector<std::size_t> others(sites.begin() + 1, sites.end());
  const double rest = training.error(state.weights, others);
  EXPECT_NEAR(training.error(state.weights, sites), std::sqrt((rest * rest * (days - lost) + lost) / days),
              1e-12);
  EXPECT_GT(training.error(state.weights, sites), solved);
}

TEST(SptfTraining, ResumedEqualsUninterrupted) {
  Fixture fixture;
  SptfTrainingSettings settings = small_settings();
  settings.iterations = 12;
  settings.validation_interval = 5;
  SptfTraining whole = fixture.training(settings);
  SptfTrainingState one = whole.begin();
  while (one.iteration < settings.iterations) whole.advance(one);
  SptfTraining first = fixture.training(settings);
  SptfTrainingState kept = first.begin();
  while (kept.iteration < 7) first.advance(kept);
  const SptfTrainingState saved = kept;  // what a checkpoint holds
  SptfTraining second = fixture.training(settings);
  SptfTrainingState two = saved;
  while (two.iteration < settings.iterations) second.advance(two);
  EXPECT_EQ(one.weights.values, two.weights.values);
  EXPECT_EQ(one.best_weights.values, two.best_weights.values);
  EXPECT_EQ(one.best_validation, two.best_validation);
}

TEST(SptfTraining, ThreadsDoNotChangeIt) {
  Fixture fixture;
  SptfTrainingSettings settings = small_settings();
  settings.iterations = 4;
  settings.batch = 100;  // three tapes
  settings.validation_interval = 2;
  SptfTraining serial = fixture.training(settings);
  SptfTraining threaded = fixture.training(settings, threaded_for);
  SptfTrainingState one = serial.begin();
  SptfTrainingState two = threaded.begin();
  for (int i = 0; i < 4; ++i) {
    const SptfLossPoint a = serial.advance(one);
    const SptfLossPoint b = threaded.advance(two);
    EXPECT_EQ(a.training, b.training);
  }
  EXPECT_EQ(one.weights.values, two.weights.values);
}

TEST(SptfTraining, AnotherSeedGivesAnotherNetwork) {
  Fixture fixture;
  SptfTrainingSettings settings = small_settings();
  SptfTraining training = fixture.training(settings);
  settings.seed = 2;
  SptfTraining other = fixture.training(settings);
  SptfTrainingState one = training.begin();
  SptfTrainingState two = other.begin();
  training.advance(one);
  other.advance(two);
  EXPECT_NE(one.weights.values, two.weights.values);
}

TEST(SptfTraining, RefusesSettingsOutOfRange) {
  Fixture fixture;
  SptfTrainingSettings settings = small_settings();
  settings.learning_rate = 0.0;
  EXPECT_THROW(fixture.training(settings), core::Error);
  settings = small_settings();
  settings.target_days = 366;
  EXPECT_THROW(fixture.training(settings), core::Error);
  fixture.split.validation.clear();
  EXPECT_THROW(fixture.training(small_settings()), core::Error);
}

TEST(SptfInputs, MissingMoistureIsTheMiddleAndSaysSo) {
  const std::vector<SptfSite> sites = bucket_sites(3, 1);
  const std::vector<InputWindow> windows{{&sites[0], 20}, {&sites[2], 30}};
  const InputBlock block = encode_inputs(windows, 5, 16);
  EXPECT_EQ(block.width, 16);
  const auto at = [&](std::size_t day, std::size_t input, std::size_t column) {
    return block.daily[(day * sptf_daily_inputs().size() + input) * 16 + column];
  };
  // Day 22 is 1 modulo 3: not observed.
  EXPECT_EQ(at(2, 0, 0), 0.0F);
  EXPECT_EQ(at(2, 5, 0), -1.0F);
  EXPECT_EQ(at(3, 5, 0), 1.0F);
  EXPECT_FLOAT_EQ(at(3, 0, 0), (sites[0].surface_soil_moisture[23] - 0.2F) / 0.12F);
  EXPECT_FLOAT_EQ(at(0, 1, 1), (sites[2].precipitation_mm[30] - 2.0F) / 6.0F);
  EXPECT_FLOAT_EQ(block.constants[1], (static_cast<float>(sites[2].soil.sand) - 0.4F) / 0.22F);
  EXPECT_EQ(at(0, 1, 2), 0.0F) << "a place without a site";
  EXPECT_THROW(encode_inputs(windows, 720, 16), std::invalid_argument);
}

TEST(SptfSplit, SharesNamesNotOrder) {
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back("site" + std::to_string(i));
  const SiteSplit split = split_sites(names, 7);
  EXPECT_EQ(split.training.size(), 140U);
  EXPECT_EQ(split.validation.size(), 30U);
  EXPECT_EQ(split.test.size(), 30U);
  std::vector<std::string> turned(names.rbegin(), names.rend());
  const SiteSplit other = split_sites(turned, 7);
  std::vector<std::string> one;
  std::vector<std::string> two;
  for (const std::size_t i : split.test) one.push_back(names[i]);
  for (const std::size_t i : other.test) two.push_back(turned[i]);
  std::sort(one.begin(), one.end());
  std::sort(two.begin(), two.end());
  EXPECT_EQ(one, two);
  EXPECT_NE(split.test, split_sites(names, 8).test);
}

TEST(SptfParametersTable, UnitValuesGoThereAndBack) {
  for (const SptfModel model : {SptfModel::fredlund_xing, SptfModel::van_genuchten}) {
    const SptfParameters unit{0.1, 0.25, 0.4, 0.55, 0.7, 0.85};
    const SptfParameters physical = sptf_physical(model, unit, 0.47);
    const SptfParameters back = sptf_unit(model, physical, 0.47);
    const SptfParameters slope = sptf_physical_slope(model, unit, 0.47);
    for (std::size_t k = 0; k < unit.size(); ++k) {
      EXPECT_NEAR(back[k], unit[k], 1e-12);
      SptfParameters up = unit;
      SptfParameters down = unit;
      up[k] += 1e-6;
      down[k] -= 1e-6;
      const double difference =
          (sptf_physical(model, up, 0.47)[k] - sptf_physical(model, down, 0.47)[k]) / 2e-6;
      EXPECT_NEAR(slope[k] / difference, 1.0, 1e-6);
    }
  }
  const SptfParameters lowest = sptf_physical(SptfModel::fredlund_xing, {}, 0.5);
  EXPECT_DOUBLE_EQ(lowest[0], 0.32);
  EXPECT_DOUBLE_EQ(lowest[1], 0.2);
  EXPECT_DOUBLE_EQ(lowest[5], -50.0);
  SptfParameters ones{};
  ones.fill(1.0);
  const SptfParameters highest = sptf_physical(SptfModel::van_genuchten, ones, 0.5);
  EXPECT_DOUBLE_EQ(highest[0], 0.5);
  EXPECT_NEAR(highest[1], 0.0015, 1e-12);
  EXPECT_NEAR(highest[2], 8.0, 1e-9);
  EXPECT_NEAR(highest[3], 8000.0, 1e-6);
  EXPECT_NEAR(highest[5], -2000.0, 1e-6);
}

TEST(SptfParametersTable, CeilingIsTheLargestObservationButAtLeast41Percent) {
  EXPECT_DOUBLE_EQ(saturation_ceiling(std::vector<float>{0.1F, std::nanf(""), 0.3F}), 0.41);
  EXPECT_FLOAT_EQ(static_cast<float>(saturation_ceiling(std::vector<float>{0.1F, std::nanf(""), 0.53F})),
                  0.53F);
  EXPECT_DOUBLE_EQ(saturation_ceiling({}), 0.41);
}

}  // namespace
}  // namespace rootzone::study
