#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "rootzone/soil/hydraulic_model.hpp"
#include "rootzone/stats/saltelli_sample.hpp"
#include "rootzone/study/uptake_experiment.hpp"
#include "rootzone/uptake/storage_balance.hpp"

namespace rootzone::study {

/// Which inputs of the inversion are in error.
enum class ErrorCase {
  soil,  ///< case 1 of Fu et al.: the hydraulic parameters
  data,  ///< case 2: every water content by itself, and evaporation
  both   ///< case 3
};
std::string_view name_of(ErrorCase error_case);

enum class WaterErrorKind {
  relative,  ///< θ·(1 ± error), as in the paper
  absolute   ///< θ ± error, m3 m-3, as sensors are specified
};

/// Half-widths of uniform errors, each independent of the others.
struct InversionErrors {
  double soil = 0.10;  ///< relative, of each hydraulic parameter
  std::vector<std::string>
      known_parameters;         ///< of the soil, by the names of `uncertain_parameters`: no error
  double water_content = 0.01;  ///< of each layer at each end
  WaterErrorKind water_content_kind = WaterErrorKind::relative;
  double evaporation = 0.05;   ///< relative
  double precipitation = 0.0;  ///< relative; the paper takes rain as known
  /// Throws core::Error(usage) for an error outside [0, 1).
  void validate() const;
};

/// Parameters that are varied, in the order of `perturbed_soil`: all of the model but what follows from
/// others (Brooks–Corey's exponent follows n where it is 2/n + 3), and n as its excess over 1 where the model
/// needs n > 1.
std::vector<std::string> uncertain_parameters(const soil::SoilHydraulics& soil);
/// Each parameter times its factor.
soil::SoilHydraulics perturbed_soil(const soil::SoilHydraulics& soil, std::span<const double> factors);

/// The trapezoid inversion of an interval as a function of its errors: a point of the unit cube → uptake.
/// Factors: the soil's parameters (one factor for all layers), the water contents of all layers at the start
/// and at the end, evaporation, precipitation; those not in error by the case or with error 0 are left out.
/// Not thread-safe: one per thread.
class InversionUnderErrors {
 public:
  /// soil: one model, or one per layer, all of the same kind.
  InversionUnderErrors(LayeredInterval interval, std::vector<soil::SoilHydraulics> soil,
                       const InversionErrors& errors, ErrorCase error_case);

  std::size_t factors() const { return m_factors; }
  /// Each parameter of the soil, "theta" (the water contents of all layers and both ends), "evaporation",
  /// "precipitation".
  const std::vector<stats::FactorGroup>& groups() const { return m_groups; }
  const LayeredInterval& interval() const { return m_interval; }
  /// uptake_cm: one per layer.
  void uptake(std::span<const double> point, std::span<double> uptake_cm);

 private:
  std::size_t add_group(const std::string& name, std::size_t factors);
  void add_soil_parameters();

  LayeredInterval m_interval;
  std::vector<soil::SoilHydraulics> m_soil;
  InversionErrors m_errors;
  std::size_t m_factors = 0;
  std::vector<stats::FactorGroup> m_groups;
  std::vector<std::size_t> m_soil_parameters;  ///< those in error; factor k belongs to the k-th
  std::size_t m_water_at = 0;                  ///< first factor of the water contents
  bool m_water_varies = false;
  std::size_t m_evaporation_at = 0;
  bool m_evaporation_varies = false;
  std::size_t m_precipitation_at = 0;
  bool m_precipitation_varies = false;
  // Scratch of one evaluation.
  std::vector<soil::SoilHydraulics> m_soil_now;
  std::vector<double> m_soil_factors;
  std::vector<double> m_initial;
  std::vector<double> m_final;
  std::vector<double> m_drainage;
  uptake::DrainageWorkspace m_workspace;
};

}  // namespace rootzone::study
