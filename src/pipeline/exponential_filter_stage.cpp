#include <cmath>

#include "rootzone/core/error.hpp"
#include "rootzone/moisture/exponential_filter.hpp"
#include "schema_tables.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

const TableSpec& exponential_filter_table() {
  static const TableSpec table{
      "exponential_filter",
      "Soil water index by the exponential filter (Wagner et al. 1999; Albergel et al. 2008).",
      {{"input", KeyType::text, "daily surface soil moisture", "", R"("surface_soil_moisture")"},
       {"units", KeyType::text, "of the input; also of the index", "", R"("m3 m-3")"},
       {"time",
        KeyType::values,
        "T: one or several characteristic times, or a static input with T",
        "d",
        "[20.0]",
        {},
        1e-3},
       {"quality", KeyType::boolean, "also make QFLAG_T, the share of the weight that was observed", "",
        "false"},
       {"minimum_quality",
        KeyType::number,
        "below this QFLAG_T the index is missing",
        "%",
        "0.0",
        {},
        0,
        100},
       {"warm_up_days", KeyType::number, "days flagged as spinning up; negative: 4.6·T", "d", "-1.0"},
       {"gap_days_missing", KeyType::boolean, "days without observation are missing", "", "false"},
       {"output", KeyType::text, "name; with several T each gets the ending _tT", "",
        R"("soil_water_index")"}}};
  return table;
}

namespace {

using moisture::FilterCoefficients;

/// One characteristic time (or map of it) and what it is called.
struct FilterChannel {
  std::string output;
  FilterCoefficients coefficients;
};

class ExponentialFilterStage : public engine::Stage {
 public:
  ExponentialFilterStage(std::string input, moisture::FilterSettings settings,
                         std::vector<FilterChannel> channels, bool quality)
      : m_input(std::move(input)),
        m_settings(settings),
        m_channels(std::move(channels)),
        m_quality(quality) {}

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override { return {m_input}; }
  std::vector<engine::DailyOutput> outputs() const override {
    std::vector<engine::DailyOutput> outputs;
    for (const FilterChannel& channel : m_channels) {
      outputs.push_back({channel.output, true});
      if (m_quality) outputs.push_back({channel.output + "_quality", false});
    }
    return outputs;
  }
  std::vector<engine::StateField> state() const override {
    std::vector<engine::StateField> fields;
    for (const auto& field : moisture::filter_state_fields)
      fields.push_back(
          {std::string(field.name), static_cast<std::int64_t>(m_channels.size()), field.initial});
    return fields;
  }

  void advance(const engine::Strip& strip) const override {
    const std::size_t stride = m_quality ? 2 : 1;
    for (std::size_t c = 0; c < m_channels.size(); ++c) {
      const auto coefficients = m_channels[c].coefficients.view(strip.first_cell(), strip.pixels());
      const auto value = static_cast<std::int64_t>(c);
      const moisture::FilterState state{strip.state(0, value), strip.state(1, value), strip.state(2, value)};
      for (std::int64_t step = 0; step < strip.steps(); ++step)
        moisture::advance_exponential_filter(
            coefficients, m_settings, state,
            {strip.input(0, step), strip.output(c * stride, step),
             m_quality ? strip.output(c * stride + 1, step) : std::span<float>(),
             strip.flags(c * stride, step)});
    }
  }

 private:
  std::string m_name = "exponential_filter";
  std::string m_input;
  moisture::FilterSettings m_settings;
  std::vector<FilterChannel> m_channels;
  bool m_quality;
};

std::string channel_name(const std::string& output, const nlohmann::json& time, std::size_t count) {
  if (count == 1) return output;
  std::string text = time.is_string() ? time.get<std::string>() : nlohmann::json(time.get<double>()).dump();
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  for (char& c : text)
    if (c == '.') c = 'p';
  return output + "_t" + text;
}

VariableInfo index_info(const std::string& variable, const std::string& units, const nlohmann::json& time,
                        bool validates) {
  VariableInfo info;
  info.variable = variable;
  info.long_name =
      "soil water index, T = " + (time.is_string() ? "map " + time.get<std::string>() : time.dump() + " d");
  info.units = units;
  if (units == "m3 m-3" || units == "1") info.packing_scale = 1e-4;
  info.validates_as = validates ? "exponential_filter" : "exponential_filter_" + variable;
  info.fitted_at_station = true;
  return info;
}

VariableInfo quality_info(const std::string& variable) {
  VariableInfo info;
  info.variable = variable + "_quality";
  info.long_name = "QFLAG_T, observed share of the filter's weight";
  info.units = "%";
  info.packing_scale = 0.01;
  return info;
}

}  // namespace

PreparedStage make_exponential_filter_stage(const nlohmann::json& settings, StageContext& context) {
  const std::string input = settings.at("input").get<std::string>();
  const std::string units = settings.at("units").get<std::string>();
  const bool quality = settings.at("quality").get<bool>();
  moisture::FilterSettings filter;
  filter.minimum_quality_percent = settings.at("minimum_quality").get<double>();
  filter.warm_up_days = settings.at("warm_up_days").get<double>();
  filter.value_on_gap_days = !settings.at("gap_days_missing").get<bool>();
  filter.validate();
  context.require_daily(input, units, "exponential_filter");
  PreparedStage prepared;
  std::vector<FilterChannel> channels;
  const bool first_filter = !context.is_validated_as("exponential_filter");
  const nlohmann::json& times = settings.at("time");
  for (const nlohmann::json& time : times) {
    const std::string output = channel_name(settings.at("output").get<std::string>(), time, times.size());
    if (time.is_number()) {
      if (!(time.get<double>() > 0.0))
        throw core::Error(core::ErrorKind::usage, "time: expected T > 0 d, found " + time.dump());
      channels.push_back({output, FilterCoefficients(time.get<double>(), context.grid().cells(), filter)});
    } else {
      channels.push_back(
          {output, FilterCoefficients(*context.layer(time.get<std::string>(), "d", "exponential_filter time"),
                                      filter)});
    }
    prepared.variables.push_back(index_info(output, units, time, channels.size() == 1 && first_filter));
    if (quality) prepared.variables.push_back(quality_info(output));
  }
  prepared.resident_bytes = static_cast<std::int64_t>(channels.size()) * context.grid().cells() * 32;
  prepared.stage = std::make_shared<ExponentialFilterStage>(input, filter, std::move(channels), quality);
  return prepared;
}

}  // namespace rootzone::pipeline
