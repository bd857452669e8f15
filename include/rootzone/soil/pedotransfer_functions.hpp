#pragma once

namespace rootzone::soil {

/// What a pedotransfer function is fed with: the fine earth (< 2 mm) of one layer. Sand, silt and clay are
/// those of the USDA and FAO (limits 2 and 50 µm). Unknown = NaN.
struct SoilSample {
  double sand_percent = 0.0;
  double silt_percent = 0.0;
  double clay_percent = 0.0;
  double bulk_density_g_per_cm3 = 0.0;
  double organic_carbon_percent = 0.0;
  bool topsoil = true;  ///< ploughed or A horizon (Wösten 1999 alone asks)
};

/// Organic matter per organic carbon (van Bemmelen).
inline constexpr double organic_matter_per_carbon = 1.724;
/// Density of the solids behind porosities, g/cm³.
inline constexpr double particle_density_g_per_cm3 = 2.65;
/// Height of a water column for 1 kPa.
inline constexpr double head_cm_per_kpa = 10.197;
inline constexpr double head_33kpa_cm = 33.0 * head_cm_per_kpa;      ///< field capacity, 336.5 cm
inline constexpr double head_1500kpa_cm = 1500.0 * head_cm_per_kpa;  ///< wilting point, 15 296 cm

/// Campbell's retention curve θ = θs·(h_e/h)^(1/b) and Ks.
struct CosbyParameters {
  double b = 0.0;
  double air_entry_head_cm = 0.0;
  double saturated_conductivity_cm_per_day = 0.0;
  double saturated_water_content = 0.0;
};
/// Univariate regressions on texture class means (Cosby, Hornberger, Clapp and Ginn 1984). Texture only.
/// Valid for mineral soils; no numeric range given. Conductivity −0.884 + 0.0153·sand in log10 inch/h.
/// Accuracy: Cosby.WorkedValue. Pure; like all below: NaN in, NaN out.
CosbyParameters cosby_1984(const SoilSample& sample);

/// Scatter of Cosby's regressions within the textures: standard deviations (Cosby et al. 1984).
struct CosbyScatter {
  double b = 0.0;
  double log10_conductivity = 0.0;
  double saturated_water_content = 0.0;
};
CosbyScatter cosby_1984_scatter(const SoilSample& sample);

struct SaxtonRawlsWater {
  double water_content_1500kpa = 0.0;
  double water_content_33kpa = 0.0;
  double saturated_water_content = 0.0;
  double saturated_conductivity_cm_per_day = 0.0;
};
/// Moisture tensions from texture and organic matter (Saxton and Rawls 2006, Eqs. 1–5, 15 and 16; 1.283 in
/// Eq. 2). Sand, clay and organic matter; the density is their "normal" one. Valid: clay ≤ 60 %, organic
/// matter ≤ 8 %. Their Eq. 16 gives the conductivity in mm/h; here cm/d. Accuracy: Saxton.WorkedValue.
SaxtonRawlsWater saxton_rawls_2006(const SoilSample& sample);

/// Brooks and Corey's retention curve, and Ks.
struct RawlsBrakensiekParameters {
  double porosity = 0.0;
  double residual_water_content = 0.0;
  double bubbling_head_cm = 0.0;
  double pore_size_index = 0.0;  ///< λ
  double saturated_conductivity_cm_per_day = 0.0;
};
/// Regressions on sand, clay and porosity = 1 − density/2.65 (Rawls and Brakensiek 1985).
/// Valid: 5 < sand < 70 %, 5 < clay < 60 %. Accuracy: RawlsBrakensiek.WorkedValue.
RawlsBrakensiekParameters rawls_brakensiek_1985(const SoilSample& sample);

/// A retention curve of van Genuchten's form; what m is, the function says.
struct RetentionParameters {
  double residual_water_content = 0.0;
  double saturated_water_content = 0.0;
  double alpha_per_cm = 0.0;
  double n = 0.0;
};
/// van Genuchten's curve with m = 1 (so not Mualem's, and n < 1 is usual) for Belgian soils (Vereecken, Maes,
/// Feyen and Darius 1989). Sand, clay, density, organic carbon. Accuracy:
/// Vereecken.WorkedValue.
RetentionParameters vereecken_1989(const SoilSample& sample);
/// θ at a suction (cm, ≥ 0) of van Genuchten's curve with m = 1.
double water_content_m1(const RetentionParameters& curve, double suction_cm);

/// van Genuchten–Mualem parameters (m = 1 − 1/n) with a conductivity.
struct MualemParameters {
  RetentionParameters retention;
  double conductivity_cm_per_day = 0.0;
};
/// Continuous functions of HYPRES, 5521 European horizons (Wösten, Lilly, Nemes and Le Bas 1999, Table 5;
/// 1.491e-6 in θs). All inputs. The residual content was held at 0.01 there. Clay, silt and organic matter
/// must be above zero (logarithms and reciprocals). Accuracy: Wosten.WorkedValue.
MualemParameters wosten_1999(const SoilSample& sample);

/// Vereecken's Belgian soils revisited, θr = 0, the conductivity K0 that of the matrix at saturation, without
/// macropores (Weynants, Vereecken and Javaux 2009, corrected by Weihermüller et al. 2017). Sand, clay,
/// density, organic carbon. Accuracy: Weynants.WorkedValue.
MualemParameters weynants_2009(const SoilSample& sample);

struct TothWater {
  double water_content_330cm = 0.0;    ///< field capacity, pF 2.5
  double water_content_15849cm = 0.0;  ///< wilting point, pF 4.2
};
/// Linear regressions of EU-HYDI (Tóth et al. 2015, PTF 9 and PTF 12). Silt, clay, organic carbon.
/// Accuracy: Toth.WorkedValue.
TothWater toth_2015(const SoilSample& sample);

/// θ at a suction (cm, ≥ 0) of van Genuchten's curve with Mualem's m = 1 − 1/n.
double water_content_mualem(const RetentionParameters& curve, double suction_cm);
/// θ at a suction of Brooks and Corey's curve: θr + (θs − θr)·(h_e/h)^λ, saturated up to the air entry.
double water_content_brooks_corey(double residual, double saturated, double air_entry_head_cm, double lambda,
                                  double suction_cm);

}  // namespace rootzone::soil
