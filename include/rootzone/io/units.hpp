#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rootzone::io {

/// Water's density, by which kg m-2 is mm and kg m-2 s-1 is mm s-1: the one rule that turns a mass of water
/// per area into a depth. UDUNITS knows no such rule.
inline constexpr double water_density_kg_per_m3 = 1000.0;

/// target = scale · source + offset. A pure value, safe from any thread.
struct UnitConverter {
  double scale = 1.0;
  double offset = 0.0;
  bool used_water_density = false;

  bool is_identity() const { return scale == 1.0 && offset == 0.0; }
  double operator()(double value) const { return value * scale + offset; }
  /// In place; NaN stays NaN.
  void apply(std::span<float> values) const;
};

/// The conversion by UDUNITS 2, then by the water-density rule. Understands what files in the field write:
/// "m3/m3", "m³ m⁻³", "m**3 m**-3", "cm3cm-3", "%", "mm/day", "Meter", "celsius", "-" for dimensionless.
/// Throws Error(data), naming both units and the remedy, if `from` is empty or "undefined" (while `to` is
/// not empty), if either is unknown to UDUNITS, if they measure different things, or if one has a month or
/// a year in it: these have no fixed length, the calendar counts them (see `per_period`).
/// An empty `to` is no conversion. Thread-safe: UDUNITS is behind a lock of its own.
UnitConverter make_converter(std::string_view from, std::string_view to);

/// True for "", "undefined", "unknown", "none" and the like.
bool is_unknown_unit(std::string_view units);
/// True for an amount of water without "per time": a length or a mass per area.
bool is_water_amount(std::string_view units);

enum class UnitPeriod { month, year };
/// A rate per calendar period, split: "mm month-1" is an amount of "mm" per month.
struct PeriodRate {
  std::string amount;
  UnitPeriod period = UnitPeriod::month;
};
/// The rate per month or year that `units` is, or nothing.
std::optional<PeriodRate> per_period(std::string_view units);

}  // namespace rootzone::io
