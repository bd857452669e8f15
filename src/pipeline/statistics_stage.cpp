#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/stats/quantile.hpp"
#include "schema_tables.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

const TableSpec& statistics_table() {
  static const TableSpec table{
      "statistics",
      "Mean, minimum, maximum, count and quantiles of a daily variable over periods.",
      {{"variable",
        KeyType::text,
        "daily variable: what an earlier stage makes, or an input",
        "",
        "",
        {},
        {},
        {},
        true},
       {"period",
        KeyType::choice,
        "month, season (DJF, MAM, JJA, SON), year, or the whole run",
        "",
        R"("all")",
        {"month", "season", "year", "all"}},
       {"statistics", KeyType::texts, "mean, min, max, count, or quantiles as q05, q50, q95", "",
        R"(["mean"])"},
       {"minimum_share",
        KeyType::number,
        "of a period's days that must be valid; else the statistic is missing",
        "1",
        "0.5",
        {},
        0,
        1},
       {"year_start", KeyType::integer, "first month of a year", "month", "1", {}, 1, 12}}};
  return table;
}

namespace {

using core::Error;
using core::ErrorKind;

struct Statistic {
  enum class Kind { mean, minimum, maximum, count, quantile };
  std::string name;
  Kind kind = Kind::mean;
  double q = 0.0;
};

Statistic parse_statistic(const std::string& name) {
  using Kind = Statistic::Kind;
  if (name == "mean") return {name, Kind::mean, 0.0};
  if (name == "min") return {name, Kind::minimum, 0.0};
  if (name == "max") return {name, Kind::maximum, 0.0};
  if (name == "count") return {name, Kind::count, 0.0};
  const bool quantile =
      name.size() == 3 && name[0] == 'q' && name.find_first_not_of("0123456789", 1) == std::string::npos;
  if (!quantile)
    throw Error(ErrorKind::usage,
                "statistics: expected mean, min, max, count or a quantile like q05, found '" + name + "'");
  return {name, Kind::quantile, std::stod(name.substr(1)) / 100.0};
}

class StatisticsStage : public engine::Stage {
 public:
  StatisticsStage(std::string variable, std::vector<core::Period> periods, std::vector<Statistic> statistics,
                  std::vector<std::string> outputs, double minimum_share)
      : m_name("statistics of " + variable),
        m_variable(std::move(variable)),
        m_periods(std::move(periods)),
        m_statistics(std::move(statistics)),
        m_outputs(std::move(outputs)),
        m_minimum_share(minimum_share) {}

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override { return {m_variable}; }
  std::vector<std::string> gathered() const override { return {m_variable}; }
  std::vector<engine::LayerOutput> layers() const override {
    std::vector<engine::LayerOutput> layers;
    for (const std::string& output : m_outputs)
      layers.push_back({output, static_cast<std::int64_t>(m_periods.size()), true});
    return layers;
  }
  void advance(const engine::Strip&) const override {}

  void finish(const engine::LayerStrip& strip) const override {
    std::vector<double> valid;
    for (std::int64_t pixel = 0; pixel < strip.pixels(); ++pixel) {
      const std::span<const float> series = strip.series(0, pixel);
      for (std::size_t period = 0; period < m_periods.size(); ++period) {
        collect(series, m_periods[period], valid);
        for (std::size_t s = 0; s < m_statistics.size(); ++s)
          write(strip, pixel, static_cast<std::int64_t>(period), s, valid);
      }
    }
  }

 private:
  static void collect(std::span<const float> series, const core::Period& period, std::vector<double>& valid) {
    valid.clear();
    for (std::int64_t step = 0; step < period.steps; ++step) {
      const float value = series[static_cast<std::size_t>(period.first_step + step)];
      if (!std::isnan(value)) valid.push_back(value);
    }
  }

  void write(const engine::LayerStrip& strip, std::int64_t pixel, std::int64_t period, std::size_t s,
             std::vector<double>& valid) const {
    const Statistic& statistic = m_statistics[s];
    float& value = strip.layer(s, period)[static_cast<std::size_t>(pixel)];
    core::FlagBits& flags = strip.layer_flags(s, period)[static_cast<std::size_t>(pixel)];
    const double needed =
        m_minimum_share * static_cast<double>(m_periods[static_cast<std::size_t>(period)].full_steps);
    const bool enough = !valid.empty() && static_cast<double>(valid.size()) >= needed;
    flags = enough ? core::FlagBits{0} : core::bits(core::Flag::input_missing);
    if (statistic.kind == Statistic::Kind::count)
      value = static_cast<float>(valid.size());
    else
      value =
          enough ? static_cast<float>(compute(statistic, valid)) : std::numeric_limits<float>::quiet_NaN();
  }

  static double compute(const Statistic& statistic, std::vector<double>& valid) {
    switch (statistic.kind) {
      case Statistic::Kind::minimum:
        return *std::min_element(valid.begin(), valid.end());
      case Statistic::Kind::maximum:
        return *std::max_element(valid.begin(), valid.end());
      case Statistic::Kind::quantile:
        return stats::quantile(valid, statistic.q);
      default:
        break;
    }
    double sum = 0.0;
    for (double value : valid) sum += value;
    return sum / static_cast<double>(valid.size());
  }

  std::string m_name;
  std::string m_variable;
  std::vector<core::Period> m_periods;
  std::vector<Statistic> m_statistics;
  std::vector<std::string> m_outputs;
  double m_minimum_share;
};

core::PeriodKind period_kind(const std::string& word) {
  if (word == "month") return core::PeriodKind::month;
  if (word == "season") return core::PeriodKind::season;
  return word == "year" ? core::PeriodKind::year : core::PeriodKind::all;
}

VariableInfo describe(const VariableInfo& source, const std::string& output, const Statistic& statistic,
                      const std::string& period, io::StepAxis axis) {
  VariableInfo info = source;
  info.validates_as.clear();
  info.variable = output;
  info.long_name =
      statistic.name + " of " + source.long_name + " over each " + (period == "all" ? "run" : period);
  const bool count = statistic.kind == Statistic::Kind::count;
  if (count) {
    info.units = "1";
    info.standard_name.clear();
    info.packing_scale.reset();
  }
  using Kind = Statistic::Kind;
  info.cell_methods = statistic.kind == Kind::mean      ? "time: mean"
                      : statistic.kind == Kind::minimum ? "time: minimum"
                      : statistic.kind == Kind::maximum ? "time: maximum"
                                                        : "";
  info.axis = std::move(axis);
  return info;
}

}  // namespace

PreparedStage make_statistics_stage(const nlohmann::json& settings, StageContext& context) {
  const std::string variable = settings.at("variable").get<std::string>();
  const std::string period = settings.at("period").get<std::string>();
  context.require_daily(variable, "", "statistics");
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::periods;
  axis.time = context.time();
  axis.periods = core::periods_of(context.time(), period_kind(period), settings.at("year_start").get<int>());
  std::vector<Statistic> statistics;
  PreparedStage prepared;
  std::vector<std::string> outputs;
  for (const auto& name : settings.at("statistics")) {
    statistics.push_back(parse_statistic(name.get<std::string>()));
    outputs.push_back(variable + "_" + period + "_" + statistics.back().name);
    prepared.variables.push_back(
        describe(context.describe(variable), outputs.back(), statistics.back(), period, axis));
  }
  prepared.stage =
      std::make_shared<StatisticsStage>(variable, axis.periods, std::move(statistics), std::move(outputs),
                                        settings.at("minimum_share").get<double>());
  return prepared;
}

}  // namespace rootzone::pipeline
