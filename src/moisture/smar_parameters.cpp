#include "rootzone/moisture/smar_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"

namespace rootzone::moisture {
namespace {

using core::Error;
using core::ErrorKind;
using core::Flag;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
/// e^(−4.6) = 1 %: after 4.6/a days a hundredth of the initial error is left.
constexpr double decay_times_to_one_percent = 4.6;

template <class Enum>
Enum parse_choice(std::string_view word, std::string_view setting, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == word) return static_cast<Enum>(i);
  throw Error(ErrorKind::usage, std::string(setting) + ": \"" + std::string(word) + "\" is not a choice." +
                                    core::did_you_mean(word, names));
}

bool is_porosity(double value) {
  return value > 0.0 && value <= 1.0;
}

void require_range(bool good, std::string_view setting, double value, std::string_view expected) {
  if (!good)
    throw Error(ErrorKind::usage, "SMAR setting " + std::string(setting) + " = " + std::to_string(value) +
                                      ": expected " + std::string(expected));
}

/// Parameters of one pixel as doubles.
struct Pixel {
  double sw2, sc1, a, b, n1, n2, thickness_mm, initial;
};

double at(std::span<const float> column, std::size_t i, double otherwise) {
  return column.empty() ? otherwise : static_cast<double>(column[i]);
}

/// Bits of a pixel that cannot be computed, 0 if it can.
core::FlagBits reason_unusable(const Pixel& p, bool volumetric, SmarParameterCounts& counts) {
  const bool missing = std::isnan(p.sw2) || std::isnan(p.sc1) || std::isnan(p.a) || std::isnan(p.b) ||
                       std::isnan(p.n2) || std::isnan(p.initial) || (volumetric && std::isnan(p.n1));
  if (missing) {
    ++counts.missing;
    return core::bits(Flag::input_missing);
  }
  if (!is_porosity(p.n2) || (volumetric && !is_porosity(p.n1))) {
    ++counts.invalid_porosity;
    return core::bits(Flag::not_applicable);
  }
  if (p.b >= 1.0) {
    ++counts.not_applicable;
    return core::bits(Flag::not_applicable);
  }
  ++counts.usable;
  return 0;
}

double clip(double value, double low, double high, std::int64_t& count, bool& clipped) {
  const double inside = std::clamp(value, low, high);
  if (inside != value) {
    ++count;
    clipped = true;
  }
  return inside;
}

double surface_scale(SurfaceUnits units, double surface_porosity) {
  if (units == SurfaceUnits::volumetric) return 1.0 / surface_porosity;
  return units == SurfaceUnits::percent_of_saturation ? 0.01 : 1.0;
}

}  // namespace

SmarScheme parse_smar_scheme(std::string_view word) {
  return parse_choice<SmarScheme>(word, "scheme", {"paper", "exact"});
}

SmarGapPolicy parse_smar_gap_policy(std::string_view word) {
  return parse_choice<SmarGapPolicy>(word, "gap_policy", {"decay", "hold", "missing"});
}

SurfaceUnits parse_surface_units(std::string_view word) {
  return parse_choice<SurfaceUnits>(word, "surface_units",
                                    {"relative_saturation", "percent_of_saturation", "volumetric"});
}

std::string_view name_of(SmarScheme scheme) {
  return scheme == SmarScheme::paper ? "paper" : "exact";
}

void require_same_scheme(SmarScheme stored, SmarScheme wanted, std::string_view where) {
  if (stored == wanted) return;
  throw Error(ErrorKind::usage, std::string(where) + ": the SMAR parameters were calibrated with scheme \"" +
                                    std::string(name_of(stored)) + "\", the run asks for \"" +
                                    std::string(name_of(wanted)) +
                                    "\". a and b do not carry over: set scheme = \"" +
                                    std::string(name_of(stored)) + "\" or calibrate again.");
}

void SmarSettings::validate() const {
  require_range(step_days > 0.0 && std::isfinite(step_days), "step_days", step_days, "a number above 0");
  require_range(observation_step_days > 0.0 && std::isfinite(observation_step_days), "observation_step_days",
                observation_step_days, "a number above 0");
  require_range(max_gap_days >= 0.0, "max_gap_days", max_gap_days, "a number of days, at least 0");
  require_range(respin_days >= 0.0 && std::isfinite(respin_days), "respin_days", respin_days,
                "a number of days, at least 0");
  require_range(!std::isnan(warm_up_days), "warm_up_days", warm_up_days, "days, or negative for 4.6/a");
}

std::string_view describe(SmarIssue issue) {
  switch (issue) {
    case SmarIssue::none:
      return "usable";
    case SmarIssue::missing:
      return "an input is missing";
    case SmarIssue::porosity:
      return "a porosity is not in (0, 1]";
    case SmarIssue::thickness:
      return "a layer has no thickness";
    case SmarIssue::no_available_water:
      return "the wilting point is not below the porosity of the root zone";
    case SmarIssue::surface_too_thick:
      return "b >= 1: the root zone is too thin for SMAR";
  }
  return "";
}

PhysicalSmar physical_parameters(const SmarSoil& soil) {
  PhysicalSmar result{not_a_number, not_a_number, not_a_number, not_a_number, SmarIssue::none};
  const double inputs[] = {soil.surface_porosity,       soil.surface_thickness_mm,
                           soil.root_zone_porosity,     soil.root_zone_thickness_mm,
                           soil.surface_field_capacity, soil.root_zone_wilting_point,
                           soil.loss_mm_per_day};
  if (std::any_of(std::begin(inputs), std::end(inputs), [](double x) { return std::isnan(x); }))
    result.issue = SmarIssue::missing;
  else if (!is_porosity(soil.surface_porosity) || !is_porosity(soil.root_zone_porosity))
    result.issue = SmarIssue::porosity;
  else if (!(soil.surface_thickness_mm > 0.0) || !(soil.root_zone_thickness_mm > 0.0))
    result.issue = SmarIssue::thickness;
  else if (soil.root_zone_wilting_point >= soil.root_zone_porosity)
    result.issue = SmarIssue::no_available_water;
  if (result.issue != SmarIssue::none) return result;

  result.sw2 = soil.root_zone_wilting_point / soil.root_zone_porosity;
  result.sc1 = soil.surface_field_capacity / soil.surface_porosity;
  const double available_mm = (1.0 - result.sw2) * soil.root_zone_porosity * soil.root_zone_thickness_mm;
  result.a = soil.loss_mm_per_day / available_mm;
  result.b = soil.surface_porosity * soil.surface_thickness_mm / available_mm;
  if (result.b >= 1.0) result.issue = SmarIssue::surface_too_thick;
  return result;
}

SmarParameterCounts& SmarParameterCounts::operator+=(const SmarParameterCounts& other) {
  usable += other.usable;
  missing += other.missing;
  invalid_porosity += other.invalid_porosity;
  not_applicable += other.not_applicable;
  for (std::size_t i = 0; i < clipped.size(); ++i) clipped[i] += other.clipped[i];
  return *this;
}

SmarCoefficients::SmarCoefficients(const SmarParameters& parameters, const SmarSettings& settings,
                                   const core::ParallelFor& parallel_for) {
  settings.validate();
  const bool volumetric = settings.surface_units == SurfaceUnits::volumetric;
  const std::size_t n = parameters.sw2.size();
  const auto fits = [n](std::span<const float> column, bool optional) {
    return column.size() == n || (optional && column.empty());
  };
  if (!fits(parameters.sc1, false) || !fits(parameters.a, false) || !fits(parameters.b, false) ||
      !fits(parameters.surface_porosity, !volumetric) || !fits(parameters.root_zone_porosity, false) ||
      !fits(parameters.root_zone_thickness_mm, true) || !fits(parameters.initial_saturation, false))
    throw Error(ErrorKind::internal,
                "SMAR parameters: every column must have " + std::to_string(n) + " pixels");

  make_columns(n);
  constexpr std::size_t part = 1U << 15U;
  std::vector<SmarParameterCounts> counts((n + part - 1) / part);
  parallel_for(static_cast<std::int64_t>(counts.size()), [&](std::int64_t i) {
    const std::size_t first = static_cast<std::size_t>(i) * part;
    counts[static_cast<std::size_t>(i)] = fill(parameters, settings, first, std::min(n, first + part));
  });
  for (const SmarParameterCounts& one : counts) m_counts += one;
}

SmarParameterCounts SmarCoefficients::fill(const SmarParameters& parameters, const SmarSettings& settings,
                                           std::size_t first, std::size_t end) {
  SmarParameterCounts counts;
  const bool volumetric = settings.surface_units == SurfaceUnits::volumetric;
  const double dt = settings.step_days;
  const double input_dt = settings.observation_step_days;
  for (std::size_t i = first; i < end; ++i) {
    for (const auto& column : m_computed) column[i] = 0.0;
    for (const auto& column : m_given) column[i] = 0.0F;
    Pixel p{parameters.sw2[i],
            parameters.sc1[i],
            parameters.a[i],
            parameters.b[i],
            at(parameters.surface_porosity, i, 1.0),
            parameters.root_zone_porosity[i],
            at(parameters.root_zone_thickness_mm, i, 0.0),
            parameters.initial_saturation[i]};
    const core::FlagBits unusable = reason_unusable(p, volumetric, counts);
    m_given[4][i] = unusable;
    if (unusable != 0) continue;
    bool clipped = false;
    p.sw2 = clip(p.sw2, 0.0, 1.0, counts.clipped[0], clipped);
    p.sc1 = clip(p.sc1, 0.0, 1.0, counts.clipped[1], clipped);
    p.a = clip(p.a, smar_smallest_rate, 1.0, counts.clipped[2], clipped);
    p.b = clip(p.b, smar_smallest_rate, 1.0, counts.clipped[3], clipped);
    const double input_time =
        settings.scheme == SmarScheme::paper ? input_dt : -std::expm1(-p.a * input_dt) / p.a;
    m_computed[0][i] = std::exp(-p.a * dt);
    m_computed[1][i] = (1.0 - p.sw2) * p.b * input_time;
    m_computed[2][i] = surface_scale(settings.surface_units, p.n1);
    m_computed[3][i] = std::isfinite(p.thickness_mm) ? p.n2 * p.thickness_mm : 0.0;
    m_computed[4][i] =
        settings.warm_up_days >= 0.0 ? settings.warm_up_days : decay_times_to_one_percent / p.a;
    m_computed[5][i] = p.a;
    m_given[0][i] = static_cast<float>(p.sw2);
    m_given[1][i] = static_cast<float>(p.sc1);
    m_given[2][i] = static_cast<float>(p.n2);
    m_given[3][i] = static_cast<float>(std::clamp(p.initial, 0.0, 1.0));
    m_given[4][i] = clipped ? core::bits(Flag::clipped_parameter) : core::FlagBits{0};
  }
  return counts;
}

// One piece of memory, each column beginning five cache lines further into a page than the one before: with
// all at the same place of their pages, those of a pixel would push each other out of the first cache.
void SmarCoefficients::make_columns(std::size_t n) {
  constexpr std::size_t page = 4096;
  constexpr std::size_t stagger = 5 * 64;
  const auto room = [](std::size_t bytes) { return (bytes + page - 1) / page * page + stagger; };
  const std::size_t computed = room(n * sizeof(double));
  const std::size_t given = room(n * sizeof(float));
  m_pixels = static_cast<std::int64_t>(n);
  m_memory = std::make_unique_for_overwrite<std::byte[]>(computed_columns * computed + given_columns * given);
  std::byte* at = m_memory.get();
  for (auto& column : m_computed) {
    column = {reinterpret_cast<double*>(at), n};
    at += computed;
  }
  for (auto& column : m_given) {
    column = {reinterpret_cast<float*>(at), n};
    at += given;
  }
}

SmarCoefficientView SmarCoefficients::view(std::int64_t first_pixel, std::int64_t pixels) const {
  const auto part = [&](auto column) {
    return column.subspan(static_cast<std::size_t>(first_pixel), static_cast<std::size_t>(pixels));
  };
  const auto& c = m_computed;
  const auto& g = m_given;
  return {part(c[0]), part(c[1]), part(c[2]), part(c[3]), part(c[4]), part(c[5]),
          part(g[0]), part(g[1]), part(g[2]), part(g[3]), part(g[4])};
}

}  // namespace rootzone::moisture
