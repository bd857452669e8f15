#include "rootzone/study/twin_sites.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "rootzone/core/error.hpp"

namespace rootzone::study {
namespace {

TwinOptions few(std::int64_t sites) {
  TwinOptions options;
  options.sites = sites;
  return options;
}

void backwards_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  for (std::int64_t i = count - 1; i >= 0; --i) body(i);
}

TEST(TwinSites, ASiteDependsOnSeedAndNumberAlone) {
  const std::vector<TwinSite> three = make_twin_sites(few(3), core::serial_for, nullptr);
  const std::vector<TwinSite> five = make_twin_sites(few(5), backwards_for, nullptr);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(three[i].site.name, five[i].site.name);
    EXPECT_EQ(three[i].site.true_moisture_5cm, five[i].site.true_moisture_5cm);
    EXPECT_EQ(three[i].site.precipitation_mm, five[i].site.precipitation_mm);
    EXPECT_EQ(three[i].soil.parameters, five[i].soil.parameters);
  }
  TwinOptions other = few(1);
  other.seed = 2;
  EXPECT_NE(make_twin_sites(other, core::serial_for, nullptr)[0].site.true_moisture_5cm,
            three[0].site.true_moisture_5cm);
}

TEST(TwinSites, TruthIsPhysicalAndBothModelsTakeTurns) {
  for (const TwinSite& twin : make_twin_sites(few(6), core::serial_for, nullptr)) {
    ASSERT_EQ(twin.site.days(), 730U);
    ASSERT_EQ(twin.site.true_moisture_5cm.size(), 730U);
    const double residual = twin.soil.model == SptfModel::van_genuchten ? twin.soil.parameters[4] : 0.0;
    for (const float moisture : twin.site.true_moisture_5cm) {
      EXPECT_GE(static_cast<double>(moisture), residual - 1e-6);
      EXPECT_LE(static_cast<double>(moisture), twin.soil.parameters[0] + 1e-6);
    }
    const bool even = (twin.site.name.back() - '0') % 2 == 0;
    EXPECT_EQ(twin.soil.model, even ? SptfModel::fredlund_xing : SptfModel::van_genuchten);
  }
}

TEST(TwinSites, ObservationsHaveNoiseAndGapsAndNoFrozenDay) {
  std::vector<float> truth(20000, 0.3F);
  std::vector<float> temperature(truth.size(), 5.0F);
  for (std::size_t d = 0; d < 1000; ++d) temperature[d] = -1.0F;
  const std::vector<float> seen = observe_twin(truth, temperature, {}, 3, 40);
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  for (std::size_t d = 0; d < seen.size(); ++d) {
    if (d < 1000) {
      EXPECT_TRUE(std::isnan(seen[d]));
    }
    if (std::isnan(seen[d])) continue;
    const double error = static_cast<double>(seen[d]) - 0.3;
    sum += error;
    squares += error * error;
    count += 1.0;
  }
  EXPECT_NEAR(sum / count, 0.0, 0.002);
  EXPECT_NEAR(std::sqrt(squares / count), 0.04, 0.001);
  EXPECT_GT(count / 19000.0, 0.3);
  EXPECT_LT(count / 19000.0, 0.8);
  const std::vector<float> all = observe_twin(truth, temperature, {0.0, 1.0, 0.0, 20.0}, 3, 40);
  EXPECT_EQ(std::count(all.begin(), all.end(), 0.3F), 19000);
}

TEST(TwinSites, TextureSaysAsMuchOfParametersAsAskedFor) {
  const auto correlation = [](double asked) {
    double n = 0.0;
    double x = 0.0;
    double y = 0.0;
    double xx = 0.0;
    double yy = 0.0;
    double xy = 0.0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const TwinSoil twin = draw_twin_soil(SptfModel::van_genuchten, asked, 1, 100 * i);
      const double coarse = twin.soil.sand - twin.soil.clay;
      const double log_k = std::log(twin.parameters[3]);
      n += 1.0;
      x += coarse;
      y += log_k;
      xx += coarse * coarse;
      yy += log_k * log_k;
      xy += coarse * log_k;
    }
    return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
  };
  EXPECT_NEAR(correlation(0.5), 0.48, 0.05);  // a little less than of the normal scores
  EXPECT_NEAR(correlation(0.0), 0.0, 0.05);
  EXPECT_GT(correlation(0.9), 0.8);
}

TEST(TwinSites, ParametersFillTheirRanges) {
  for (const SptfModel model : {SptfModel::van_genuchten, SptfModel::fredlund_xing})
    for (std::size_t k = 0; k < sptf_parameter_count; ++k) {
      double below_quarter = 0.0;
      for (std::uint64_t i = 0; i < 1000; ++i) {
        const TwinSoil twin = draw_twin_soil(model, 0.5, 7, 100 * i);
        const double unit = sptf_unit(model, twin.parameters, twin_saturation_ceiling)[k];
        EXPECT_GE(unit, -1e-12);
        EXPECT_LE(unit, 1.0 + 1e-12);
        below_quarter += unit < 0.25 ? 1e-3 : 0.0;
      }
      EXPECT_NEAR(below_quarter, 0.25, 0.06) << sptf_ranges(model)[k].name;
    }
}

TEST(TwinSites, RefuseOptionsOutOfRange) {
  TwinOptions options = few(0);
  EXPECT_THROW(make_twin_sites(options, core::serial_for, nullptr), core::Error);
  options = few(1);
  options.texture_correlation = 1.0;
  EXPECT_THROW(make_twin_sites(options, core::serial_for, nullptr), core::Error);
  options = few(1);
  options.observing.observed_share = 0.0;
  EXPECT_THROW(make_twin_sites(options, core::serial_for, nullptr), core::Error);
}

}  // namespace
}  // namespace rootzone::study
