#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace rootzone::study {

/// The hydraulic models that site-specific pedotransfer functions give parameters for.
enum class SptfModel { fredlund_xing, van_genuchten };

/// "fxw" and "vgm".
std::string_view sptf_model_name(SptfModel model);
/// Throws Error(usage) for another word.
SptfModel sptf_model(std::string_view name);

inline constexpr std::size_t sptf_parameter_count = 6;
using SptfParameters = std::array<double, sptf_parameter_count>;

/// How a parameter is spread over the unit interval between its bounds.
enum class SptfScale { linear, logarithmic };

struct SptfRange {
  std::string_view name;
  std::string_view units;
  double low;   ///< of the bound that unit value 0 stands for
  double high;  ///< unit value 1
  SptfScale scale;
};

/// Table 1 of Qi et al. (2026), in the order θs, α, n, Ks, m or θr, H50. Unit value 0 is the lower bound of
/// θs, ln n, log Ks, m or θr; of −log α (so the largest α) and of log |H50| (so −50 cm). The upper bound of
/// θs is `ceiling` of the site.
std::span<const SptfRange, sptf_parameter_count> sptf_ranges(SptfModel model);

/// Upper bound of θs at a site: max(0.41, largest observed moisture); observations may hold NaN.
double saturation_ceiling(std::span<const float> observed);

/// Parameters in physical units from unit values in [0, 1]. Pure.
SptfParameters sptf_physical(SptfModel model, const SptfParameters& unit, double ceiling);
/// Diagonal of d physical / d unit at the same place. Pure.
SptfParameters sptf_physical_slope(SptfModel model, const SptfParameters& unit, double ceiling);
/// The inverse of sptf_physical, not clipped. Pure.
SptfParameters sptf_unit(SptfModel model, const SptfParameters& physical, double ceiling);

}  // namespace rootzone::study
