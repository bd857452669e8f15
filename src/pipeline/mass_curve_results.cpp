#include "mass_curve_results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/io/csv.hpp"

namespace rootzone::pipeline {
namespace {

using core::Flag;
using core::FlagBits;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Positions of the stage's layers.
enum Layer : std::size_t {
  levels,
  record_maximum,
  record_date,
  annual_maxima,
  fit,
  closure_ratio,
  recharge_mean,
  valid_years,
  level_errors,
  fit_errors,
  inflow_mean,
  outflow_mean,
  deficit_growth,
  further
};

io::StepAxis single(const std::string& label) {
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::labels;
  axis.name = "statistic";
  axis.labels = {label};
  return axis;
}

VariableInfo layer_info(const std::string& variable, const std::string& long_name, const std::string& units,
                        io::StepAxis axis) {
  VariableInfo info;
  info.variable = variable;
  info.long_name = long_name;
  info.units = units;
  info.axis = std::move(axis);
  return info;
}

io::StepAxis return_period_axis(const std::vector<double>& periods) {
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::values;
  axis.name = "return_period";
  axis.long_name = "return period";
  axis.units = "year";
  axis.values = periods;
  return axis;
}

io::StepAxis year_axis(const storage::MassCurveRecord& record) {
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::values;
  axis.name = "year";
  axis.long_name = "year, by the calendar year it begins in";
  axis.units = "1";
  for (std::int64_t year = 0; year < record.years(); ++year)
    axis.values.push_back(static_cast<double>(record.first_year() + year));
  return axis;
}

io::StepAxis fit_axis(bool gev) {
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::labels;
  axis.name = "parameter";
  axis.labels = {"location", "scale"};
  if (gev) axis.labels.emplace_back("shape");
  return axis;
}

}  // namespace

/// What write() knows of one pixel.
struct MassCurveResults::Pixel {
  std::int64_t index;
  std::size_t cell;
  storage::MassCurveSummary summary;
  std::vector<double> annual;
  storage::ExtremeFit fit;
  FlagBits flags;

  void set(const engine::LayerStrip& strip, std::size_t slot, std::int64_t layer, float value,
           FlagBits extra = 0) const {
    strip.layer(slot, layer)[static_cast<std::size_t>(index)] = value;
    strip.layer_flags(slot, layer)[static_cast<std::size_t>(index)] = static_cast<FlagBits>(flags | extra);
  }
};

std::vector<VariableInfo> mass_curve_daily() {
  VariableInfo deficit;
  deficit.variable = "water_deficit";
  deficit.long_name = "cumulative root-zone water deficit";
  deficit.units = "mm";
  VariableInfo recharge;
  recharge.variable = "recharge";
  recharge.long_name = "inflow that finds the storage full";
  recharge.units = "mm d-1";
  return {deficit, recharge};
}

std::vector<VariableInfo> mass_curve_layers(const MassCurveJob& job, const storage::MassCurveRecord& record) {
  const std::string method(storage::name_of(job.fit));
  std::vector<VariableInfo> infos;
  infos.push_back(layer_info(job.output, "root-zone storage capacity by return period (" + method + ")", "mm",
                             return_period_axis(job.return_periods)));
  infos.push_back(
      layer_info("record_maximum_deficit", "largest deficit of the record", "mm", single("maximum")));
  infos.push_back(layer_info("record_maximum_date", "date of the largest deficit, days since 1970-01-01", "d",
                             single("date")));
  infos.push_back(
      layer_info("annual_maximum_deficit", "annual maximum of the deficit", "mm", year_axis(record)));
  infos.push_back(layer_info("deficit_distribution",
                             "parameters of the annual maxima's distribution (" + method + ")", "mm",
                             fit_axis(storage::is_gev(job.fit))));
  infos.push_back(layer_info("closure_ratio", "outflow over inflow of the record", "1", single("ratio")));
  infos.push_back(
      layer_info("recharge_mean", "mean inflow that finds the storage full", "mm year-1", single("mean")));
  infos.push_back(layer_info("valid_years", "years that count", "1", single("count")));
  infos.push_back(layer_info(job.output + "_standard_deviation",
                             "standard error of the storage capacity (bootstrap)", "mm",
                             return_period_axis(job.return_periods)));
  infos.push_back(layer_info("deficit_distribution_standard_deviation",
                             "standard error of the distribution's parameters (bootstrap)", "mm",
                             fit_axis(storage::is_gev(job.fit))));
  infos.push_back(layer_info("inflow_mean", "mean inflow: liquid precipitation, melt and irrigation",
                             "mm year-1", single("mean")));
  infos.push_back(layer_info("outflow_mean", "mean outflow: evaporation", "mm year-1", single("mean")));
  infos.push_back(
      layer_info("deficit_growth", "growth of the deficit over the record", "mm year-1", single("mean")));
  if (!job.land_cover_period.empty())
    infos.push_back(
        layer_info(job.output + "_land_cover",
                   "root-zone storage capacity at the return period of the land cover (" + method + ")", "mm",
                   single("land_cover")));
  if (!job.soil_capacity_mm.empty()) {
    infos.push_back(layer_info("soil_storage_capacity", "(field capacity − wilting point) times root depth",
                               "mm", single("soil")));
    infos.push_back(layer_info("storage_capacity_ratio", "mass-curve capacity over soil-based capacity", "1",
                               single("ratio")));
  }
  return infos;
}

MassCurveResults::MassCurveResults(const MassCurveJob& job, const storage::MassCurveRecord& record)
    : m_job(job), m_record(record) {
  if (job.bootstrap > 0 && !storage::is_gev(job.fit))
    m_gumbel_errors.emplace(job.fit, static_cast<std::size_t>(record.years()), job.return_periods,
                            storage::BootstrapSettings{job.bootstrap, job.seed});
}

std::vector<engine::LayerOutput> MassCurveResults::layers() const {
  std::vector<engine::LayerOutput> layers;
  for (const VariableInfo& info : mass_curve_layers(m_job, m_record))
    layers.push_back({info.variable, info.axis->count(), true});
  return layers;
}

void MassCurveResults::write_levels(const engine::LayerStrip& strip, const Pixel& pixel) const {
  const auto level_of = [&](double period, FlagBits& extra) {
    if (std::isnan(pixel.fit.location) || std::isnan(period)) return missing;
    const double level = storage::return_level(pixel.fit, period);
    if (level < 0.0) core::raise(extra, Flag::clipped_level);
    return static_cast<float>(std::max(0.0, level));
  };
  for (std::size_t i = 0; i < m_job.return_periods.size(); ++i) {
    FlagBits extra = 0;
    const float level = level_of(m_job.return_periods[i], extra);
    pixel.set(strip, levels, static_cast<std::int64_t>(i), level, extra);
  }
  std::size_t slot = further;
  FlagBits ignored = 0;
  float reference = level_of(m_job.ratio_return_period, ignored);
  if (!m_job.land_cover_period.empty()) {
    FlagBits extra = 0;
    reference = level_of(m_job.land_cover_period[pixel.cell], extra);
    if (std::isnan(m_job.land_cover_period[pixel.cell])) core::raise(extra, Flag::not_applicable);
    pixel.set(strip, slot++, 0, reference, extra);
  }
  if (m_job.soil_capacity_mm.empty()) return;
  const float soil = m_job.soil_capacity_mm[pixel.cell];
  pixel.set(strip, slot, 0, soil);
  pixel.set(strip, slot + 1, 0, soil > 0.0F ? reference / soil : missing);
}

void MassCurveResults::write_record(const engine::LayerStrip& strip, const Pixel& pixel) const {
  const storage::MassCurveSummary& summary = pixel.summary;
  pixel.set(strip, record_maximum, 0, static_cast<float>(summary.record_maximum_mm));
  pixel.set(strip, record_date, 0,
            std::isnan(summary.record_maximum_mm) ? missing : static_cast<float>(summary.record_maximum_day));
  for (std::size_t year = 0; year < pixel.annual.size(); ++year)
    pixel.set(strip, annual_maxima, static_cast<std::int64_t>(year), static_cast<float>(pixel.annual[year]));
  pixel.set(strip, closure_ratio, 0,
            std::isfinite(summary.closure_ratio) ? static_cast<float>(summary.closure_ratio) : missing);
  const auto yearly = [](double mm_per_day) { return static_cast<float>(mm_per_day * 365.25); };
  pixel.set(strip, recharge_mean, 0, yearly(summary.mean_overflow_mm_per_day));
  pixel.set(strip, inflow_mean, 0, yearly(summary.mean_inflow_mm_per_day));
  pixel.set(strip, outflow_mean, 0, yearly(summary.mean_outflow_mm_per_day));
  pixel.set(strip, deficit_growth, 0, yearly(summary.mean_growth_mm_per_day));
  pixel.set(strip, valid_years, 0, static_cast<float>(summary.valid_years));
}

void MassCurveResults::write_fit(const engine::LayerStrip& strip, const Pixel& pixel) const {
  pixel.set(strip, fit, 0, static_cast<float>(pixel.fit.location));
  pixel.set(strip, fit, 1, static_cast<float>(pixel.fit.scale));
  if (storage::is_gev(m_job.fit)) pixel.set(strip, fit, 2, static_cast<float>(pixel.fit.shape));
}

// Bootstrap errors; what was not asked for, or has no fit, is missing.
void MassCurveResults::write_errors(const engine::LayerStrip& strip, const Pixel& pixel) const {
  const auto years = static_cast<std::size_t>(pixel.summary.valid_years);
  storage::FitErrors errors{missing, missing, missing,
                            std::vector<double>(m_job.return_periods.size(), missing)};
  if (m_job.bootstrap > 0 && !std::isnan(pixel.fit.location)) {
    if (m_gumbel_errors)
      errors = m_gumbel_errors->errors(pixel.fit, years);
    else
      errors = storage::bootstrap_errors(m_job.fit, pixel.fit, years, m_job.return_periods,
                                         {m_job.bootstrap, m_job.seed}, pixel.cell);
  }
  for (std::size_t i = 0; i < errors.levels.size(); ++i)
    pixel.set(strip, level_errors, static_cast<std::int64_t>(i), static_cast<float>(errors.levels[i]));
  pixel.set(strip, fit_errors, 0, static_cast<float>(errors.location));
  pixel.set(strip, fit_errors, 1, static_cast<float>(errors.scale));
  if (storage::is_gev(m_job.fit)) pixel.set(strip, fit_errors, 2, static_cast<float>(errors.shape));
}

void MassCurveResults::write(const engine::LayerStrip& strip, const storage::MassCurvePixels& pixels,
                             const std::vector<std::uint8_t>& closes) const {
  // conclude_mass_curve reads the state only; the engine hands it out as const.
  const auto writable = [](std::span<const double> span) {
    return std::span<double>(const_cast<double*>(span.data()), span.size());
  };
  storage::MassCurveState state;
  for (std::size_t field = 0; field < storage::mass_curve_scalars; ++field)
    state.scalars[field] = writable(strip.state(field));
  std::vector<std::span<double>> annual;
  for (std::int64_t year = 0; year < m_record.years(); ++year)
    annual.push_back(writable(strip.state(storage::mass_curve_scalars, year)));
  state.annual_maximum = annual;
  const std::int64_t last_day = m_job.time.day_number_at(m_job.time.count() - 1);
  Pixel pixel{0, 0, {}, std::vector<double>(static_cast<std::size_t>(m_record.years())), {}, 0};
  for (pixel.index = 0; pixel.index < strip.pixels(); ++pixel.index) {
    pixel.cell = static_cast<std::size_t>(strip.first_cell() + pixel.index);
    pixel.summary =
        storage::conclude_mass_curve(m_job.settings, m_record, pixels, state,
                                     static_cast<std::size_t>(pixel.index), last_day, pixel.annual);
    pixel.flags = pixel.summary.flags;
    if (!closes.empty() && closes[pixel.cell] == 0) core::raise(pixel.flags, Flag::non_closing_balance);
    if (std::isnan(pixel.summary.record_maximum_mm)) core::raise(pixel.flags, Flag::input_missing);
    const bool enough = pixel.summary.valid_years >= m_job.required_years;
    pixel.fit = enough ? storage::fit_maxima(m_job.fit, pixel.annual)
                       : storage::ExtremeFit{missing, missing, missing};
    write_record(strip, pixel);
    write_fit(strip, pixel);
    write_levels(strip, pixel);
    write_errors(strip, pixel);
  }
}

}  // namespace rootzone::pipeline
