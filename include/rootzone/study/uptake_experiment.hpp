#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/soil/hydraulic_model.hpp"

namespace rootzone::study {

/// The virtual experiment of Fu, Si and Zou on what the storage balance says of root water uptake: a Richards
/// column with a known uptake profile, its water contents as the only observation, and the inversion of them.

enum class RootPattern { shallow, deep };
enum class Wetness { dry, wet };
/// Where the inversion has the water from that passed between layers.
enum class DrainageSource {
  exact,     ///< the column's own interface fluxes
  trapezoid  ///< Darcy fluxes at both ends of the interval
};
std::string_view name_of(RootPattern pattern);
std::string_view name_of(Wetness wetness);
std::string_view name_of(DrainageSource source);

/// Layers of equal thickness from the surface down.
struct LayerScheme {
  int layers = 3;
  double thickness_cm = 30.0;
};

/// The soil of the paper (Brooks–Corey: θs 0.35, θr 0.01, Ks 1.23e-7 m/s, n 0.22, h_e −0.193 m, η = 2/n + 3).
soil::BrooksCorey uptake_paper_soil();

/// What the paper prints, and our choices for what it only draws (see docs/uptake.md).
struct UptakeExperimentSettings {
  soil::SoilHydraulics soil = uptake_paper_soil();
  double depth_cm = 100.0;
  double cell_cm = 1.0;
  double step_minutes = 30.0;  ///< the longest step of the forward run
  double initial_water_content = 0.22;
  double evaporation_mm_per_day = 1.0;
  double transpiration_mm_per_day = 3.0;
  double wet_precipitation_mm_per_day = 10.0;
  /// What would dry a cell beyond this within a day is drawn from the cell below it. Evaporation and roots
  /// that know no limit empty the uppermost cells to the residual water content on the fifth dry day, where
  /// heads have no bounds; the layers' balances do not depend on which of their cells gives the water.
  double driest_head_cm = -1e6;
  double root_scale_cm = 25.0;  ///< uptake falls by e over this, away from the surface or from the bottom
  std::vector<int> intervals_days{1, 7};
  std::vector<LayerScheme> schemes{{3, 30.0}, {5, 20.0}, {10, 10.0}};
  /// Throws core::Error(usage) naming the setting, what was expected and what was found.
  void validate() const;
};

/// The column at an instant: water contents, and the water that moved since the start.
struct ColumnSnapshot {
  int day = 0;
  double infiltration_cm = 0.0;        ///< through the surface: precipitation less evaporation
  std::vector<double> water_content;   ///< of each cell
  std::vector<double> bottom_flux_cm;  ///< through the bottom of each cell, positive downward
  std::vector<double> uptake_cm;       ///< from each cell
};

struct ForwardRun {
  RootPattern pattern = RootPattern::shallow;
  Wetness wetness = Wetness::dry;
  std::vector<double> cell_thickness_cm;
  std::vector<ColumnSnapshot> snapshots;  ///< day 0, then the end of each interval, ascending
};

/// Simulate the column: free drainage at the bottom, uptake by a prescribed sink, every flux times
/// (π/2)·sin(πt) within each day, so that daily totals are exact. Throws core::Error if the solver does.
ForwardRun run_uptake_column(const UptakeExperimentSettings& settings, RootPattern pattern, Wetness wetness);

/// What an inversion is given of a run, and the truth it is judged by. All per layer.
struct LayeredInterval {
  std::vector<double> thickness_cm;
  std::vector<double> initial_water_content;
  std::vector<double> final_water_content;
  double precipitation_cm = 0.0;
  double evaporation_cm = 0.0;
  double interval_days = 1.0;
  std::vector<double> exact_drainage_cm;
  std::vector<double> true_uptake_cm;
};
LayeredInterval layered(const UptakeExperimentSettings& settings, const ForwardRun& run, int interval_days,
                        const LayerScheme& scheme);

/// An inverted uptake profile beside the true one.
struct InvertedInterval {
  std::vector<double> drainage_cm;
  std::vector<double> uptake_cm;
  std::vector<double> true_shares;
  std::vector<double> shares;
  double emd_m = 0.0;
};
/// By the shares of ΣR over the layers, both normalised over the layers.
InvertedInterval invert_interval(const LayeredInterval& interval, const soil::SoilHydraulics& soil,
                                 DrainageSource source);

struct UptakeExperimentCase {
  RootPattern pattern = RootPattern::shallow;
  Wetness wetness = Wetness::dry;
  int interval_days = 1;
  LayerScheme scheme;
  DrainageSource source = DrainageSource::trapezoid;
  LayeredInterval interval;
  InvertedInterval inverted;
};

/// All cases: pattern, wetness, interval, scheme, source, nested in this order. The four forward runs go
/// through parallel_for. Accuracy: UptakeExperiment.ExactFluxesReturnTheProfile (EMD < 1e-10 in all cases),
/// UptakeExperiment.TrapezoidAgreesWithAnIndependentComputation.
std::vector<UptakeExperimentCase> uptake_experiment(const UptakeExperimentSettings& settings,
                                                    const core::ParallelFor& parallel_for = core::serial_for);

}  // namespace rootzone::study
