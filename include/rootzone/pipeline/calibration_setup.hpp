#pragma once
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/moisture/smar_parameters.hpp"
#include "rootzone/study/calibration.hpp"
#include "rootzone/study/filter_fit.hpp"
#include "rootzone/study/plausibility.hpp"

namespace rootzone::pipeline {

/// A root zone to calibrate. Soil entries are a number or the name of a static input; null = not given.
struct RootZoneSetup {
  std::array<double, 2> depth_cm{10.0, 50.0};
  double warm_up_days = 20.0;
  nlohmann::json porosity;        ///< covariates P1, m3 m-3
  nlohmann::json field_capacity;  ///< P1, m3 m-3
  nlohmann::json sand;            ///< P2, %
  nlohmann::json clay;            ///< P2, %
  /// "10-50"
  std::string name() const;
};

/// Where porosity and field capacity come from.
enum class Covariates {
  p1,     ///< soil maps
  p2,     ///< texture class and a table
  series  ///< the station's own series
};
std::string_view name_of(Covariates covariates);

enum class PeriodSplit { station, network, dates };
enum class Representative { best, mean };
enum class PlausibilityAction { exclude, report, off };

/// [calibration] of a study pipeline, typed.
struct CalibrationSetup {
  std::vector<RootZoneSetup> root_zones;
  std::array<double, 2> surface_zone_cm{0.0, 10.0};
  std::vector<Covariates> covariates;
  std::vector<moisture::SmarScheme> schemes;
  nlohmann::json porosity_surface;
  nlohmann::json sand_surface;
  nlohmann::json clay_surface;
  std::string texture_table;  ///< a path or shipped:NAME
  bool texture_from_stations = false;
  PeriodSplit split = PeriodSplit::station;
  double fraction = 2.0 / 3.0;
  std::optional<core::Date> calibration_start, calibration_end, validation_start, validation_end;
  int minimum_pairs = 100;
  study::CalibrationSettings search;  ///< optimiser, repetitions, seed
  study::SmarSearch smar;             ///< scheme and warm-up are those of the task
  Representative representative = Representative::best;
  std::vector<double> filter_times;
  study::FilterObjective filter_objective = study::FilterObjective::pearson_r;
  PlausibilityAction plausibility = PlausibilityAction::exclude;
  study::PlausibilityRules rules;
  std::vector<double> required_depths_cm;  ///< a kept sensor must be at each
  bool unfiltered = false;                 ///< also calibrate every station without flags, choice and rules
};

/// From the resolved [calibration]. Throws Error(usage) where keys contradict each other: overlapping
/// periods, a covariate set without its soil, an operator out of range.
CalibrationSetup read_calibration(const nlohmann::json& table);

}  // namespace rootzone::pipeline
