#include "rootzone/study/uptake_sensitivity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/uptake/uptake_profile.hpp"

namespace rootzone::study {
namespace {

UptakeSensitivitySettings quick() {
  UptakeSensitivitySettings settings;
  settings.samples = 4096;
  settings.bootstrap.replicates = 100;
  return settings;
}

/// Run once for all tests: 12 results.
const std::vector<UptakeSensitivity>& results() {
  static const std::vector<UptakeSensitivity> all = uptake_sensitivity({}, quick());
  return all;
}

const UptakeSensitivity& result_of(std::size_t experiment, ErrorCase error_case) {
  return results()[3 * experiment + static_cast<std::size_t>(error_case)];
}

const stats::SobolResult& indices_of(const UptakeSensitivity& result, SensitivityForm form) {
  return result.forms[static_cast<std::size_t>(form)].indices;
}

std::string label(const UptakeSensitivity& result) {
  return std::string(name_of(result.pattern)) + " " + std::string(name_of(result.wetness)) + " " +
         std::string(name_of(result.error_case));
}

constexpr std::array<SensitivityForm, 3> regular_forms{SensitivityForm::known, SensitivityForm::ratio_rank,
                                                       SensitivityForm::ratio_log};

TEST(UptakeSensitivity, SumRulesHoldInTheRegularForms) {
  ASSERT_EQ(results().size(), 12U);
  for (const UptakeSensitivity& result : results())
    for (SensitivityForm form : regular_forms) {
      const stats::SobolResult& indices = indices_of(result, form);
      const auto& first = indices.sum_first_order;
      const auto& total = indices.sum_total;
      EXPECT_LE(first.value, 1.0 + 3.0 * first.standard_error) << label(result) << ' ' << name_of(form);
      EXPECT_GE(total.value, 1.0 - 3.0 * total.standard_error) << label(result) << ' ' << name_of(form);
      EXPECT_LT(first.standard_error, 0.2) << label(result) << ' ' << name_of(form);
    }
}

TEST(UptakeSensitivity, ThePaperFormHasNoVarianceToSpeakOf) {
  // Under errors of the data ΣR crosses zero: a single row of thousands holds much of the "variance", and it
  // is said.
  int warned = 0;
  for (std::size_t experiment = 0; experiment < 4; ++experiment)
    for (ErrorCase error_case : {ErrorCase::data, ErrorCase::both})
      warned +=
          indices_of(result_of(experiment, error_case), SensitivityForm::ratio).warnings.empty() ? 0 : 1;
  EXPECT_GE(warned, 4);
}

const stats::GroupIndices& leader(const stats::SobolResult& indices,
                                  stats::SobolEstimate stats::GroupIndices::*by) {
  return *std::max_element(indices.groups.begin(), indices.groups.end(),
                           [&](const auto& a, const auto& b) { return (a.*by).value < (b.*by).value; });
}

// The paper's Table 1 has n in front. By Brooks and Corey's own equations ∂ln K/∂ln θs = −η·θs/(θs − θr) =
// −12.4 and ∂ln K/∂ln n = −(2/n)·ln Se = 4.4 at θ = 0.22: ±10 % of θs moves K nearly three times as far as
// ±10 % of n.
TEST(UptakeSensitivity, SaturatedWaterContentLeadsAmongTheSoilsParameters) {
  for (std::size_t experiment = 0; experiment < 4; ++experiment)
    for (SensitivityForm form : regular_forms) {
      const UptakeSensitivity& result = result_of(experiment, ErrorCase::soil);
      const stats::SobolResult& indices = indices_of(result, form);
      EXPECT_EQ(leader(indices, &stats::GroupIndices::first_order).name, "saturated_water_content")
          << label(result);
      EXPECT_EQ(leader(indices, &stats::GroupIndices::total).name, "saturated_water_content")
          << label(result);
    }
}

TEST(UptakeSensitivity, PoreSizeIndexLeadsWhereTheSaturatedWaterContentIsKnown) {
  UptakeExperimentSettings one_day;
  one_day.intervals_days = {1};
  UptakeSensitivitySettings settings = quick();
  settings.errors.known_parameters = {"saturated_water_content"};
  for (RootPattern pattern : {RootPattern::shallow, RootPattern::deep})
    for (Wetness wetness : {Wetness::dry, Wetness::wet}) {
      const LayeredInterval interval =
          layered(one_day, run_uptake_column(one_day, pattern, wetness), 1, {3, 30.0});
      const UptakeSensitivity result =
          interval_sensitivity(interval, one_day.soil, ErrorCase::soil, settings);
      for (SensitivityForm form : regular_forms) {
        const stats::SobolResult& indices = indices_of(result, form);
        EXPECT_EQ(indices.groups.size(), 4U);
        EXPECT_TRUE(indices.sum_rules_hold());
        // Shallow roots in dry soil: hardly anything drains, and the shares of ΣR hang on the heads alone.
        const bool heads_alone =
            pattern == RootPattern::shallow && wetness == Wetness::dry && form != SensitivityForm::known;
        EXPECT_EQ(leader(indices, &stats::GroupIndices::total).name, heads_alone ? "air_entry_head" : "n")
            << name_of(pattern) << ' ' << name_of(wetness) << ' ' << name_of(form);
      }
    }
  settings.errors.known_parameters = {"porosity"};
  const LayeredInterval interval =
      layered(one_day, run_uptake_column(one_day, RootPattern::deep, Wetness::dry), 1, {3, 30.0});
  EXPECT_THROW(interval_sensitivity(interval, one_day.soil, ErrorCase::soil, settings), core::Error);
}

TEST(UptakeSensitivity, WaterContentLeadsWhereverItIsInError) {
  for (std::size_t experiment = 0; experiment < 4; ++experiment)
    for (ErrorCase error_case : {ErrorCase::data, ErrorCase::both})
      for (SensitivityForm form : regular_forms) {
        const UptakeSensitivity& result = result_of(experiment, error_case);
        EXPECT_EQ(leader(indices_of(result, form), &stats::GroupIndices::total).name, "theta")
            << label(result) << ' ' << name_of(form);
      }
}

TEST(UptakeSensitivity, SuccessFallsFromCaseToCase) {
  for (std::size_t experiment = 0; experiment < 4; ++experiment) {
    const UptakeSensitivity& soil = result_of(experiment, ErrorCase::soil);
    const UptakeSensitivity& data = result_of(experiment, ErrorCase::data);
    const UptakeSensitivity& both = result_of(experiment, ErrorCase::both);
    const auto share = [](const UptakeSensitivity& one) {
      return stats::clopper_pearson(one.successes, one.runs);
    };
    EXPECT_GT(share(soil).low, 3.0 * share(both).high) << label(soil);
    // The water contents decide alone: whether the soil is in error too is within the noise.
    EXPECT_LE(share(both).low, share(data).high) << label(both);
  }
}

TEST(UptakeSensitivity, SuccessIsCountedAsAPlainLoopCountsIt) {
  const UptakeExperimentSettings experiment;
  UptakeExperimentSettings one_day = experiment;
  one_day.intervals_days = {1};
  const LayeredInterval interval =
      layered(one_day, run_uptake_column(one_day, RootPattern::deep, Wetness::dry), 1, {3, 30.0});
  UptakeSensitivitySettings settings = quick();
  settings.samples = 256;
  const UptakeSensitivity result = interval_sensitivity(interval, one_day.soil, ErrorCase::data, settings);
  InversionUnderErrors inversion(interval, {one_day.soil}, settings.errors, ErrorCase::data);
  const stats::SaltelliSample sample({inversion.factors(), inversion.groups(), 256, settings.seed});
  const auto truth = uptake::proportions_of_sum(interval.true_uptake_cm);
  std::int64_t successes = 0;
  for (std::size_t matrix = 0; matrix < 2; ++matrix)
    for (std::size_t row = 0; row < 256; ++row) {
      std::vector<double> point(inversion.factors());
      std::vector<double> uptake(3);
      sample.row(matrix, row, point);
      inversion.uptake(point, uptake);
      const auto shares = uptake::proportions_of_sum(uptake);
      successes += 0.01 * uptake::earth_movers_distance(truth, shares, interval.thickness_cm) < 0.01 ? 1 : 0;
    }
  EXPECT_EQ(result.successes, successes);
  EXPECT_EQ(result.runs, 512);
  EXPECT_EQ(result.evaluations, 256 * 4);
}

TEST(UptakeSensitivity, NothingInErrorIsRefused) {
  UptakeSensitivitySettings settings = quick();
  settings.errors.soil = 0.0;
  UptakeExperimentSettings one_day;
  one_day.intervals_days = {1};
  const LayeredInterval interval =
      layered(one_day, run_uptake_column(one_day, RootPattern::deep, Wetness::dry), 1, {3, 30.0});
  EXPECT_THROW(interval_sensitivity(interval, one_day.soil, ErrorCase::soil, settings), core::Error);
  settings.samples = 1;
  EXPECT_THROW(interval_sensitivity(interval, one_day.soil, ErrorCase::data, settings), core::Error);
}

}  // namespace
}  // namespace rootzone::study
