// Fits to 156 measured retention curves of the Montana Mesonet against the fits published with them
// (../shared/data/retention-montana: r + (s − r)/(1 + a·ψ^n)^(1 − 1/n), ψ in kPa, unbounded).
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "rootzone/study/retention_fit.hpp"

namespace rootzone::study {
namespace {

constexpr double cm_per_kpa = 10.197;

struct Published {
  double r = 0.0, s = 0.0, a = 0.0, n = 0.0;

  double water_content(double kpa) const {
    return r + (s - r) / std::pow(1.0 + a * std::pow(kpa, n), 1.0 - 1.0 / n);
  }
  bool inside() const { return r >= 0.0 && s <= 1.0 && n >= 1.05; }
};

struct Sample {
  std::vector<double> suction_cm;
  std::vector<double> water;
  Published published;
};

const std::filesystem::path folder =
    std::filesystem::path(ROOTZONE_SOURCE_DIR) / "../shared/data/retention-montana";

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::stringstream stream(line);
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  return fields;
}

double number_after(const std::string& text, const std::string& key) {
  const std::size_t at = text.find("\"\"" + key + "\"\":");
  return at == std::string::npos ? std::nan("") : std::stod(text.substr(at + key.size() + 5));
}

std::map<std::pair<std::string, std::string>, Sample> read_samples() {
  std::map<std::pair<std::string, std::string>, Sample> samples;
  std::string line;
  std::ifstream observations(folder / "vwc_kpa_observations.csv");
  std::getline(observations, line);
  while (std::getline(observations, line)) {
    const auto fields = fields_of(line);
    Sample& sample = samples[{fields[0], fields[1]}];
    sample.suction_cm.push_back(cm_per_kpa * std::stod(fields[2]));
    sample.water.push_back(std::stod(fields[3]));
  }
  std::ifstream parameters(folder / "parameters.csv");
  std::getline(parameters, line);
  while (std::getline(parameters, line)) {
    const auto fields = fields_of(line);
    if (fields[2] == "VG")
      samples[{fields[0], fields[1]}].published = {number_after(line, "r"), number_after(line, "s"),
                                                   number_after(line, "a"), number_after(line, "n")};
  }
  return samples;
}

double mean_square(const Sample& sample) {
  double sum = 0.0;
  for (std::size_t i = 0; i < sample.water.size(); ++i)
    sum += std::pow(sample.published.water_content(sample.suction_cm[i] / cm_per_kpa) - sample.water[i], 2);
  return sum / static_cast<double>(sample.water.size());
}

TEST(Montana, BoundedFitIsAsGoodAsThePublishedOne) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const auto samples = read_samples();
  ASSERT_EQ(samples.size(), 156U);
  int inside = 0;
  int as_good = 0;
  double worst = 0.0;
  for (const auto& [name, sample] : samples) {
    if (!sample.published.inside()) continue;
    ++inside;
    const RetentionFit fit = fit_retention(RetentionModel::van_genuchten, sample.suction_cm, sample.water);
    EXPECT_GE(fit.residual_water_content, 0.0);
    EXPECT_LE(fit.saturated_water_content, 1.0);
    EXPECT_GE(fit.n, 1.05 * (1.0 - 1e-12));
    const double ratio = fit.rmse * fit.rmse / mean_square(sample);
    worst = std::max(worst, ratio);
    as_good += ratio <= 1.05 ? 1 : 0;
    EXPECT_LE(ratio, 1.05) << name.first << " " << name.second;
  }
  RecordProperty("inside", inside);
  RecordProperty("as_good", as_good);
  EXPECT_EQ(inside, 96);
  EXPECT_GE(as_good, (inside * 95 + 99) / 100);
  EXPECT_LE(worst, 1.0 + 1e-6);  // measured: 96 of 96, the worst at 1.000000
}

// Every model finds a curve, also where the published fit left the bounds. A fourth of the samples, to be
// quick.
TEST(Montana, EveryModelFitsEverySample) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  std::map<RetentionModel, double> sum;
  int count = 0;
  for (const auto& [name, sample] : read_samples()) {
    if (++count % 4 != 0) continue;
    for (const auto model :
         {RetentionModel::van_genuchten, RetentionModel::fredlund_xing, RetentionModel::brooks_corey}) {
      const RetentionFit fit = fit_retention(model, sample.suction_cm, sample.water);
      EXPECT_LT(fit.rmse, 0.05) << name.first << " " << name.second << " " << name_of(model);
      sum[model] += fit.rmse;
    }
  }
  ASSERT_EQ(count, 156);
  // Mean RMSE over 39 samples, m³/m³; measured 0.00863, 0.00644 and 0.01038.
  EXPECT_LT(sum[RetentionModel::van_genuchten] / 39.0, 0.0087);
  EXPECT_LT(sum[RetentionModel::fredlund_xing] / 39.0, 0.0065);
  EXPECT_LT(sum[RetentionModel::brooks_corey] / 39.0, 0.0105);
}

}  // namespace
}  // namespace rootzone::study
