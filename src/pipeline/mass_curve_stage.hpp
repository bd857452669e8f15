#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/storage/extremes.hpp"
#include "rootzone/storage/mass_curve.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

enum class EvaporationFrom { input, budyko, discharge };

/// All a mass-curve stage is made of.
struct MassCurveJob {
  std::string inflow;         ///< effective precipitation
  std::string outflow;        ///< evaporation, or the PET that is scaled
  std::string precipitation;  ///< before snow and canopy: what Fu's curve is fed with
  std::string interception;   ///< evaporation of the canopy; empty = no canopy
  std::string irrigation;     ///< empty = none
  std::string snow_cover;     ///< empty = none
  EvaporationFrom from = EvaporationFrom::input;
  double budyko_omega = 2.6;
  std::vector<double> discharge_mm;   ///< a value for each day of the record, NaN = not measured
  std::vector<double> catchment_km2;  ///< area of each cell in the gauge's catchment
  bool wettest_year_start = false;
  storage::MassCurveSettings settings;
  int required_years = 10;  ///< fewer: no return levels
  storage::FitMethod fit = storage::FitMethod::gumbel_l_moments;
  std::vector<double> return_periods;
  std::vector<float> land_cover_period;  ///< return period of each cell, NaN = none; empty = no table
  double ratio_return_period = 20.0;     ///< compared with the soil where there is no land-cover table
  std::vector<float> soil_capacity_mm;  ///< (field capacity − wilting point) · root depth; empty = not given
  int bootstrap = 0;                    ///< draws for standard errors; 0 = none
  std::uint64_t seed = 1;
  std::string output;
  core::TimeAxis time{{1970, 1, 1}, {1970, 1, 1}};    ///< days that are computed
  core::TimeAxis record{{1970, 1, 1}, {1970, 1, 1}};  ///< days that the results speak of
  ReferencePeriod reference;                          ///< days that the survey looks at
};

MassCurveJob read_mass_curve_job(const nlohmann::json& settings, StageContext& context);

/// Names and axes of what the stage makes, in the order of its layers.
std::vector<VariableInfo> mass_curve_layers(const MassCurveJob& job, const storage::MassCurveRecord& record);
std::vector<VariableInfo> mass_curve_daily();

}  // namespace rootzone::pipeline
