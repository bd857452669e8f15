#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace rootzone::study {

/// How what is known at stations is carried to a place without one.
enum class TransferMethod {
  regression,        ///< on soil and climate of the place
  nearest_station,   ///< the value of the nearest station
  inverse_distance,  ///< mean of all stations, weight distance^−power (Shepard 1968)
  global_median      ///< the median over all stations, the same everywhere
};
inline constexpr TransferMethod transfer_methods[] = {
    TransferMethod::regression, TransferMethod::nearest_station, TransferMethod::inverse_distance,
    TransferMethod::global_median};
std::string_view name_of(TransferMethod method);
/// Nothing for another word.
std::optional<TransferMethod> parse_transfer_method(std::string_view word);

struct SitePlace {
  double latitude_deg = 0.0;
  double longitude_deg = 0.0;
};

/// Great-circle distance on a sphere of 6371.0088 km.
double distance_km(const SitePlace& a, const SitePlace& b);

/// Weights of the stations at a place, for the methods that are weighted means (nearest_station,
/// inverse_distance); they add up to 1. A place less than 1 m from a station takes that station alone; of
/// equally near stations the first. Error(usage) for another method, no station or a power ≤ 0. Pure.
std::vector<double> station_weights(TransferMethod method, std::span<const SitePlace> stations,
                                    const SitePlace& place, double power = 2.0);

/// Value at a place by a method that needs no predictors. values: one per station, none missing. Errors as
/// station_weights. Pure.
double transfer(TransferMethod method, std::span<const SitePlace> stations, std::span<const double> values,
                const SitePlace& place, double power = 2.0);

}  // namespace rootzone::study
