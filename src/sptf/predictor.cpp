#include "rootzone/sptf/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "rootzone/core/error.hpp"
#include "rootzone/soil/fredlund_xing.hpp"
#include "rootzone/soil/van_genuchten.hpp"

namespace rootzone::sptf {
namespace {

/// As the column that networks are trained through has it (study/sptf_column.hpp).
constexpr double air_entry_head_cm = -2.0;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

constexpr std::string_view moisture_name = "surface_soil_moisture";
constexpr std::string_view observed_name = "surface_soil_moisture_observed";

/// The series that an input is made from.
std::string source_of(const NetworkInput& input) {
  if (input.name == "thawed") return "land_surface_temperature";
  if (input.name == observed_name) return std::string(moisture_name);
  return input.name;
}

std::vector<NetworkInput> inputs_of(const Network& network, bool constant) {
  std::vector<NetworkInput> inputs;
  for (const NetworkInput& input : network.inputs)
    if (input.constant == constant) inputs.push_back(input);
  return inputs;
}

std::int64_t block_width(std::int64_t places) {
  return (places + inference_grain - 1) / inference_grain * inference_grain;
}

std::size_t output_position(const Network& network, std::string_view name) {
  const auto found = std::find_if(network.outputs.begin(), network.outputs.end(),
                                  [&](const NetworkOutput& output) { return output.name == name; });
  return static_cast<std::size_t>(found - network.outputs.begin());
}

}  // namespace

Predictor::Predictor(const Network& network, InstructionSet set, std::int64_t days, std::int64_t most_places)
    : m_network(&network),
      m_days(days),
      m_width(block_width(most_places)),
      m_daily(inputs_of(network, false)),
      m_constant(inputs_of(network, true)),
      m_inference(network.weights, network.readout, set, block_width(most_places)) {
  network.validate();
  const std::vector<std::string> variables = daily_variables(network);
  const auto position = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(variables.begin(), variables.end(), name) - variables.begin());
  };
  for (const NetworkInput& input : m_daily) {
    m_source.push_back(position(source_of(input)));
    m_knows_observed = m_knows_observed || input.name == observed_name;
  }
  m_moisture = position(std::string(moisture_name));
  const bool fxw = network.model == HydraulicModel::fredlund_xing;
  m_output = {output_position(network, "saturated_water_content"),
              output_position(network, "van_genuchten_alpha"),
              output_position(network, "van_genuchten_n"),
              output_position(network, "saturated_hydraulic_conductivity"),
              output_position(network, fxw ? "fredlund_xing_m" : "residual_water_content"),
              output_position(network, "half_uptake_pressure_head")};
  const auto width = static_cast<std::size_t>(m_width), steps = static_cast<std::size_t>(days);
  m_days_block.resize(steps * m_daily.size() * width);
  m_constants_block.resize(m_constant.size() * width);
  m_usable.resize(steps * width);
  m_outputs.resize(network.outputs.size() * width);
  m_observed_maximum.resize(width);
  m_observed_days.resize(width);
}

std::vector<std::string> Predictor::daily_variables(const Network& network) {
  std::vector<std::string> names;
  for (const NetworkInput& input : inputs_of(network, false)) {
    const std::string name = source_of(input);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> Predictor::constant_variables(const Network& network) {
  std::vector<std::string> names;
  for (const NetworkInput& input : inputs_of(network, true)) names.push_back(input.name);
  return names;
}

void Predictor::set(std::int64_t place, std::span<const std::span<const float>> daily,
                    std::span<const double> constants) {
  const auto column = static_cast<std::size_t>(place), width = static_cast<std::size_t>(m_width);
  bool complete = true;
  for (std::size_t i = 0; i < m_constant.size(); ++i) {
    const double value = (constants[i] - m_constant[i].offset) / m_constant[i].scale;
    complete = complete && std::isfinite(value);
    m_constants_block[i * width + column] = std::isfinite(value) ? static_cast<float>(value) : 0.0F;
  }
  m_observed_days[column] = 0;
  m_observed_maximum[column] = -1.0F;
  for (std::int64_t day = 0; day < m_days; ++day) set_day(day, place, daily);
  if (complete) return;
  for (std::size_t day = 0; day < static_cast<std::size_t>(m_days); ++day)
    m_usable[day * width + column] = 0.0F;
  m_observed_days[column] = 0;
}

void Predictor::set_day(std::int64_t day, std::int64_t place, std::span<const std::span<const float>> daily) {
  const auto t = static_cast<std::size_t>(day), column = static_cast<std::size_t>(place);
  const auto width = static_cast<std::size_t>(m_width);
  const float moisture = daily[m_moisture][t];
  const bool observed = std::isfinite(moisture);
  float* const row = m_days_block.data() + t * m_daily.size() * width + column;
  bool usable = true;
  for (std::size_t i = 0; i < m_daily.size(); ++i) {
    const NetworkInput& input = m_daily[i];
    double value = daily[m_source[i]][t];
    if (input.name == observed_name) {
      value = observed ? 1.0 : 0.0;
    } else if (m_source[i] == m_moisture) {
      if (!observed && m_knows_observed) value = input.offset;
    } else if (input.name == "thawed" && std::isfinite(value)) {
      value = value >= 0.0 ? 1.0 : 0.0;
    }
    const bool there = std::isfinite(value);
    usable = usable && there;
    row[i * width] = there ? static_cast<float>((value - input.offset) / input.scale) : 0.0F;
  }
  m_usable[t * width + column] = usable ? 1.0F : 0.0F;
  if (!usable || !observed) return;
  ++m_observed_days[column];
  m_observed_maximum[column] = std::max(m_observed_maximum[column], moisture);
}

std::vector<SoilEstimate> Predictor::run(std::int64_t places) {
  // Columns that are not asked for keep what they held: finite, and without effect on the others.
  m_inference.run({m_width, m_days, m_days_block, m_constants_block, m_usable}, m_outputs);
  std::vector<SoilEstimate> estimates;
  for (std::int64_t place = 0; place < places; ++place) estimates.push_back(estimate(place));
  return estimates;
}

SoilEstimate Predictor::estimate(std::int64_t place) const {
  const auto column = static_cast<std::size_t>(place);
  std::array<double, 6> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double unit = m_outputs[m_output[i] * static_cast<std::size_t>(m_width) + column];
    values[i] = parameter_value(m_network->outputs[m_output[i]], unit, m_observed_maximum[column]);
  }
  SoilEstimate soil{values[0],
                    values[1],
                    values[2],
                    values[3],
                    values[4],
                    values[5],
                    missing,
                    missing,
                    missing,
                    missing,
                    m_observed_days[column]};
  if (std::isnan(values[0])) return soil;
  soil.water_content_33kpa = water_content_of(m_network->model, soil, head_33kpa_cm);
  soil.water_content_1500kpa = water_content_of(m_network->model, soil, head_1500kpa_cm);
  soil.sw2 = soil.water_content_1500kpa / soil.saturated_water_content;
  soil.sc1 = soil.water_content_33kpa / soil.saturated_water_content;
  return soil;
}

double water_content_of(HydraulicModel model, const SoilEstimate& estimate, double head_cm) {
  if (model == HydraulicModel::fredlund_xing) {
    soil::FredlundXing soil;
    soil.saturated_water_content = estimate.saturated_water_content;
    soil.alpha_per_cm = estimate.alpha_per_cm;
    soil.n = estimate.n;
    soil.m = estimate.shape;
    soil.saturated_conductivity_cm_d = estimate.saturated_conductivity_cm_per_day;
    return soil.water_content(head_cm);
  }
  soil::VanGenuchten soil;
  soil.saturated_water_content = estimate.saturated_water_content;
  soil.residual_water_content = estimate.shape;
  soil.alpha_per_cm = estimate.alpha_per_cm;
  soil.n = estimate.n;
  soil.saturated_conductivity_cm_d = estimate.saturated_conductivity_cm_per_day;
  soil.air_entry_head_cm = air_entry_head_cm;
  return soil.water_content(head_cm);
}

}  // namespace rootzone::sptf
