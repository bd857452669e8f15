#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "rootzone/core/flags.hpp"
#include "rootzone/core/parallel.hpp"

namespace rootzone::moisture {

/// How the input term of SMAR is integrated over a step. Calibrated (a, b) belong to one scheme.
enum class SmarScheme {
  paper,  ///< rectangle rule b·y·Δt (Manfreda et al. 2014, Eq. 9)
  exact   ///< y constant over the step: b·y·(1 − e^(−aΔt))/a
};

/// What a day without a surface observation does.
enum class SmarGapPolicy {
  decay,   ///< the state decays, the output stands and is flagged; the next input term covers one step
  hold,    ///< as decay, but the next input term covers the whole gap (Eq. 9 read literally)
  missing  ///< the state decays, the output is missing
};

/// What the surface values are. Nothing is guessed.
enum class SurfaceUnits { relative_saturation, percent_of_saturation, volumetric };

/// "paper" or "exact"; throws Error(usage) for any other word, with a suggestion. Likewise the others.
SmarScheme parse_smar_scheme(std::string_view word);
SmarGapPolicy parse_smar_gap_policy(std::string_view word);
SurfaceUnits parse_surface_units(std::string_view word);
std::string_view name_of(SmarScheme scheme);

/// Throw Error(usage) unless the scheme stored with a parameter set is the one asked for.
/// where: file or set the parameters come from, for the message.
void require_same_scheme(SmarScheme stored, SmarScheme wanted, std::string_view where);

/// Settings of a SMAR run; the same for all pixels.
struct SmarSettings {
  SmarScheme scheme = SmarScheme::paper;
  SmarGapPolicy gap_policy = SmarGapPolicy::decay;
  SurfaceUnits surface_units = SurfaceUnits::volumetric;
  double step_days = 1.0;              ///< length of one call, > 0
  double observation_step_days = 1.0;  ///< time an observation stands for in the input term, > 0
  double max_gap_days = 30.0;          ///< past this the output is missing
  double respin_days = 20.0;           ///< observed days it then takes until the output returns
  double warm_up_days = -1.0;          ///< days flagged spinning_up; negative = 4.6/a of each pixel
  /// Throws Error(usage) naming the setting, its value and its range.
  void validate() const;
};

/// Lower bound that a and b are raised to: the bounds of calibration, (0, 1], are open at zero.
inline constexpr double smar_smallest_rate = 1e-4;

/// Soil behind the physical definition of the parameters (Manfreda et al. 2014, Eqs. 2, 5, 8).
struct SmarSoil {
  double surface_porosity = 0.0;         ///< n1, m³ m⁻³
  double surface_thickness_mm = 0.0;     ///< Zr1
  double root_zone_porosity = 0.0;       ///< n2, m³ m⁻³
  double root_zone_thickness_mm = 0.0;   ///< Zr2
  double surface_field_capacity = 0.0;   ///< θ_fc of layer 1, m³ m⁻³
  double root_zone_wilting_point = 0.0;  ///< θ_wp of layer 2, m³ m⁻³
  double loss_mm_per_day = 0.0;          ///< V2: evapotranspiration + percolation at saturation
};

/// Why a pixel has no usable parameters, or why one was moved.
enum class SmarIssue {
  none,
  missing,             ///< an input is NaN
  porosity,            ///< a porosity is not in (0, 1]
  thickness,           ///< a layer has no thickness
  no_available_water,  ///< the wilting point is not below the porosity
  surface_too_thick    ///< b ≥ 1: the root zone holds no more than the surface layer
};
std::string_view describe(SmarIssue issue);

struct PhysicalSmar {
  double sw2 = 0.0;
  double sc1 = 0.0;
  double a = 0.0;  ///< 1/d
  double b = 0.0;
  SmarIssue issue = SmarIssue::none;  ///< unless none or surface_too_thick the numbers are NaN
};

/// Compute sw2 = θ_wp/n2, sc1 = θ_fc/n1, a = V2/((1−sw2) n2 Zr2), b = n1 Zr1/((1−sw2) n2 Zr2).
/// Never throws: what cannot be computed is NaN with its reason. Values are not clipped to the bounds here.
PhysicalSmar physical_parameters(const SmarSoil& soil);

/// Parameters as given, one value per pixel; all the same length, NaN = missing.
/// surface_porosity may be empty unless the input is volumetric.
struct SmarParameters {
  std::span<const float> sw2;
  std::span<const float> sc1;
  std::span<const float> a;  ///< 1/d
  std::span<const float> b;
  std::span<const float> surface_porosity;
  std::span<const float> root_zone_porosity;
  std::span<const float> root_zone_thickness_mm;  ///< for the capped water; may be empty: counted as 0
  std::span<const float> initial_saturation;      ///< root zone's field capacity / porosity
};

/// Pixels by what happened to their parameters.
struct SmarParameterCounts {
  std::int64_t usable = 0;
  std::int64_t missing = 0;
  std::int64_t invalid_porosity = 0;
  std::int64_t not_applicable = 0;        ///< b ≥ 1
  std::array<std::int64_t, 4> clipped{};  ///< sw2, sc1, a, b moved to their bounds

  SmarParameterCounts& operator+=(const SmarParameterCounts& other);
};

/// Read-only columns the kernel works on; made by SmarCoefficients. What is computed is double; what was
/// given is float, as it came: the kernel reads every column on every day.
struct SmarCoefficientView {
  std::span<const double> decay;          ///< e^(−aΔt)
  std::span<const double> gain;           ///< (1 − sw2)·b·Δt or its exact counterpart
  std::span<const double> surface_scale;  ///< given value → relative saturation
  std::span<const double> capacity_mm;    ///< n2·Zr2
  std::span<const double> warm_up_days;
  std::span<const double> loss;  ///< a
  std::span<const float> sw2;
  std::span<const float> sc1;
  std::span<const float> porosity;  ///< n2
  std::span<const float> initial;
  std::span<const float>
      status;  ///< flag bits of every day: 0, clipped_parameter, or why the pixel is unusable
};

/// Parameters checked, clipped and brought to the form the kernel uses (exponentials taken once).
class SmarCoefficients {
 public:
  /// Throws Error(internal) if the lengths differ, Error(usage) if the settings are out of range.
  SmarCoefficients(const SmarParameters& parameters, const SmarSettings& settings,
                   const core::ParallelFor& parallel_for = core::serial_for);
  std::int64_t pixels() const { return m_pixels; }
  SmarCoefficientView view(std::int64_t first_pixel, std::int64_t pixels) const;
  SmarCoefficientView view() const { return view(0, pixels()); }
  const SmarParameterCounts& counts() const { return m_counts; }

 private:
  void make_columns(std::size_t n);
  /// Fill the columns of some pixels; returns what happened to them.
  SmarParameterCounts fill(const SmarParameters& parameters, const SmarSettings& settings, std::size_t first,
                           std::size_t end);

  static constexpr std::size_t computed_columns = 6;
  static constexpr std::size_t given_columns = 5;
  std::array<std::span<double>, computed_columns> m_computed;
  std::array<std::span<float>, given_columns> m_given;
  std::unique_ptr<std::byte[]> m_memory;
  std::int64_t m_pixels = 0;
  SmarParameterCounts m_counts;
};

}  // namespace rootzone::moisture
