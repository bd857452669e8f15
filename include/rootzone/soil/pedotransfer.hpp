#pragma once
#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "rootzone/soil/pedotransfer_functions.hpp"

namespace rootzone::soil {

/// What pedotransfer functions say of a soil.
enum class SoilProperty {
  saturated_water_content,
  residual_water_content,
  van_genuchten_alpha,
  van_genuchten_n,
  saturated_hydraulic_conductivity,
  water_content_33kpa,     ///< field capacity, at the head the function states
  water_content_1500kpa,   ///< wilting point, likewise
  available_water_content  ///< their difference
};
inline constexpr std::size_t soil_property_count = 8;

struct SoilPropertyInfo {
  SoilProperty property;
  std::string_view name;  ///< of the product
  std::string_view long_name;
  std::string_view units;
};
std::span<const SoilPropertyInfo> soil_properties();

enum class PedotransferFunction { cosby, saxton_rawls, rawls_brakensiek, vereecken, wosten, weynants, toth };

struct PedotransferInfo {
  PedotransferFunction function;
  std::string_view name;    ///< in settings and products
  std::string_view source;  ///< "Cosby et al. 1984"
  std::string_view validity;
  bool uses_bulk_density;
  bool uses_organic_carbon;
  std::array<bool, soil_property_count> gives;  ///< by SoilProperty
};
/// All functions, in the order of their years.
std::span<const PedotransferInfo> pedotransfer_functions();
const PedotransferInfo& info_of(PedotransferFunction function);
/// Throws core::Error(usage) with "did you mean" for a name that is none.
PedotransferFunction parse_pedotransfer_function(std::string_view name);

/// How far from 100 % sand, silt and clay may add up: texture maps round each to a whole percent.
inline constexpr double texture_sum_tolerance_percent = 5.0;

/// Why a function's result for a soil was dropped.
enum class Rejection {
  none,
  missing_input,     ///< an input that the function reads is NaN; a texture counts whole
  impossible_input,  ///< outside 0…100 %, fractions that do not add up to 100 ± 5 %, density outside 0…2.65
  undefined,         ///< the equations have no finite value (Wösten without clay, silt or organic matter)
  small_n,           ///< n < 1.1, or the exponent of the m = 1 curve below the 0.1 that corresponds to it
  alpha_bounds,      ///< α outside 1e-5 … 1 cm⁻¹
  residual_bounds,  ///< θr outside 0 … θs
  water_order       ///< not 0 ≤ θ1500 ≤ θ33 ≤ θs ≤ 1, or no conductivity above 0
};
std::string_view describe(Rejection rejection);
inline constexpr std::size_t rejection_count = 8;

/// One function's word on one soil. A dropped result has NaN everywhere.
struct SoilEstimate {
  std::array<double, soil_property_count> values = filled_with_nan();
  Rejection rejection = Rejection::none;
  bool outside_validity = false;  ///< the soil lies outside the range that the function's authors give

  double operator[](SoilProperty property) const { return values[static_cast<std::size_t>(property)]; }
  double& operator[](SoilProperty property) { return values[static_cast<std::size_t>(property)]; }

 private:
  static constexpr std::array<double, soil_property_count> filled_with_nan() {
    std::array<double, soil_property_count> values{};
    values.fill(std::numeric_limits<double>::quiet_NaN());
    return values;
  }
};

/// Estimate the hydraulic properties of a soil by one function. Water contents at 33 and 1500 kPa come from
/// the function itself or from its own retention curve; what it does not give is NaN. Inputs outside the
/// authors' range are flagged, never changed; a result that no soil can have is dropped with its reason. α in
/// cm⁻¹, K in cm/d, water contents in m³/m³. Pure; never throws.
SoilEstimate estimate_soil(PedotransferFunction function, const SoilSample& sample);

/// Median and spread of several functions on one soil.
struct SoilEnsemble {
  std::array<double, soil_property_count> median{};
  std::array<double, soil_property_count>
      standard_deviation{};                        ///< divisor members − 1; NaN for fewer than two
  std::array<int, soil_property_count> members{};  ///< that gave a value
  bool outside_validity = false;                   ///< for one of them
};
/// NaN values are no members. The median of an even number is the mean of the middle two. Pure.
SoilEnsemble combine(std::span<const SoilEstimate> estimates);

}  // namespace rootzone::soil
