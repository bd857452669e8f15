#include "rootzone/study/sptf_column.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "rootzone/study/sptf_surrogate.hpp"
#include "rootzone/study/twin_sites.hpp"

namespace rootzone::study {
namespace {

const std::vector<TwinSite>& twins() {
  static const std::vector<TwinSite> made = [] {
    TwinOptions options;
    options.sites = 4;
    return make_twin_sites(options, core::serial_for, nullptr);
  }();
  return made;
}

MoistureJob job_at(const SptfSite& site) {
  MoistureJob job;
  job.site = &site;
  job.unit = {0.6, 0.4, 0.45, 0.5, 0.4, 0.6};
  job.ceiling = 0.45;
  job.first_day = 400;
  job.days = 60;
  job.spin_up_days = 20;
  return job;
}

double loss_sum(const MoisturePhysics& physics, const MoistureJob& job) {
  return physics.losses({&job, 1}, core::serial_for)[0].sum;
}

TEST(SptfColumn, LossAndItsGradientEqualDifferences) {
  for (const SptfModel model : {SptfModel::van_genuchten, SptfModel::fredlund_xing})
    for (const TwinSite& twin : twins()) {
      const ColumnPhysics physics(model);
      const MoistureJob job = job_at(twin.site);
      const MoistureLoss loss = physics.losses({&job, 1}, core::serial_for)[0];
      ASSERT_GT(loss.days, 5);
      double length = 0.0;
      for (const double slope : loss.gradient) length += slope * slope;
      for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
        MoistureJob up = job;
        MoistureJob down = job;
        up.unit[k] += 2e-3;
        down.unit[k] -= 2e-3;
        const double difference = (loss_sum(physics, up) - loss_sum(physics, down)) / 4e-3;
        // Steps of the column move by jumps with the parameters: the difference itself is rough.
        EXPECT_NEAR(loss.gradient[k], difference, 0.04 * std::sqrt(length)) << sptf_ranges(model)[k].name;
      }
    }
}

TEST(SptfColumn, SimulationAndLossAreOfTheSameMoisture) {
  const ColumnPhysics physics(SptfModel::van_genuchten);
  std::vector<MoistureJob> jobs;
  for (const TwinSite& twin : twins()) jobs.push_back(job_at(twin.site));
  std::vector<std::vector<float>> moisture(jobs.size());
  physics.simulate(jobs, moisture, core::serial_for);
  const auto losses = physics.losses(jobs, core::serial_for);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    ASSERT_EQ(moisture[i].size(), 60U);
    const MoistureLoss plain = moisture_loss(jobs[i], moisture[i]);
    EXPECT_EQ(plain.days, losses[i].days);
    EXPECT_NEAR(plain.sum, losses[i].sum, 1e-6);
  }
}

TEST(SptfColumn, TheTruthsParametersGiveTheTruth) {
  for (const TwinSite& twin : twins()) {
    MoistureJob job = job_at(twin.site);
    job.unit = sptf_unit(twin.soil.model, twin.soil.parameters, 0.5);
    job.ceiling = 0.5;
    job.first_day = 365;
    job.days = 365;
    job.spin_up_days = 365;
    std::vector<std::vector<float>> moisture(1);
    ColumnPhysics(twin.soil.model).simulate({&job, 1}, moisture, core::serial_for);
    double squares = 0.0;
    for (std::size_t d = 0; d < 365; ++d)
      squares += std::pow(static_cast<double>(moisture[0][d] - twin.site.true_moisture_5cm[365 + d]), 2);
    // The twin began a year earlier: what is left of that after a year.
    EXPECT_LT(std::sqrt(squares / 365.0), 0.004) << twin.site.name;
  }
}

TEST(SptfSurrogate, LearnsTheColumnAndItsGradientIsExact) {
  std::vector<SptfSite> sites;
  for (const TwinSite& twin : twins()) sites.push_back(twin.site);
  SurrogateSettings settings;
  settings.runs = 60;
  settings.days = 60;
  settings.hidden = 16;
  settings.batch = 48;
  settings.iterations = 80;
  settings.learning_rate = 1e-2;
  int steps = 0;
  const Surrogate trained =
      train_surrogate(SptfModel::van_genuchten, sites, settings, core::serial_for, [&] { ++steps; });
  settings.iterations = 1;
  const Surrogate fresh = train_surrogate(SptfModel::van_genuchten, sites, settings, core::serial_for, [] {});
  EXPECT_EQ(steps, 80);
  EXPECT_LT(trained.validation_rmse, 0.75 * fresh.validation_rmse);
  const SurrogatePhysics physics(trained);
  const MoistureJob job = job_at(sites[0]);
  const MoistureLoss loss = physics.losses({&job, 1}, core::serial_for)[0];
  std::vector<std::vector<float>> moisture(1);
  physics.simulate({&job, 1}, moisture, core::serial_for);
  EXPECT_NEAR(moisture_loss(job, moisture[0]).sum, loss.sum, 1e-6);
  for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
    MoistureJob up = job;
    MoistureJob down = job;
    up.unit[k] += 0.01;
    down.unit[k] -= 0.01;
    const double difference = (loss_sum(physics, up) - loss_sum(physics, down)) / 0.02;
    EXPECT_NEAR(loss.gradient[k], difference, 1e-3 + 0.02 * std::abs(difference)) << k;
  }
}

}  // namespace
}  // namespace rootzone::study
