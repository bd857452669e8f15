#include "mass_curve_stage.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mass_curve_results.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/storage/budyko.hpp"
#include "rootzone/storage/mass_curve_survey.hpp"
#include "rootzone/storage/snow.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Where the survey's own fields follow those of the kernel.
constexpr std::size_t kernel_survey_fields = 4;
constexpr std::size_t precipitation_field = kernel_survey_fields;
constexpr std::size_t month_outflow_field = kernel_survey_fields + 1;
constexpr std::size_t interception_field = kernel_survey_fields + 2;

std::span<const double> plane(const std::vector<double>& field, std::size_t cells, std::size_t value) {
  return std::span<const double>(field).subspan(value * cells, cells);
}

class MassCurveStage : public engine::Stage {
 public:
  explicit MassCurveStage(MassCurveJob job)
      : m_job(std::move(job)),
        m_record(m_job.record.first(), m_job.record.last(), m_job.record.calendar(), m_job.settings,
                 m_job.wettest_year_start),
        m_results(m_job, m_record) {}

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override {
    std::vector<std::string> inputs{m_job.inflow, m_job.outflow, m_job.precipitation};
    for (const std::string* optional : {&m_job.irrigation, &m_job.snow_cover, &m_job.interception})
      if (!optional->empty()) inputs.push_back(*optional);
    return inputs;
  }
  std::vector<engine::DailyOutput> outputs() const override {
    return {{"water_deficit", true}, {"recharge", false}};
  }
  std::vector<engine::LayerOutput> layers() const override { return m_results.layers(); }
  std::vector<engine::StateField> state() const override {
    return fields_of(storage::mass_curve_state_fields(m_record.years()));
  }

  void advance(const engine::Strip& strip) const override {
    const auto state = state_of(strip);
    const storage::MassCurvePixels pixels = pixels_of(strip.first_cell(), strip.pixels());
    std::vector<float> outflow(static_cast<std::size_t>(strip.pixels()));
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      storage::MassCurveDay day{strip.input(0, step),       outflow_of(strip, step, outflow),
                                irrigation_of(strip, step), strip.output(0, step),
                                strip.output(1, step),      strip.flags(0, step)};
      storage::advance_mass_curve(m_job.settings, m_record, pixels, {state.scalars, state.annual_maximum},
                                  m_job.time.day_number_at(strip.first_step() + step), day);
    }
  }

  void finish(const engine::LayerStrip& strip) const override {
    m_results.write(strip, pixels_of(strip.first_cell(), strip.pixels()), m_closes);
  }

  std::vector<engine::StateField> survey_fields() const override {
    if (!needs_survey()) return {};
    std::vector<engine::StateField> fields = fields_of(storage::mass_curve_survey_fields());
    fields.push_back({"precipitation_sum", 1, 0.0});
    fields.push_back({"month_outflow", 12, 0.0});
    fields.push_back({"interception_sum", 1, 0.0});
    return fields;
  }
  void survey(const engine::Strip& strip) const override;
  bool survey_is_local() const override { return m_job.from != EvaporationFrom::discharge; }
  void conclude_survey(std::span<const std::vector<double>> fields) override;
  /// What the survey found, in words.
  const std::vector<std::string>& remarks() const { return m_remarks; }

 private:
  struct StateSpans {
    std::array<std::span<double>, storage::mass_curve_scalars> scalars;
    std::vector<std::span<double>> annual_maximum;
  };

  static std::vector<engine::StateField> fields_of(const std::vector<core::KernelStateField>& kernel) {
    std::vector<engine::StateField> fields;
    for (const auto& field : kernel)
      fields.push_back({std::string(field.name), field.values_per_pixel, field.initial});
    return fields;
  }

  bool needs_survey() const {
    const auto policy = m_job.settings.closure_policy;
    return m_job.from != EvaporationFrom::input || m_job.wettest_year_start ||
           policy == storage::ClosurePolicy::reset_yearly || policy == storage::ClosurePolicy::scale_outflow;
  }

  StateSpans state_of(const engine::Strip& strip) const {
    StateSpans spans;
    for (std::size_t field = 0; field < storage::mass_curve_scalars; ++field)
      spans.scalars[field] = strip.state(field);
    for (std::int64_t year = 0; year < m_record.years(); ++year)
      spans.annual_maximum.push_back(strip.state(storage::mass_curve_scalars, year));
    return spans;
  }

  storage::MassCurvePixels pixels_of(std::int64_t first, std::int64_t count) const {
    const auto part = [&](const auto& values) {
      using Value = typename std::decay_t<decltype(values)>::value_type;
      if (values.empty()) return std::span<const Value>();
      return std::span<const Value>(values).subspan(static_cast<std::size_t>(first),
                                                    static_cast<std::size_t>(count));
    };
    return {part(m_year_start), part(m_reset), part(m_outflow_scale)};
  }

  std::span<const float> irrigation_of(const engine::Strip& strip, std::int64_t step) const {
    return m_job.irrigation.empty() ? std::span<const float>() : strip.input(3, step);
  }
  std::span<const float> interception_of(const engine::Strip& strip, std::int64_t step) const {
    if (m_job.interception.empty()) return {};
    const std::size_t before = (m_job.irrigation.empty() ? 0U : 1U) + (m_job.snow_cover.empty() ? 0U : 1U);
    return strip.input(3 + before, step);
  }

  // Evaporation of a day: the input, or a copy of it that stops under snow.
  std::span<const float> outflow_of(const engine::Strip& strip, std::int64_t step,
                                    std::vector<float>& buffer) const {
    const auto given = strip.input(1, step);
    if (m_job.snow_cover.empty()) return given;
    std::copy(given.begin(), given.end(), buffer.begin());
    storage::stop_evaporation_under_snow(buffer, strip.input(m_job.irrigation.empty() ? 3 : 4, step));
    return buffer;
  }

  double gauge_factor(std::span<const std::vector<double>> fields);
  void remark_on_curve(const std::vector<double>& factors);
  double budyko_factor(std::span<const std::vector<double>> fields, std::size_t cell) const;
  void choose_year_start(std::span<const std::vector<double>> fields, const std::vector<double>& factors);

  std::string m_name = "mass_curve";
  std::vector<std::string> m_remarks;
  MassCurveJob m_job;
  storage::MassCurveRecord m_record;
  MassCurveResults m_results;
  std::vector<std::uint8_t> m_year_start;
  std::vector<std::uint8_t> m_reset;
  std::vector<double> m_outflow_scale;
  std::vector<std::uint8_t>
      m_closes;  ///< 0: the balance did not close before the policy acted; empty = no survey
};

void MassCurveStage::survey(const engine::Strip& strip) const {
  std::vector<float> buffer(static_cast<std::size_t>(strip.pixels()));
  for (std::int64_t step = 0; step < strip.steps(); ++step) {
    const std::int64_t position = strip.first_step() + step;
    if (!m_job.reference.contains(position)) continue;
    if (m_job.from == EvaporationFrom::discharge &&
        std::isnan(m_job.discharge_mm[static_cast<std::size_t>(position)]))
      continue;
    const std::int64_t month = m_job.time.date(position).month - 1;
    const auto inflow = strip.input(0, step);
    const auto outflow = outflow_of(strip, step, buffer);
    const auto precipitation = strip.input(2, step);
    const auto irrigation = irrigation_of(strip, step);
    storage::survey_mass_curve({strip.state(0), strip.state(1), strip.state(2, month), strip.state(3, month)},
                               inflow, outflow, irrigation);
    const auto sum = strip.state(precipitation_field);
    const auto month_outflow = strip.state(month_outflow_field, month);
    const auto intercepted = interception_of(strip, step);
    const auto interception_sum = strip.state(interception_field);
    for (std::size_t i = 0; i < inflow.size(); ++i) {
      // The days of the kernel's sums: these are held against them. Without precipitation there is no inflow.
      if (!storage::counts_in_survey(inflow[i], outflow[i], irrigation.empty() ? 0.0F : irrigation[i]))
        continue;
      sum[i] += static_cast<double>(precipitation[i]);
      month_outflow[i] += static_cast<double>(outflow[i]);
      if (!intercepted.empty()) interception_sum[i] += static_cast<double>(intercepted[i]);
    }
  }
}

// Inflow and PET are those of the days on which a cell has both, discharge is that of its own days: means of
// a day are comparable where sums are not.
double MassCurveStage::gauge_factor(std::span<const std::vector<double>> fields) {
  double discharge = 0.0;
  double days = 0.0;
  for (double value : m_job.discharge_mm)
    if (!std::isnan(value)) {
      discharge += value;
      days += 1.0;
    }
  discharge /= days;
  const std::size_t cells = m_job.catchment_km2.size();
  double area = 0.0;
  double inflow = 0.0;
  double potential = 0.0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    if (!(fields[1][cell] > 0.0)) continue;  // no PET here: outside the data
    double valid_days = 0.0;
    for (std::size_t month = 0; month < 12; ++month) valid_days += plane(fields[3], cells, month)[cell];
    area += m_job.catchment_km2[cell];
    inflow += m_job.catchment_km2[cell] * fields[0][cell] / valid_days;
    potential += m_job.catchment_km2[cell] * fields[1][cell] / valid_days;
  }
  if (!(area > 0.0))
    throw Error(ErrorKind::data,
                "mass_curve: no precipitation and PET over the gauge's catchment on the days with discharge");
  inflow /= area;
  potential /= area;
  const double factor = storage::closing_evaporation_factor(inflow, discharge, potential);
  const auto yearly = [](double mean) { return with_units(mean * 365.25, "mm year-1", 4); };
  m_remarks.push_back("Evaporation is " + format_number(factor, 4) +
                      " times PET, which closes the balance of the gauge over " + with_units(area, "km2", 5) +
                      " and " + format_count(static_cast<std::int64_t>(days)) + " days: inflow " +
                      yearly(inflow) + ", discharge " + yearly(discharge) + ", PET " + yearly(potential) +
                      ".");
  return factor;
}

void MassCurveStage::remark_on_curve(const std::vector<double>& factors) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (double factor : factors) {
    low = factor < low ? factor : low;  // false for NaN
    high = factor > high ? factor : high;
  }
  if (!(low <= high)) return;
  m_remarks.push_back("Evaporation is " + format_number(low) + " to " + format_number(high) +
                      " times PET, cell by cell, so that the long-term balance follows Fu's curve with ω = " +
                      format_number(m_job.budyko_omega) + ".");
}

double MassCurveStage::budyko_factor(std::span<const std::vector<double>> fields, std::size_t cell) const {
  // Sums over the same days serve as means: Fu's curve is homogeneous. What the canopy evaporates is
  // evaporation too; snow that still lies at the end of the record is not.
  const double total =
      storage::fu_evaporation(fields[precipitation_field][cell], fields[1][cell], m_job.budyko_omega);
  const double intercepted = fields[interception_field][cell];
  return fields[1][cell] > 0.0 ? std::max(0.0, total - intercepted) / fields[1][cell] : not_a_number;
}

void MassCurveStage::choose_year_start(std::span<const std::vector<double>> fields,
                                       const std::vector<double>& factors) {
  const std::size_t cells = fields[0].size();
  m_year_start.resize(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::array<double, 12> net{};
    std::array<double, 12> days{};
    for (std::size_t month = 0; month < 12; ++month) {
      const double scaled = (1.0 - factors[cell]) * plane(fields[month_outflow_field], cells, month)[cell];
      net[month] = plane(fields[2], cells, month)[cell] + (std::isnan(scaled) ? 0.0 : scaled);
      days[month] = plane(fields[3], cells, month)[cell];
    }
    m_year_start[cell] = static_cast<std::uint8_t>(std::max(1, storage::wettest_month(net, days)));
  }
}

void MassCurveStage::conclude_survey(std::span<const std::vector<double>> fields) {
  const std::size_t cells = fields[0].size();
  std::vector<double> factors(cells, 1.0);
  if (m_job.from == EvaporationFrom::discharge) {
    const double factor = gauge_factor(fields);
    for (std::size_t cell = 0; cell < cells; ++cell)
      factors[cell] = m_job.catchment_km2[cell] > 0.0 ? factor : not_a_number;
  } else if (m_job.from == EvaporationFrom::budyko) {
    for (std::size_t cell = 0; cell < cells; ++cell) factors[cell] = budyko_factor(fields, cell);
    remark_on_curve(factors);
  }
  m_outflow_scale.resize(cells);
  m_reset.resize(cells);
  m_closes.resize(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const auto treatment =
        storage::closure_treatment(m_job.settings, fields[0][cell], factors[cell] * fields[1][cell]);
    m_outflow_scale[cell] = factors[cell] * treatment.outflow_scale;
    m_reset[cell] = treatment.reset ? 1 : 0;
    m_closes[cell] = treatment.closes ? 1 : 0;
  }
  if (m_job.wettest_year_start) choose_year_start(fields, factors);
}

}  // namespace

PreparedStage make_mass_curve_stage(const nlohmann::json& settings, StageContext& context) {
  MassCurveJob job = read_mass_curve_job(settings, context);
  PreparedStage prepared;
  prepared.variables = mass_curve_daily();
  const storage::MassCurveRecord record(job.record.first(), job.record.last(), job.record.calendar(),
                                        job.settings, job.wettest_year_start);
  for (VariableInfo& info : mass_curve_layers(job, record)) prepared.variables.push_back(std::move(info));
  const auto bytes = [](const auto& column) {
    return static_cast<std::int64_t>(column.size() * sizeof(column[0]));
  };
  prepared.resident_bytes = context.grid().cells() * 11 + bytes(job.soil_capacity_mm) +
                            bytes(job.land_cover_period) + bytes(job.catchment_km2);
  prepared.surveyed_until = job.reference.last;
  const auto stage = std::make_shared<MassCurveStage>(std::move(job));
  prepared.remarks = [stage] { return stage->remarks(); };
  prepared.stage = stage;
  return prepared;
}

}  // namespace rootzone::pipeline
