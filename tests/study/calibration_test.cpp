#include "rootzone/study/calibration.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "calibration_rig.hpp"

namespace rootzone::study {
namespace {

const SmarValues truth{0.15F, 0.35F, 0.05F, 0.12F};
constexpr DayRange calibration_days{0, 487};
constexpr DayRange validation_days{487, 730};

CalibrationTask noiseless(moisture::SmarScheme scheme = moisture::SmarScheme::paper) {
  SmarSearch search;
  search.scheme = scheme;
  return {SmarProblem(rig::synthetic_station(truth, search, 730, 5), search, calibration_days),
          validation_days};
}

/// Repetitions whose saturation is closer than this to the one behind the reference, over all days.
int recovered(const CalibrationTask& task, const CalibrationResult& result, double closer_than) {
  const auto target = task.problem.run(truth);
  int count = 0;
  for (const Repetition& one : result.repetitions)
    count += rig::saturation_rmse(task.problem.run(one.values), target, {0, 730}) < closer_than;
  return count;
}

CalibrationResult calibrate_one(const CalibrationTask& task, const CalibrationSettings& settings) {
  return calibrate(std::span(&task, 1), settings, core::serial_for).front();
}

TEST(Calibration, TheGeneticAlgorithmRecoversSaturation) {
  for (const auto scheme : {moisture::SmarScheme::paper, moisture::SmarScheme::exact}) {
    const CalibrationTask task = noiseless(scheme);
    const CalibrationResult result = calibrate_one(task, {});
    ASSERT_EQ(result.repetitions.size(), 20u);
    EXPECT_GE(recovered(task, result, 2e-3), 19);
    EXPECT_EQ(result.repetitions[0].evaluations, 10100);
  }
}

TEST(Calibration, CmaesRecoversSaturationToFloatPrecision) {
  CalibrationSettings settings;
  settings.optimizer.name = "cmaes";
  const CalibrationTask task = noiseless();
  EXPECT_EQ(recovered(task, calibrate_one(task, settings), 1e-5), 20);
}

TEST(Calibration, De1220RecoversSaturation) {
  CalibrationSettings settings;
  settings.optimizer.name = "de1220";
  settings.repetitions = 4;
  const CalibrationTask task = noiseless();
  EXPECT_EQ(recovered(task, calibrate_one(task, settings), 2e-3), 4);
}

TEST(Calibration, UnderNoiseTheScoresAreThoseOfTheTruth) {
  const SmarSearch search;
  SmarStation station = rig::synthetic_station(truth, search, 730, 5, 0.0, 0.03);
  const CalibrationTask task{SmarProblem(station, search, calibration_days), validation_days};
  CalibrationSettings settings;
  const CalibrationResult result = calibrate_one(task, settings);
  const double n2 = station.root_zone_porosity;
  const double of_truth = task.problem.rmse(truth) * n2;
  EXPECT_NEAR(of_truth, 0.03, 0.003);
  double sum = 0.0;
  const auto run = task.problem.run(truth);
  for (auto day = static_cast<std::size_t>(validation_days.first); day < 730; ++day)
    sum += std::pow(static_cast<double>(run.water_content[day]) - static_cast<double>(station.root_zone[day]),
                    2);
  const double validation_of_truth = std::sqrt(sum / 243.0);
  for (const Repetition& one : result.repetitions) {
    EXPECT_NEAR(one.rmse_calibration, of_truth, 0.01 * of_truth);
    EXPECT_NEAR(one.rmse_validation, validation_of_truth, 0.01 * validation_of_truth);
  }
}

TEST(Calibration, SameResultWhateverTheOrderOfTheWork) {
  const CalibrationTask tasks[] = {noiseless(), noiseless(moisture::SmarScheme::exact)};
  CalibrationSettings settings;
  settings.repetitions = 3;
  settings.optimizer.generations = 10;
  const auto forward = calibrate(tasks, settings, core::serial_for);
  const core::ParallelFor threads = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    std::vector<std::thread> all;
    for (std::int64_t i = count; i-- > 0;) all.emplace_back([&, i] { body(i); });
    for (auto& thread : all) thread.join();
  };
  std::atomic<int> calls = 0;
  const auto side_by_side = calibrate(tasks, settings, threads, [&] { ++calls; });
  EXPECT_EQ(calls, 6);
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t r = 0; r < 3; ++r) {
      const Repetition &a = forward[t].repetitions[r], &b = side_by_side[t].repetitions[r];
      EXPECT_EQ(a.number, static_cast<int>(r) + 1);
      EXPECT_EQ(a.seed, r + 1);
      EXPECT_EQ(a.values.sw2, b.values.sw2);
      EXPECT_EQ(a.values.b, b.values.b);
      EXPECT_EQ(a.rmse_calibration, b.rmse_calibration);
      EXPECT_EQ(a.nse_validation, b.nse_validation);
    }
  EXPECT_NE(forward[0].repetitions[0].values.a, forward[0].repetitions[1].values.a) << "seeds differ";
}

TEST(Calibration, SumsUpTheRepetitions) {
  const CalibrationTask task = noiseless();
  std::vector<Repetition> all(3);
  for (int i = 0; i < 3; ++i) {
    all[static_cast<std::size_t>(i)].values = {0.1 * i, 0.4, 0.1, 0.2};
    all[static_cast<std::size_t>(i)].rmse_calibration = i == 1 ? 0.01 : 0.02;
    all[static_cast<std::size_t>(i)].at_bound = i == 0 ? "sw2 v2" : "";
  }
  const CalibrationResult result = conclude_calibration(task.problem, all);
  EXPECT_EQ(result.best, 1u);
  EXPECT_DOUBLE_EQ(result.sw2.mean, 0.1);
  EXPECT_NEAR(result.sw2.standard_deviation, 0.1, 1e-15);
  EXPECT_EQ(result.sw2.maximum, 0.2);
  EXPECT_EQ(result.bound_hits, (std::array<int, 5>{1, 0, 0, 0, 1}));
  EXPECT_NEAR(result.b_by_definition, 0.45 * 10 / (0.9 * 0.4 * 40), 1e-6);
  EXPECT_TRUE(result.applicable());
  EXPECT_THROW(conclude_calibration(task.problem, {}), std::invalid_argument);
}

TEST(Calibration, IsNotApplicableWhereBReachesOne) {
  const CalibrationTask task = noiseless();
  std::vector<Repetition> all(1);
  all[0].values = {0.1, 0.4, 0.1, 1.0};
  const auto at_bound = conclude_calibration(task.problem, all);
  EXPECT_FALSE(at_bound.applicable());
  EXPECT_NE(at_bound.not_applicable.find("b = 1.00 reaches 1, the bound of the search"), std::string::npos)
      << at_bound.not_applicable;
}

TEST(Calibration, IsNotApplicableWhereTheRootZoneIsAsThinAsTheSurface) {
  const SmarSearch search;
  SmarStation station = rig::synthetic_station(truth, search, 300, 5);
  station.root_zone_thickness_cm = 10.0;
  const SmarProblem problem(station, search, {0, 200});
  std::vector<Repetition> all(1);
  all[0].values = {0.2, 0.4, 0.1, 0.5};
  const auto result = conclude_calibration(problem, all);
  EXPECT_NEAR(result.b_by_definition, 0.45 / (0.8 * 0.4), 1e-6);
  EXPECT_NE(result.not_applicable.find("b by its definition is 1.41"), std::string::npos)
      << result.not_applicable;
}

TEST(Optimizer, RefusesWhatItDoesNotKnow) {
  const Objective zero = [](std::span<const double>) { return 0.0; };
  const auto with = [&](auto change) {
    OptimizerSettings settings;
    change(settings);
    return minimise(zero, 2, settings, 1);
  };
  using O = OptimizerSettings&;
  EXPECT_THROW(with([](O o) { o.name = "annealing"; }), std::invalid_argument);
  EXPECT_THROW(with([](O o) { o.population = 3; }), std::invalid_argument);
  EXPECT_THROW(with([](O o) { o.crossover = "double"; }), std::invalid_argument);
  EXPECT_THROW(with([](O o) { o.mutation_parameter = 0.5; }), std::invalid_argument);
  EXPECT_THROW(with([](O o) { o.population = 101; }), std::invalid_argument) << "sbx pairs parents";
}

TEST(Optimizer, FindsTheMinimumOfABowlAndSkirtsHoles) {
  const Objective bowl = [](std::span<const double> x) {
    if (x[0] > 0.9) return std::nan("");
    return std::pow(x[0] - 0.3, 2) + std::pow(x[1] - 0.7, 2);
  };
  for (const std::string& name : optimizer_names()) {
    OptimizerSettings settings;
    settings.name = name;
    const Optimum optimum = minimise(bowl, 2, settings, 3);
    EXPECT_NEAR(optimum.point[0], 0.3, 2e-3) << name;
    EXPECT_NEAR(optimum.point[1], 0.7, 2e-3) << name;
    const Optimum again = minimise(bowl, 2, settings, 3);
    EXPECT_EQ(optimum.point, again.point) << name;
  }
}

}  // namespace
}  // namespace rootzone::study
