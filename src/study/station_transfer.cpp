#include "rootzone/study/station_transfer.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "rootzone/core/error.hpp"
#include "rootzone/stats/quantile.hpp"

namespace rootzone::study {
namespace {

constexpr double earth_radius_km = 6371.0088;  // mean radius R1 (Moritz 2000)
constexpr double same_place_km = 1e-3;

constexpr std::array<std::pair<TransferMethod, std::string_view>, 4> names{
    {{TransferMethod::regression, "regression"},
     {TransferMethod::nearest_station, "nearest_station"},
     {TransferMethod::inverse_distance, "inverse_distance"},
     {TransferMethod::global_median, "global_median"}}};

}  // namespace

std::string_view name_of(TransferMethod method) {
  for (const auto& [one, name] : names)
    if (one == method) return name;
  return "";
}

std::optional<TransferMethod> parse_transfer_method(std::string_view word) {
  for (const auto& [method, name] : names)
    if (name == word) return method;
  return std::nullopt;
}

// The haversine form keeps its digits for near places.
double distance_km(const SitePlace& a, const SitePlace& b) {
  constexpr double radians = std::numbers::pi / 180.0;
  const double half_latitude = 0.5 * radians * (b.latitude_deg - a.latitude_deg);
  const double half_longitude = 0.5 * radians * (b.longitude_deg - a.longitude_deg);
  const double h = std::sin(half_latitude) * std::sin(half_latitude) +
                   std::cos(radians * a.latitude_deg) * std::cos(radians * b.latitude_deg) *
                       std::sin(half_longitude) * std::sin(half_longitude);
  return 2.0 * earth_radius_km * std::asin(std::sqrt(std::min(1.0, h)));
}

std::vector<double> station_weights(TransferMethod method, std::span<const SitePlace> stations,
                                    const SitePlace& place, double power) {
  using core::Error;
  using core::ErrorKind;
  if (stations.empty()) throw Error(ErrorKind::usage, "no station to take values from");
  if (!(power > 0.0)) throw Error(ErrorKind::usage, "inverse distance: the power must be above 0");
  if (method != TransferMethod::nearest_station && method != TransferMethod::inverse_distance)
    throw Error(ErrorKind::usage, std::string(name_of(method)) + " is no weighted mean of stations");
  std::vector<double> weights;
  for (const SitePlace& station : stations) weights.push_back(distance_km(station, place));
  const auto nearest = std::min_element(weights.begin(), weights.end());
  if (method == TransferMethod::nearest_station || *nearest < same_place_km) {
    const auto index = nearest - weights.begin();
    std::fill(weights.begin(), weights.end(), 0.0);
    weights[static_cast<std::size_t>(index)] = 1.0;
    return weights;
  }
  double sum = 0.0;
  for (double& weight : weights) {
    weight = std::pow(weight, -power);
    sum += weight;
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

double transfer(TransferMethod method, std::span<const SitePlace> stations, std::span<const double> values,
                const SitePlace& place, double power) {
  if (method == TransferMethod::global_median && !values.empty()) return stats::quantile(values, 0.5);
  const std::vector<double> weights = station_weights(method, stations, place, power);
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * values[i];
  return sum;
}

}  // namespace rootzone::study
