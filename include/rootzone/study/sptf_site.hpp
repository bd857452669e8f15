#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"

namespace rootzone::study {

/// Surface soil, fractions and g/cm³.
struct SiteSoil {
  double sand = 0.4;
  double silt = 0.4;
  double clay = 0.2;
  double bulk_density = 1.4;
};

/// A site for training or judging site-specific pedotransfer functions: two years of consecutive days, the
/// first as input, the second as target. All series have as many days. Weather holds no NaN.
struct SptfSite {
  std::string name;
  std::string climate;  ///< of a twin; else empty
  SiteSoil soil;
  core::Date first_day;
  std::vector<float> surface_soil_moisture;  ///< observed at 5 cm, m3 m-3; NaN = not observed
  std::vector<float> precipitation_mm;
  std::vector<float> potential_evapotranspiration_mm;
  std::vector<float> leaf_area_index;
  std::vector<float> land_surface_temperature_c;
  std::vector<float> true_moisture_5cm;  ///< of a twin, no noise, no gaps; else empty

  std::size_t days() const { return precipitation_mm.size(); }
  /// Land surface at or above 0 °C: the day counts (Eq. 3).
  bool thawed(std::size_t day) const { return land_surface_temperature_c[day] >= 0.0F; }
};

/// Days of one of the two years: the series' first half and its second.
inline constexpr std::size_t sptf_year_days = 365;

/// Which sites do what.
struct SiteSplit {
  std::vector<std::size_t> training;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

/// Split sites at random, 70/15/15 unless told otherwise (shares of training and validation). Which part a
/// site falls into depends on seed and names, not on their order. Every index is in one part; parts are
/// ascending. Pure.
SiteSplit split_sites(std::span<const std::string> names, std::uint64_t seed, double training_share = 0.7,
                      double validation_share = 0.15);

}  // namespace rootzone::study
