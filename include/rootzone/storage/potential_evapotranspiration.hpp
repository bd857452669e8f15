#pragma once
#include <span>

namespace rootzone::storage {

/// Latent heat of vaporisation (MJ kg⁻¹) and density of water (kg m⁻³) as Oudin et al. (2005) use them.
inline constexpr double latent_heat_mj_per_kg = 2.45;
inline constexpr double water_density_kg_per_m3 = 1000.0;

/// Radiation at the top of the atmosphere, MJ m⁻² d⁻¹ (Allen et al. 1998, FAO 56, Eqs. 21–25; solar constant
/// 0.0820 MJ m⁻² min⁻¹). latitude −90 … 90 degrees north; day_of_year 1 … 366. 0 in the polar night. NaN
/// outside the latitudes.
double extraterrestrial_radiation(double latitude_degrees, int day_of_year);

/// PET = Ra/(λρ)·(T + 5)/100 where T > −5 °C, else 0, in mm/d (Oudin et al. 2005). radiation: Ra, MJ m⁻² d⁻¹;
/// temperature: daily mean, °C. NaN in either gives NaN.
double oudin_potential_evapotranspiration(double radiation, double temperature_c);

/// The same over a strip: one latitude (degrees) and temperature per pixel. Throws Error(internal) if lengths
/// differ. Pure.
void oudin_potential_evapotranspiration(std::span<const float> latitude_degrees, int day_of_year,
                                        std::span<const float> temperature_c,
                                        std::span<float> out_mm_per_day);

}  // namespace rootzone::storage
