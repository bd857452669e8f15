#include "rootzone/study/smar_problem.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "rootzone/core/vector_clones.hpp"

namespace rootzone::study {
namespace {

using moisture::smar_smallest_rate;

constexpr std::size_t lanes = 16;
constexpr double bound_share = 0.01;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// What a day of the recursion needs: x ← min(ceiling, x·decay + gain·max(s1 − sc1, 0)), x = s2 − sw2.
struct Recursion {
  double decay, gain, sc1, sw2, ceiling, start;
};

struct Record {
  const double *surface, *reference, *weight;
  std::size_t block;
};

double lower_of(double a, double b) {
  return a < b ? a : b;
}

/// Sum of squared differences over a record. Both passes keep one lane per block of days.
ROOTZONE_VECTOR_CLONES
double sum_of_squares(const Recursion& recursion, const Record& record) {
  const Recursion r = recursion;
  const Record d = record;
  double rise[lanes], roof[lanes], x[lanes], sum[lanes];
  for (std::size_t l = 0; l < lanes; ++l) {
    rise[l] = 0.0;
    roof[l] = 2.0;  // above any state: a block that has not begun limits nothing
    sum[l] = 0.0;
  }
  double slope = 1.0;
  for (std::size_t day = 0; day < d.block; ++day) {
    const double* surface = d.surface + day * lanes;
    slope *= r.decay;
    for (std::size_t l = 0; l < lanes; ++l) {
      const double excess = surface[l] - r.sc1;
      const double input = r.gain * (excess > 0.0 ? excess : 0.0);
      rise[l] = rise[l] * r.decay + input;
      const double carried = roof[l] * r.decay + input;
      roof[l] = carried < r.ceiling ? carried : r.ceiling;
    }
  }
  x[0] = r.start;
  for (std::size_t l = 1; l < lanes; ++l) x[l] = lower_of(roof[l - 1], x[l - 1] * slope + rise[l - 1]);
  for (std::size_t day = 0; day < d.block; ++day) {
    const std::size_t at = day * lanes;
    for (std::size_t l = 0; l < lanes; ++l) {
      const double excess = d.surface[at + l] - r.sc1;
      const double next = x[l] * r.decay + r.gain * (excess > 0.0 ? excess : 0.0);
      x[l] = next < r.ceiling ? next : r.ceiling;
      const double difference = x[l] + r.sw2 - d.reference[at + l];
      sum[l] += d.weight[at + l] * difference * difference;
    }
  }
  double total = 0.0;
  for (std::size_t l = 0; l < lanes; ++l) total += sum[l];
  return total;
}

void require(bool good, const char* what) {
  if (!good) throw std::invalid_argument(std::string("SMAR calibration: ") + what);
}

bool is_porosity(double value) {
  return value > 0.0 && value <= 1.0;
}

}  // namespace

SmarProblem::SmarProblem(const SmarStation& station, const SmarSearch& search, DayRange calibration)
    : m_station(station), m_search(search), m_calibration(calibration) {
  const auto days = static_cast<std::int64_t>(station.surface.size());
  require(station.root_zone.size() == station.surface.size(), "surface and root zone differ in length");
  require(calibration.first >= 0 && calibration.first <= calibration.end && calibration.end <= days,
          "the calibration days lie outside the series");
  require(is_porosity(station.surface_porosity) && is_porosity(station.root_zone_porosity),
          "a porosity is not in (0, 1]");
  require(station.field_capacity >= 0.0 && station.field_capacity <= 1.0, "field capacity is not in [0, 1]");
  require(station.root_zone_thickness_cm > 0.0, "the root zone has no thickness");
  require(search.gap_policy != moisture::SmarGapPolicy::hold, "gap policy `hold` cannot be calibrated");
  require(search.b_maximum > smar_smallest_rate && search.v2_maximum_cm_per_day > 0.0 &&
              search.warm_up_days >= 0.0,
          "a bound or the warm-up is out of range");
  // Which days have a value does not depend on the parameters: ask the kernel once.
  const moisture::SmarSeries any = run({0.1, 0.5, 0.1, 0.1});
  std::vector<bool> compared(static_cast<std::size_t>(calibration.end), false);
  for (auto day = static_cast<std::size_t>(calibration.first); day < compared.size(); ++day)
    compared[day] = !std::isnan(any.saturation[day]) && std::isfinite(station.root_zone[day]);
  lay_out(compared);
}

void SmarProblem::lay_out(const std::vector<bool>& compared) {
  const auto& surface = m_station.surface;
  const auto observed = [](float value) { return std::isfinite(value); };
  const auto first =
      static_cast<std::size_t>(std::find_if(surface.begin(), surface.end(), observed) - surface.begin());
  const std::size_t days = first < compared.size() ? compared.size() - first : 0;
  m_run_days = static_cast<std::int64_t>(days);
  m_block = (days + lanes - 1) / lanes;
  m_surface.assign(m_block * lanes, -1.0);
  m_reference.assign(m_block * lanes, 0.0);
  m_weight.assign(m_block * lanes, 0.0);
  for (std::size_t day = 0; day < days; ++day) {
    const std::size_t at = day % m_block * lanes + day / m_block;
    const float value = surface[first + day];
    if (observed(value)) {
      m_surface[at] = lower_of(1.0, static_cast<double>(value) * (1.0 / m_station.surface_porosity));
      m_sorted.push_back(m_surface[at]);
    }
    if (!compared[first + day]) continue;
    m_reference[at] = static_cast<double>(m_station.root_zone[first + day]) / m_station.root_zone_porosity;
    m_weight[at] = 1.0;
    ++m_compared;
  }
  std::sort(m_sorted.begin(), m_sorted.end(), std::greater<>());
  m_sums.assign(1, 0.0);
  for (double value : m_sorted) m_sums.push_back(m_sums.back() + value);
}

double SmarProblem::input_days(double a) const {
  return m_search.scheme == moisture::SmarScheme::paper ? 1.0 : -std::expm1(-a) / a;
}

double SmarProblem::mean_excess(double sc1) const {
  if (m_run_days == 0) return 0.0;
  const auto above = std::lower_bound(m_sorted.begin(), m_sorted.end(), sc1, std::greater<>());
  const auto count = static_cast<std::size_t>(above - m_sorted.begin());
  return (m_sums[count] - static_cast<double>(count) * sc1) / static_cast<double>(m_run_days);
}

double SmarProblem::rmse(const SmarValues& values) const {
  if (m_compared == 0) return not_a_number;
  const double start =
      std::clamp(m_station.field_capacity / m_station.root_zone_porosity, 0.0, 1.0) - values.sw2;
  const Recursion recursion{std::exp(-values.a), (1.0 - values.sw2) * values.b * input_days(values.a),
                            values.sc1,          values.sw2,
                            1.0 - values.sw2,    start};
  const double sum =
      sum_of_squares(recursion, {m_surface.data(), m_reference.data(), m_weight.data(), m_block});
  return std::sqrt(sum / static_cast<double>(m_compared));
}

SmarValues SmarProblem::values_at(const std::array<double, coordinates>& point) const {
  SmarValues values;
  values.sw2 = point[0];
  values.sc1 = point[1];
  const double available_cm =
      (1.0 - values.sw2) * m_station.root_zone_porosity * m_station.root_zone_thickness_cm;
  const double by_v2 = available_cm > 0.0 ? m_search.v2_maximum_cm_per_day / available_cm : 1.0;
  const double a_maximum = std::clamp(by_v2, smar_smallest_rate, 1.0);
  values.a = smar_smallest_rate + point[2] * (a_maximum - smar_smallest_rate);
  const double loss_share = -std::expm1(-values.a);
  const double inflow = (1.0 - values.sw2) * mean_excess(values.sc1) * input_days(values.a);
  const double rise = (point[3] - values.sw2) * loss_share;
  const double b = rise <= 0.0                          ? 0.0
                   : rise < inflow * m_search.b_maximum ? rise / inflow
                                                        : m_search.b_maximum;
  values.b = std::clamp(b, smar_smallest_rate, m_search.b_maximum);
  return values;
}

double SmarProblem::v2_cm_per_day(const SmarValues& values) const {
  return values.a * (1.0 - values.sw2) * m_station.root_zone_porosity * m_station.root_zone_thickness_cm;
}

std::string SmarProblem::at_bound(const SmarValues& values) const {
  std::string names;
  const auto name = [&](bool hit, const char* parameter) {
    if (hit) names += (names.empty() ? "" : " ") + std::string(parameter);
  };
  const auto either_end = [](double value) { return value <= bound_share || value >= 1.0 - bound_share; };
  name(either_end(values.sw2), "sw2");
  name(either_end(values.sc1), "sc1");
  name(values.a >= 1.0 - bound_share, "a");
  name(b_reaches_one(values) || values.b >= (1.0 - bound_share) * m_search.b_maximum, "b");
  name(v2_cm_per_day(values) >= (1.0 - bound_share) * m_search.v2_maximum_cm_per_day, "v2");
  return names;
}

moisture::SmarSettings SmarProblem::settings() const {
  moisture::SmarSettings settings;
  settings.scheme = m_search.scheme;
  settings.gap_policy = m_search.gap_policy;
  settings.surface_units = moisture::SurfaceUnits::volumetric;
  settings.max_gap_days = m_search.max_gap_days;
  settings.respin_days = m_search.respin_days;
  settings.warm_up_days = m_search.warm_up_days;
  return settings;
}

moisture::SmarSite SmarProblem::site(const SmarValues& values) const {
  moisture::SmarSite site;
  site.sw2 = values.sw2;
  site.sc1 = values.sc1;
  site.a = values.a;
  site.b = values.b;
  site.surface_porosity = m_station.surface_porosity;
  site.root_zone_porosity = m_station.root_zone_porosity;
  site.root_zone_thickness_mm = 10.0 * m_station.root_zone_thickness_cm;
  site.initial_saturation = m_station.field_capacity / m_station.root_zone_porosity;
  return site;
}

moisture::SmarSeries SmarProblem::run(const SmarValues& values) const {
  moisture::SmarSeries series = moisture::smar_series(site(values), settings(), m_station.surface);
  const core::FlagBits warming = core::bits(core::Flag::spinning_up);
  for (std::size_t day = 0; day < series.saturation.size(); ++day) {
    if ((series.flags[day] & warming) == 0) continue;
    series.saturation[day] = std::numeric_limits<float>::quiet_NaN();
    series.water_content[day] = std::numeric_limits<float>::quiet_NaN();
  }
  return series;
}

}  // namespace rootzone::study
