#include "rootzone/study/sptf_evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rootzone/study/sptf_inverse.hpp"
#include "study/bucket_physics.hpp"

namespace rootzone::study {
namespace {

std::vector<const SptfSite*> pointers(const std::vector<SptfSite>& sites) {
  std::vector<const SptfSite*> result;
  for (const SptfSite& site : sites) result.push_back(&site);
  return result;
}

/// What the bucket's truth is made of, read off a site's soil and its mean moisture; no network needed.
std::vector<SptfParameters> rule(std::span<const InputWindow> windows, std::size_t days) {
  std::vector<SptfParameters> units;
  for (const InputWindow& window : windows) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t d = window.first_day; d < window.first_day + days; ++d) {
      const float seen = window.site->surface_soil_moisture[d];
      if (std::isnan(seen)) continue;
      sum += static_cast<double>(seen);
      count += 1.0;
    }
    const double wet = count > 0.0 ? sum / count : 0.1;
    units.push_back(
        {0.5, 0.1 + 0.9 * window.site->soil.sand, std::clamp(0.1 / wet, 0.0, 1.0), 0.5, 0.5, 0.5});
  }
  return units;
}

TEST(SptfEvaluation, ScoresByHand) {
  std::vector<SptfSite> sites = bucket_sites(2, 1);
  for (SptfSite& site : sites) {
    std::fill(site.land_surface_temperature_c.begin(), site.land_surface_temperature_c.end(), -5.0F);
    for (const std::size_t d : {365, 366}) site.land_surface_temperature_c[d] = 5.0F;
  }
  sites[0].true_moisture_5cm[365] = 0.1F;
  sites[0].true_moisture_5cm[366] = 0.2F;
  sites[1].true_moisture_5cm[365] = 0.3F;
  sites[1].true_moisture_5cm[366] = 0.4F;
  std::vector<std::vector<float>> moisture(2, std::vector<float>(365, 0.9F));
  moisture[0][0] = 0.1F;
  moisture[0][1] = 0.3F;
  moisture[1][0] = 0.3F;
  moisture[1][1] = 0.3F;
  const std::vector<std::size_t> both{0, 1};
  const MoistureScore score = score_moisture(pointers(sites), moisture, both, MoistureReference::truth);
  EXPECT_EQ(score.sites, 2);
  EXPECT_EQ(score.days, 4);
  EXPECT_NEAR(score.rmse, std::sqrt(0.02 / 4.0), 1e-6);
  EXPECT_NEAR(score.nse, 1.0 - 0.02 / 0.05, 1e-5);  // spread about 0.25: 0.0225·2 + 0.0025·2
  EXPECT_NEAR(score.slope, 0.6, 1e-5);
  EXPECT_NEAR(score.intercept, 0.1, 1e-5);
  EXPECT_NEAR(score.median_site_rmse, std::sqrt(0.005), 1e-6);
  moisture[1][200] = std::nanf("");  // frozen: does not matter
  EXPECT_EQ(score_moisture(pointers(sites), moisture, both, MoistureReference::truth).sites, 2);
  moisture[1][1] = std::nanf("");  // a column that failed
  const MoistureScore without = score_moisture(pointers(sites), moisture, both, MoistureReference::truth);
  EXPECT_EQ(without.sites, 1);
  EXPECT_EQ(without.failed, 1);
  EXPECT_EQ(score.failed, 0);
  sites[1].true_moisture_5cm.clear();  // nothing to be judged by is no failure
  EXPECT_EQ(score_moisture(pointers(sites), moisture, both, MoistureReference::truth).failed, 0);
}

TEST(SptfEvaluation, ClassesOfSites) {
  std::vector<SptfSite> sites = bucket_sites(1, 1);
  SptfSite& site = sites[0];
  std::fill(site.precipitation_mm.begin(), site.precipitation_mm.end(), 2.0F);
  EXPECT_EQ(rain_class(site), "500 to 750 mm");
  std::fill(site.surface_soil_moisture.begin(), site.surface_soil_moisture.end(), 0.15F);
  EXPECT_EQ(moisture_class(site), "0.1 to 0.2");
  site.soil = {0.4, 0.42, 0.18, 1.4};
  EXPECT_EQ(texture_of(site), "loam");
  std::fill(site.surface_soil_moisture.begin(), site.surface_soil_moisture.end(), std::nanf(""));
  EXPECT_EQ(moisture_class(site), "unknown");
}

TEST(SptfEvaluation, LongerInputKnowsMoreAndUnusedInputsDoNotCount) {
  const std::vector<SptfSite> sites = bucket_sites(24, 3);
  const BucketPhysics physics;
  const std::vector<std::int64_t> lengths{5, 365};
  int steps = 0;
  const auto skill = skill_by_length(rule, physics, pointers(sites), lengths, 4, 1, MoistureReference::truth,
                                     core::serial_for, [&] { ++steps; });
  ASSERT_EQ(skill.size(), 2U);
  EXPECT_EQ(steps, 5);
  EXPECT_GT(skill[1].nse, skill[0].nse);
  EXPECT_LT(skill[1].rmse, skill[0].rmse);
  const auto importance = permutation_importance(rule, physics, pointers(sites), 5, 1,
                                                 MoistureReference::truth, core::serial_for, [] {});
  ASSERT_EQ(importance.size(), 9U);
  for (const InputImportance& input : importance) {
    if (input.input == "surface_soil_moisture" || input.input == "sand")
      EXPECT_GT(input.ratio, 1.2) << input.input;
    else
      EXPECT_DOUBLE_EQ(input.ratio, 1.0) << input.input;
  }
}

TEST(SptfEvaluation, ASiteWithoutParametersHasNoMoisture) {
  const std::vector<SptfSite> sites = bucket_sites(2, 1);
  std::vector<SptfParameters> units(2, SptfParameters{0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
  units[0].fill(std::nan(""));
  const auto moisture =
      second_year(BucketPhysics(), pointers(sites), units, std::vector<double>{0.41, 0.41}, core::serial_for);
  EXPECT_TRUE(std::isnan(moisture[0][100]));
  EXPECT_FALSE(std::isnan(moisture[1][100]));
}

TEST(SptfEvaluation, PedotransferFunctionsGiveColumnsOrNothing) {
  const std::vector<std::string> names = pedotransfer_names();
  EXPECT_NE(std::find(names.begin(), names.end(), "weynants"), names.end());
  const auto unit = pedotransfer_unit("weynants", {0.4, 0.4, 0.2, 1.4}, 1.2, 0.45);
  ASSERT_TRUE(unit);
  const SptfParameters physical = sptf_physical(SptfModel::van_genuchten, *unit, 0.45);
  EXPECT_NEAR(physical[0], 0.432824, 1e-5);
  EXPECT_NEAR(physical[1], 0.017213, 1e-5);
  EXPECT_NEAR(physical[2], 1.186953, 1e-5);
  EXPECT_NEAR(physical[3], 8.5358, 1e-3);
  EXPECT_DOUBLE_EQ(physical[5], pedotransfer_half_uptake_cm);
  EXPECT_FALSE(pedotransfer_unit("wosten", {0.4, 0.6, 0.0, 1.4}, 1.2, 0.45)) << "Wösten without clay";
}

TEST(SptfInverse, FindsTheFitOfTheNoiseAndHoldsInTheNextYear) {
  const std::vector<SptfSite> sites = bucket_sites(3, 5);
  const std::vector<std::size_t> all{0, 1, 2};
  InverseSettings settings;
  settings.search.max_evaluations = 1500;
  int done = 0;
  const auto results = invert_sites(sites, all, BucketPhysics(), settings, core::serial_for, [&] { ++done; });
  EXPECT_EQ(done, 3);
  for (const InverseResult& result : results) {
    EXPECT_NEAR(result.first_year_rmse, 0.02, 0.004);
    EXPECT_NEAR(result.second_year_rmse, 0.02, 0.005);
    EXPECT_GT(result.evaluations, 100);
  }
  const std::vector<std::size_t> last{2};
  const auto alone = invert_sites(sites, last, BucketPhysics(), settings, core::serial_for, [] {});
  EXPECT_EQ(alone[0].unit, results[2].unit) << "a site's fit does not depend on the others";
}

}  // namespace
}  // namespace rootzone::study
