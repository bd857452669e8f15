#include "smar_ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "memory_sink.hpp"
#include "memory_source.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/engine/run.hpp"
#include "rootzone/moisture/smar.hpp"
#include "rootzone/study/random_field.hpp"
#include "smar_layer_ensemble.hpp"

namespace rootzone::pipeline {
namespace {

constexpr std::int64_t cells = 300;
constexpr std::int64_t days = 90;

/// Parameters that differ from cell to cell, with correlated errors; the last cells are unusable.
SmarErrorLayers error_layers() {
  SmarErrorLayers layers;
  for (std::int64_t i = 0; i < cells; ++i) {
    const float part = static_cast<float>(i) / static_cast<float>(cells);
    layers.mean.sw2.push_back(i == cells - 1 ? std::numeric_limits<float>::quiet_NaN() : 0.1F + 0.2F * part);
    layers.mean.sc1.push_back(0.5F - 0.2F * part);
    layers.mean.a.push_back(0.02F + 0.1F * part);
    layers.mean.b.push_back(i == cells - 2 ? 1.2F : 0.2F + 0.3F * part);
    layers.mean.surface_porosity.push_back(0.45F);
    layers.mean.root_zone_porosity.push_back(0.42F);
    layers.mean.initial_saturation.push_back(0.6F);
    const double s = 0.01 + 0.02 * static_cast<double>(part);
    const auto factor = smar_covariance_factor({s * s, 0.0, 0.0, 0.0,          //
                                                0.0, 4.0 * s * s, 0.0, s * s,  //
                                                0.0, 0.0, 0.04 * s * s, 0.0,   //
                                                0.0, s * s, 0.0, s * s});
    layers.covariance_factor.insert(layers.covariance_factor.end(), factor.begin(), factor.end());
  }
  return layers;
}

/// Rain that dries off, two gaps, one of them long; cells differ.
std::vector<std::vector<float>> surface() {
  std::vector<std::vector<float>> columns;
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    std::vector<float> column;
    double moisture = 0.3;
    for (std::int64_t day = 0; day < days; ++day) {
      const auto index = static_cast<std::uint64_t>(cell * days + day);
      if (study::uniform_deviate({3, 9}, index) < 0.15) moisture = 0.42;
      moisture = 0.1 + (moisture - 0.1) * 0.9;
      const bool gap = (day > 20 && day < 24) || (day > 40 && day < 49 + cell % 3);
      column.push_back(gap ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(moisture));
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

moisture::SmarSettings smar_settings() {
  moisture::SmarSettings settings;
  settings.max_gap_days = 6.0;
  settings.respin_days = 5.0;
  return settings;
}

std::vector<float> run(const SmarEnsembleJob& job, const engine::RunOptions& options) {
  engine::Chain chain;
  chain.grid = core::Grid("", {0.0, 0.0, static_cast<double>(cells), 1.0}, 1, cells);
  chain.time = core::TimeAxis({2020, 1, 1}, {2020, 3, 30});
  EXPECT_EQ(chain.time.count(), days);
  chain.sources["surface_soil_moisture"] = make_column_source("surface_soil_moisture", surface());
  chain.stages.push_back(make_smar_ensemble_stage(job).stage);
  const auto sink = std::make_shared<MemorySink>(days, 1, cells);
  chain.sinks["root_zone_soil_moisture_standard_deviation"] = sink;
  engine::run(chain, options, std::filesystem::temp_directory_path().string());
  return sink->values;
}

SmarEnsembleJob job_of(std::shared_ptr<const SmarMemberSource> source) {
  SmarEnsembleJob job;
  job.surface = "surface_soil_moisture";
  job.output = "root_zone_soil_moisture";
  job.settings = smar_settings();
  job.source = std::move(source);
  return job;
}

/// The plain way: each member by itself with smar_series, mean first, then the deviations from it.
std::vector<float> reference(const SmarMemberSource& source) {
  const auto columns = surface();
  std::vector<float> spread(static_cast<std::size_t>(days * cells));
  for (std::int64_t cell = 0; cell < cells; ++cell) {
    std::vector<std::vector<float>> members;
    for (std::int64_t member = 0; member < source.members(); ++member) {
      SmarMember p;
      source.fill(member, cell, 1, p);
      const moisture::SmarSite site{p.sw2[0],
                                    p.sc1[0],
                                    p.a[0],
                                    p.b[0],
                                    p.surface_porosity[0],
                                    p.root_zone_porosity[0],
                                    400.0,
                                    p.initial_saturation[0]};
      members.push_back(moisture::smar_series(site, smar_settings(), columns[static_cast<std::size_t>(cell)])
                            .water_content);
    }
    for (std::size_t day = 0; day < static_cast<std::size_t>(days); ++day) {
      double mean = 0.0, squares = 0.0;
      for (const auto& member : members) mean += static_cast<double>(member[day]);
      mean /= static_cast<double>(members.size());
      for (const auto& member : members) squares += std::pow(static_cast<double>(member[day]) - mean, 2);
      spread[day * static_cast<std::size_t>(cells) + static_cast<std::size_t>(cell)] =
          static_cast<float>(std::sqrt(squares / static_cast<double>(members.size() - 1)));
    }
  }
  return spread;
}

TEST(SmarEnsemble, EqualsEachMemberRunByItself) {
  const auto source = std::make_shared<SmarErrorMembers>(error_layers(), 12, 5);
  const auto expected = reference(*source);
  const auto found = run(job_of(source), {});
  std::size_t valid = 0, spread = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(std::isnan(found[i]), std::isnan(expected[i])) << i;
    if (std::isnan(expected[i])) continue;
    ++valid;
    ASSERT_NEAR(found[i], expected[i], 1e-7) << i;
    if (found[i] > 0.0F) ++spread;  // 0 where every member is saturated
  }
  EXPECT_GT(valid, expected.size() * 8 / 10);
  EXPECT_GT(spread, valid * 3 / 4);
  EXPECT_TRUE(std::isnan(found[static_cast<std::size_t>(cells - 1)])) << "no parameters, no spread";
  EXPECT_TRUE(std::isnan(found[static_cast<std::size_t>(cells - 2)])) << "b ≥ 1 in the mean";
}

TEST(SmarEnsemble, GivesTheSameBytesForAnyThreadsAndCuts) {
  const auto job = job_of(std::make_shared<SmarErrorMembers>(error_layers(), 8, 5));
  engine::RunOptions one;
  one.threads = 1;
  const auto expected = run(job, one);
  struct Cut {
    int threads;
    std::int64_t steps;
    std::int64_t strip;
  };
  for (const Cut cut : {Cut{2, 1, 7}, Cut{4, 13, 64}, Cut{3, 90, 300}}) {
    engine::RunOptions options;
    options.threads = cut.threads;
    options.forced_block = engine::BlockShape{cut.steps, 1};
    options.forced_strip_pixels = cut.strip;
    const auto found = run(job, options);
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_TRUE(found[i] == expected[i] || (std::isnan(found[i]) && std::isnan(expected[i]))) << i;
  }
}

// Far from the bounds the members have the covariance they were drawn from, exactly.
TEST(SmarEnsemble, MembersHaveTheCovarianceAskedFor) {
  const SmarErrorMembers source(error_layers(), 20, 1);
  double squares_sc1 = 0.0, products = 0.0, sum_sc1 = 0.0;
  SmarErrorLayers layers = error_layers();
  constexpr std::int64_t cell = 100;
  const double s = 0.01 + 0.02 / 3.0;
  for (std::int64_t member = 0; member < 20; ++member) {
    SmarMember p;
    source.fill(member, cell, 1, p);
    const double sc1 = static_cast<double>(p.sc1[0]) - static_cast<double>(layers.mean.sc1[cell]);
    const double b = static_cast<double>(p.b[0]) - static_cast<double>(layers.mean.b[cell]);
    sum_sc1 += sc1;
    squares_sc1 += sc1 * sc1;
    products += sc1 * b;
  }
  EXPECT_NEAR(sum_sc1, 0.0, 1e-6);
  EXPECT_NEAR(squares_sc1 / 19.0, 4.0 * s * s, 1e-7);
  EXPECT_NEAR(products / 19.0, s * s, 1e-7);
}

// Errors of sw2, sc1 − sw2, ln a and ln(b/a): with an error of sw2 alone sc1 goes along, with one of ln a
// alone b does, and the members' geometric mean of a is the parameter.
TEST(SmarEnsemble, BalancedErrorsKeepWhatBelongsTogether) {
  SmarErrorLayers layers = error_layers();
  layers.balanced = true;
  layers.covariance_factor.clear();
  const auto factor = smar_covariance_factor({1e-4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.09, 0, 0, 0, 0, 0});
  for (std::int64_t i = 0; i < cells; ++i)
    layers.covariance_factor.insert(layers.covariance_factor.end(), factor.begin(), factor.end());
  const SmarErrorMembers source(layers, 20, 1);
  double sum_of_logs = 0.0;
  constexpr std::int64_t cell = 50;
  for (std::int64_t member = 0; member < 20; ++member) {
    SmarMember p;
    source.fill(member, cell, 1, p);
    EXPECT_NEAR(p.sc1[0] - p.sw2[0], layers.mean.sc1[cell] - layers.mean.sw2[cell], 1e-6);
    EXPECT_NEAR(p.b[0] / p.a[0], layers.mean.b[cell] / layers.mean.a[cell], 1e-5);
    sum_of_logs += std::log(static_cast<double>(p.a[0]) / static_cast<double>(layers.mean.a[cell]));
  }
  EXPECT_NEAR(sum_of_logs, 0.0, 1e-5);
}

TEST(SmarEnsemble, MembersStayInsideTheBounds) {
  SmarErrorLayers layers = error_layers();
  for (float& value : layers.covariance_factor) value *= 100.0F;
  layers.initial_is_sc1 = true;
  const SmarErrorMembers source(layers, 20, 1);
  bool moved = false;
  for (std::int64_t member = 0; member < 20; ++member) {
    SmarMember p;
    source.fill(member, 0, cells - 2, p);
    for (std::size_t i = 0; i < p.sw2.size(); ++i) {
      ASSERT_TRUE(p.sw2[i] >= 0.0F && p.sw2[i] < 1.0F && p.sc1[i] >= 0.0F && p.sc1[i] <= 1.0F);
      ASSERT_TRUE(p.a[i] > 0.0F && p.a[i] <= 1.0F && p.b[i] > 0.0F && p.b[i] < 1.0F);
      moved = moved || p.sw2[i] == 0.0F;
      ASSERT_EQ(p.initial_saturation[i], p.sc1[i]);
    }
  }
  EXPECT_TRUE(moved);
}

TEST(SmarEnsemble, FactorsMatricesOfLowerRank) {
  // One error that all four share: L is its column, the rest zero.
  std::array<double, 16> shared{};
  shared.fill(0.25);
  const auto factor = smar_covariance_factor(shared);
  EXPECT_EQ(factor, (std::array<float, 10>{0.5F, 0.5F, 0.0F, 0.5F, 0.0F, 0.0F, 0.5F, 0.0F, 0.0F, 0.0F}));
  shared[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(smar_covariance_factor(shared)[9]));
}

TEST(SmarEnsemble, LayersOfMembersAreUsedAsTheyAre) {
  const SmarErrorMembers drawn(error_layers(), 8, 3);
  std::vector<SmarMember> members(8);
  for (std::int64_t member = 0; member < 8; ++member)
    drawn.fill(member, 0, cells, members[static_cast<std::size_t>(member)]);
  const auto given = std::make_shared<SmarLayerMembers>(members);
  const auto from_layers = run(job_of(given), {});
  const auto from_errors = run(job_of(std::make_shared<SmarErrorMembers>(error_layers(), 8, 3)), {});
  for (std::size_t i = 0; i < from_layers.size(); ++i)
    ASSERT_TRUE(from_layers[i] == from_errors[i] || std::isnan(from_errors[i])) << i;
  members[3].b.pop_back();
  EXPECT_THROW(SmarLayerMembers{members}, core::Error);
}

// Where a pedotransfer function has no result, the others carry on: as if that member were not there.
TEST(SmarEnsemble, AMemberWithoutAValueIsLeftOutInThatCell) {
  const SmarErrorMembers drawn(error_layers(), 8, 3);
  std::vector<SmarMember> members(4);
  for (std::int64_t member = 0; member < 4; ++member)
    drawn.fill(member, 0, cells, members[static_cast<std::size_t>(member)]);
  const auto without_last = run(
      job_of(std::make_shared<SmarLayerMembers>(std::vector<SmarMember>(members.begin(), members.end() - 1))),
      {});
  const std::vector<float> plain = members[0].surface_porosity;
  for (std::size_t cell = 100; cell < 200; ++cell) {
    for (auto* column : {&members[3].sw2, &members[3].surface_porosity, &members[3].root_zone_porosity})
      (*column)[cell] = std::numeric_limits<float>::quiet_NaN();
  }
  fill_surface_porosity(members[3], plain);
  const auto with_gaps = run(job_of(std::make_shared<SmarLayerMembers>(members)), {});
  std::size_t same = 0, other = 0;
  for (std::size_t i = 0; i < with_gaps.size(); ++i) {
    const std::size_t cell = i % static_cast<std::size_t>(cells);
    if (std::isnan(without_last[i])) continue;
    ASSERT_FALSE(std::isnan(with_gaps[i])) << i;
    if (cell >= 100 && cell < 200) {
      ASSERT_EQ(with_gaps[i], without_last[i]) << i;
      ++same;
    } else {
      other += with_gaps[i] != without_last[i] ? 1 : 0;
    }
  }
  EXPECT_GT(same, 5000U);
  EXPECT_GT(other, 10000U);
}

TEST(SmarEnsemble, OneMemberLeftHasNoSpread) {
  const SmarErrorMembers drawn(error_layers(), 8, 3);
  std::vector<SmarMember> members(2);
  for (std::int64_t member = 0; member < 2; ++member)
    drawn.fill(member, 0, cells, members[static_cast<std::size_t>(member)]);
  members[1].sw2[7] = std::numeric_limits<float>::quiet_NaN();
  const auto spread = run(job_of(std::make_shared<SmarLayerMembers>(members)), {});
  EXPECT_TRUE(std::isnan(spread[7]));
  EXPECT_FALSE(std::isnan(spread[8]));
  EXPECT_THROW(make_smar_ensemble_stage(job_of(std::make_shared<SmarLayerMembers>(
                   std::vector<SmarMember>(members.begin(), members.begin() + 1)))),
               core::Error);
}

TEST(SmarEnsemble, RefusesTooFewMembers) {
  EXPECT_THROW(make_smar_ensemble_stage(job_of(std::make_shared<SmarErrorMembers>(error_layers(), 7, 1))),
               core::Error);
}

}  // namespace
}  // namespace rootzone::pipeline
