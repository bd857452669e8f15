#include "rootzone/soil/column_forcing.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::soil {
namespace {

enum class Sign { any, not_negative, positive };

void check_series(const char* name, const std::vector<double>& series, std::size_t intervals, Sign sign) {
  if (!series.empty() && series.size() != intervals)
    throw core::Error(core::ErrorKind::data, std::string("column forcing: ") + name + " has " +
                                                 std::to_string(series.size()) + " values for " +
                                                 std::to_string(intervals) + " intervals");
  for (std::size_t i = 0; i < series.size(); ++i) {
    const bool fits = std::isfinite(series[i]) && (sign == Sign::any || series[i] > 0.0 ||
                                                   (sign == Sign::not_negative && series[i] == 0.0));
    if (!fits)
      throw core::Error(core::ErrorKind::data,
                        std::string("column forcing: ") + name + " of interval " + std::to_string(i + 1) +
                            " is " + std::to_string(series[i]) +
                            (sign == Sign::any        ? "; expected a number"
                             : sign == Sign::positive ? "; expected a number above 0"
                                                      : "; expected a number, at least 0"));
  }
}

}  // namespace

void ColumnForcing::validate() const {
  check_series("duration_d", duration_d, intervals(), Sign::positive);
  check_series("precipitation_cm_d", precipitation_cm_d, intervals(), Sign::not_negative);
  check_series("potential_evaporation_cm_d", potential_evaporation_cm_d, intervals(), Sign::not_negative);
  check_series("potential_transpiration_cm_d", potential_transpiration_cm_d, intervals(), Sign::not_negative);
  check_series("top_head_cm", top_head_cm, intervals(), Sign::any);
  check_series("bottom_value", bottom_value, intervals(), Sign::any);
}

ColumnForcing sinusoidal(const ColumnForcing& forcing, std::size_t parts) {
  if (parts < 1) throw core::Error(core::ErrorKind::usage, "an interval needs at least one part, found 0");
  const double n = static_cast<double>(parts);
  const auto spread = [&](const std::vector<double>& from, bool rate) {
    std::vector<double> to;
    to.reserve(from.size() * parts);
    for (const double value : from)
      for (std::size_t k = 0; k < parts; ++k) {
        // Mean of (π/2)·sin(πt) over the part.
        const double a = static_cast<double>(k) / n, b = static_cast<double>(k + 1) / n;
        const double mean = 0.5 * n * (std::cos(std::numbers::pi * a) - std::cos(std::numbers::pi * b));
        to.push_back(rate ? value * mean : value);
      }
    return to;
  };
  ColumnForcing out;
  out.duration_d = spread(forcing.duration_d, false);
  for (double& duration : out.duration_d) duration /= n;
  out.precipitation_cm_d = spread(forcing.precipitation_cm_d, true);
  out.potential_evaporation_cm_d = spread(forcing.potential_evaporation_cm_d, true);
  out.potential_transpiration_cm_d = spread(forcing.potential_transpiration_cm_d, true);
  out.top_head_cm = spread(forcing.top_head_cm, false);
  out.bottom_value = spread(forcing.bottom_value, false);
  return out;
}

}  // namespace rootzone::soil
