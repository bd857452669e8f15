#include "rootzone/soil/pedotransfer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::soil {
namespace {

using P = SoilProperty;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();
const SoilSample loam{40.0, 40.0, 20.0, 1.4, 1.2, true};

/// Soils of every texture, dense and loose, with and without humus. mt19937_64 gives the same everywhere.
std::vector<SoilSample> random_soils(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 bits(seed);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  std::vector<SoilSample> soils;
  for (std::size_t i = 0; i < count; ++i) {
    double first = uniform();
    double second = uniform();
    if (first > second) std::swap(first, second);
    soils.push_back({100.0 * first, 100.0 * (second - first), 100.0 * (1.0 - second), 0.8 + 1.1 * uniform(),
                     8.0 * uniform() * uniform(), uniform() < 0.5});
  }
  return soils;
}

TEST(Pedotransfer, NamesAndTablesAgree) {
  ASSERT_EQ(soil_properties().size(), soil_property_count);
  for (std::size_t i = 0; i < soil_property_count; ++i)
    EXPECT_EQ(static_cast<std::size_t>(soil_properties()[i].property), i);
  for (const PedotransferInfo& info : pedotransfer_functions()) {
    EXPECT_EQ(parse_pedotransfer_function(info.name), info.function);
    EXPECT_EQ(info_of(info.function).name, info.name);
  }
}

TEST(Pedotransfer, SuggestsTheNameThatWasMeant) {
  try {
    parse_pedotransfer_function("woesten");
    FAIL() << "accepted";
  } catch (const core::Error& error) {
    EXPECT_EQ(error.kind(), core::ErrorKind::usage);
    EXPECT_THAT(error.what(), testing::HasSubstr("wosten"));
  }
}

TEST(Pedotransfer, GivesWhatItSaysAndNothingElse) {
  for (const PedotransferInfo& info : pedotransfer_functions()) {
    const SoilEstimate estimate = estimate_soil(info.function, loam);
    EXPECT_EQ(estimate.rejection, Rejection::none) << info.name << ": " << describe(estimate.rejection);
    EXPECT_FALSE(estimate.outside_validity);
    for (std::size_t i = 0; i < soil_property_count; ++i)
      EXPECT_EQ(std::isfinite(estimate.values[i]), info.gives[i])
          << info.name << " " << soil_properties()[i].name;
  }
}

TEST(Pedotransfer, CommonUnitsOfTheWorkedLoam) {
  const SoilEstimate saxton = estimate_soil(PedotransferFunction::saxton_rawls, loam);
  EXPECT_NEAR(saxton[P::saturated_hydraulic_conductivity], 2.4 * 13.9394, 2e-4);  // from mm/h
  EXPECT_NEAR(saxton[P::available_water_content], 0.274866 - 0.134369, 1e-6);
  const SoilEstimate rawls = estimate_soil(PedotransferFunction::rawls_brakensiek, loam);
  EXPECT_NEAR(rawls[P::van_genuchten_alpha], 1.0 / 23.346, 1e-6);
  EXPECT_NEAR(rawls[P::van_genuchten_n], 1.32097, 5e-6);
  // Their own curve, Brooks and Corey's: θr + (φ − θr)·(23.346/336.5)^0.32097.
  EXPECT_NEAR(rawls[P::water_content_33kpa],
              0.082421 + (0.471698 - 0.082421) * std::pow(23.346 / 336.5, 0.32097), 2e-5);
  const SoilEstimate cosby = estimate_soil(PedotransferFunction::cosby, loam);
  EXPECT_NEAR(cosby[P::water_content_33kpa], 0.4386 * std::pow(22.699 / 336.5, 1.0 / 6.09), 1e-5);
  const SoilEstimate vereecken = estimate_soil(PedotransferFunction::vereecken, loam);
  EXPECT_NEAR(vereecken[P::water_content_33kpa],
              0.1318 + 0.3020 / (1.0 + std::pow(0.002403 * 336.5, 0.72108)), 1e-5);
  EXPECT_NEAR(estimate_soil(PedotransferFunction::toth, loam)[P::water_content_33kpa], 0.304354, 5e-7);
}

TEST(Pedotransfer, UsesTheInputsItSaysItUses) {
  for (const PedotransferInfo& info : pedotransfer_functions()) {
    SoilSample without_density = loam;
    without_density.bulk_density_g_per_cm3 = missing;
    EXPECT_EQ(estimate_soil(info.function, without_density).rejection == Rejection::missing_input,
              info.uses_bulk_density)
        << info.name;
    SoilSample without_carbon = loam;
    without_carbon.organic_carbon_percent = missing;
    EXPECT_EQ(estimate_soil(info.function, without_carbon).rejection == Rejection::missing_input,
              info.uses_organic_carbon)
        << info.name;
    SoilSample without_clay = loam;
    without_clay.clay_percent = missing;
    EXPECT_EQ(estimate_soil(info.function, without_clay).rejection, Rejection::missing_input) << info.name;
  }
}

TEST(Pedotransfer, ImpossibleSoilsAreDropped) {
  const auto reason = [](const SoilSample& sample) {
    return estimate_soil(PedotransferFunction::weynants, sample).rejection;
  };
  EXPECT_EQ(reason({-1.0, 81.0, 20.0, 1.4, 1.2}), Rejection::impossible_input);
  EXPECT_EQ(reason({40.0, 40.0, 30.0, 1.4, 1.2}), Rejection::impossible_input);     // 110 %
  EXPECT_EQ(reason({40.0, 40.0, 23.0, 1.4, 1.2}), Rejection::none);                 // rounded maps: 103 %
  EXPECT_EQ(reason({0.4, 0.4, 0.2, 1.4, 1.2}), Rejection::impossible_input);        // fractions
  EXPECT_EQ(reason({40.0, 40.0, 20.0, 1400.0, 1.2}), Rejection::impossible_input);  // kg/m³
  EXPECT_EQ(reason({40.0, 40.0, 20.0, 0.0, 1.2}), Rejection::impossible_input);
  EXPECT_EQ(reason({40.0, 40.0, 20.0, 1.4, -0.1}), Rejection::impossible_input);
  EXPECT_EQ(reason({40.0, 40.0, 20.0, 1.4, 60.0}), Rejection::impossible_input);  // more than all is humus
}

TEST(Pedotransfer, SoilsOutsideTheAuthorsRangeAreFlaggedAndKept) {
  const SoilSample sandy{75.0, 15.0, 10.0, 1.5, 1.0, true};
  const SoilEstimate rawls = estimate_soil(PedotransferFunction::rawls_brakensiek, sandy);
  EXPECT_TRUE(rawls.outside_validity);
  EXPECT_EQ(rawls.rejection, Rejection::none) << describe(rawls.rejection);
  EXPECT_TRUE(std::isfinite(rawls[P::water_content_33kpa]));
  EXPECT_FALSE(estimate_soil(PedotransferFunction::saxton_rawls, sandy).outside_validity);
  const SoilSample heavy{10.0, 28.0, 62.0, 1.3, 1.0, true};
  EXPECT_TRUE(estimate_soil(PedotransferFunction::saxton_rawls, heavy).outside_validity);
  const SoilSample peaty{40.0, 40.0, 20.0, 1.0, 5.0, true};  // 8.6 % organic matter
  EXPECT_TRUE(estimate_soil(PedotransferFunction::saxton_rawls, peaty).outside_validity);
  EXPECT_FALSE(estimate_soil(PedotransferFunction::rawls_brakensiek, peaty).outside_validity);
}

TEST(Pedotransfer, LogarithmsOfNothingAreUndefinedNotInfinite) {
  const SoilSample no_silt{80.0, 0.0, 20.0, 1.5, 1.0, true};
  const SoilEstimate estimate = estimate_soil(PedotransferFunction::wosten, no_silt);
  EXPECT_EQ(estimate.rejection, Rejection::undefined);
  for (double value : estimate.values) EXPECT_TRUE(std::isnan(value));
}

// Every result is one that a soil can have, or is dropped with everything missing.
TEST(Pedotransfer, ResultsArePhysicalOrDropped) {
  constexpr std::uint64_t seed = 20'240'604;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::map<Rejection, int> reasons;
  for (const SoilSample& soil : random_soils(20'000, seed)) {
    for (const PedotransferInfo& info : pedotransfer_functions()) {
      const SoilEstimate e = estimate_soil(info.function, soil);
      ++reasons[e.rejection];
      if (e.rejection != Rejection::none) {
        for (double value : e.values) ASSERT_TRUE(std::isnan(value));
        continue;
      }
      ASSERT_GE(e[P::water_content_33kpa], e[P::water_content_1500kpa]);
      ASSERT_GE(e[P::water_content_1500kpa], 0.0);
      ASSERT_EQ(e[P::available_water_content], e[P::water_content_33kpa] - e[P::water_content_1500kpa]);
      ASSERT_FALSE(e[P::saturated_water_content] > 1.0 ||
                   e[P::water_content_33kpa] > e[P::saturated_water_content]);
      ASSERT_FALSE(e[P::residual_water_content] < 0.0 ||
                   e[P::residual_water_content] > e[P::saturated_water_content]);
      ASSERT_FALSE(e[P::van_genuchten_n] < 1.1);
      ASSERT_FALSE(e[P::van_genuchten_alpha] < 1e-5 || e[P::van_genuchten_alpha] > 1.0);
      ASSERT_FALSE(e[P::saturated_hydraulic_conductivity] <= 0.0);
    }
  }
  // The draws reach every bound; without that the above would say little.
  EXPECT_EQ(reasons[Rejection::missing_input] + reasons[Rejection::impossible_input], 0);
  EXPECT_GT(reasons[Rejection::none], 70'000);
  EXPECT_GT(reasons[Rejection::small_n], 100);
  EXPECT_GT(reasons[Rejection::water_order], 100);
}

SoilEstimate with_water(double moist, double dry) {
  SoilEstimate estimate;
  estimate[P::water_content_33kpa] = moist;
  estimate[P::water_content_1500kpa] = dry;
  return estimate;
}

TEST(PedotransferEnsemble, MedianAndSpreadByHand) {
  const std::vector<SoilEstimate> four{with_water(0.30, 0.10), with_water(0.20, missing),
                                       with_water(0.26, 0.12), with_water(0.24, 0.20)};
  const SoilEnsemble ensemble = combine(four);
  const auto moist = static_cast<std::size_t>(P::water_content_33kpa);
  const auto dry = static_cast<std::size_t>(P::water_content_1500kpa);
  const auto n = static_cast<std::size_t>(P::van_genuchten_n);
  EXPECT_EQ(ensemble.members[moist], 4);
  EXPECT_NEAR(ensemble.median[moist], 0.25, 1e-15);
  EXPECT_NEAR(ensemble.standard_deviation[moist], std::sqrt(0.0052 / 3.0), 1e-15);  // ±.05 ±.05 ±.01 ±.01
  EXPECT_EQ(ensemble.members[dry], 3);
  EXPECT_NEAR(ensemble.median[dry], 0.12, 1e-15);
  EXPECT_EQ(ensemble.members[n], 0);
  EXPECT_TRUE(std::isnan(ensemble.median[n]));
  EXPECT_TRUE(std::isnan(ensemble.standard_deviation[n]));
}

TEST(PedotransferEnsemble, OneMemberHasNoSpread) {
  const std::vector<SoilEstimate> one{with_water(0.30, 0.10)};
  const SoilEnsemble ensemble = combine(one);
  EXPECT_EQ(ensemble.median[static_cast<std::size_t>(P::water_content_33kpa)], 0.30);
  EXPECT_TRUE(std::isnan(ensemble.standard_deviation[static_cast<std::size_t>(P::water_content_33kpa)]));
}

TEST(PedotransferEnsemble, OrderOfTheFunctionsHasNoEffect) {
  for (const SoilSample& soil : random_soils(500, 11)) {
    std::vector<SoilEstimate> members;
    for (const PedotransferInfo& info : pedotransfer_functions())
      members.push_back(estimate_soil(info.function, soil));
    const SoilEnsemble forward = combine(members);
    std::reverse(members.begin(), members.end());
    const SoilEnsemble backward = combine(members);
    for (std::size_t i = 0; i < soil_property_count; ++i) {
      ASSERT_EQ(std::isnan(forward.median[i]), std::isnan(backward.median[i]));
      if (!std::isnan(forward.median[i])) {
        ASSERT_EQ(forward.median[i], backward.median[i]);
      }
      if (!std::isnan(forward.standard_deviation[i])) {
        ASSERT_EQ(forward.standard_deviation[i], backward.standard_deviation[i]);
      }
    }
  }
}

TEST(PedotransferEnsemble, DroppedMembersRaiseNoValidityFlag) {
  SoilEstimate outside = with_water(0.3, 0.1);
  outside.outside_validity = true;
  SoilEstimate dropped;
  dropped.rejection = Rejection::small_n;
  dropped.outside_validity = true;
  EXPECT_TRUE(combine(std::vector{outside}).outside_validity);
  EXPECT_FALSE(combine(std::vector{with_water(0.3, 0.1), dropped}).outside_validity);
}

}  // namespace
}  // namespace rootzone::soil
