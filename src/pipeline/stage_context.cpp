#include "stage_context.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {

using core::Error;
using core::ErrorKind;

StageFactory stage_factory(const std::string& kind) {
  static constexpr std::array<std::pair<const char*, StageFactory>, 6> factories{
      {{"smar", make_smar_stage},
       {"exponential_filter", make_exponential_filter_stage},
       {"mass_curve", make_mass_curve_stage},
       {"statistics", make_statistics_stage},
       {"pedotransfer", make_pedotransfer_stage},
       {"sptf", make_sptf_stage}}};
  for (const auto& [name, factory] : factories)
    if (kind == name) return factory;
  throw Error(ErrorKind::internal, "the stage kind '" + kind + "' is in the schema but has no factory");
}

const VariableInfo* StageContext::find_variable(const std::string& variable) const {
  const auto found = std::find_if(m_segment.variables.begin(), m_segment.variables.end(),
                                  [&](const VariableInfo& info) { return info.variable == variable; });
  return found == m_segment.variables.end() ? nullptr : &*found;
}

VariableInfo StageContext::describe(const std::string& variable) const {
  if (const VariableInfo* made = find_variable(variable)) return *made;
  VariableInfo info;
  info.variable = variable;
  info.long_name = variable;
  std::replace(info.long_name.begin(), info.long_name.end(), '_', ' ');
  if (const io::InputReport* report = m_segment.catalog->report(variable))
    info.units = report->value_units;
  else if (const InputDefinition* input = m_segment.catalog->find(variable))
    info.units = input->method.empty() ? input->to_units : std::string("mm d-1");
  if (info.units.empty()) info.units = std::string("1");
  return info;
}

bool StageContext::is_validated_as(const std::string& product) const {
  return std::any_of(m_segment.variables.begin(), m_segment.variables.end(),
                     [&](const VariableInfo& info) { return info.validates_as == product; });
}

void StageContext::add(PreparedStage prepared) {
  for (const VariableInfo& info : prepared.variables) {
    if (find_variable(info.variable) || m_segment.catalog->find(info.variable))
      throw Error(ErrorKind::usage, "two stages or an input and a stage make '" + info.variable +
                                        "'; give one of them another name with output = \"…\"");
    m_segment.variables.push_back(info);
  }
  if (prepared.only_if_read)
    m_segment.optional_stages.emplace_back(prepared.stage.get(), prepared.resident_bytes);
  if (!prepared.stage->survey_fields().empty())
    m_segment.surveys[prepared.stage.get()] = prepared.surveyed_until;
  m_segment.chain.stages.push_back(std::move(prepared.stage));
  m_segment.resident_bytes += prepared.resident_bytes;
  m_segment.notes.insert(m_segment.notes.end(), prepared.notes.begin(), prepared.notes.end());
  if (prepared.remarks) m_segment.remarks.push_back(std::move(prepared.remarks));
  if (prepared.sections) m_segment.sections.push_back(std::move(prepared.sections));
}

void StageContext::require_daily(const std::string& variable, const std::string& units,
                                 const std::string& who) {
  if (m_segment.chain.sources.contains(variable)) {
    m_segment.catalog->source(variable, units,
                              who);  // refuses a second unit; an input may be a product as well
    return;
  }
  if (const VariableInfo* made = find_variable(variable)) {
    if (made->axis)
      throw Error(ErrorKind::usage,
                  who + " reads '" + variable + "' day by day, but it is made once for the whole run");
    return;
  }
  const InputDefinition* input = m_segment.catalog->find(variable);
  if (input && (!input->expressions.empty() || !input->method.empty())) {
    add_derived(*input, who);
    return;
  }
  if (input && !m_segment.catalog->is_absent(*input) && m_segment.catalog->is_static(variable))
    throw Error(ErrorKind::usage, who + " reads '" + variable + "' day by day, but its file has no dates");
  m_segment.chain.sources[variable] = m_segment.catalog->source(variable, units, who);
}

void StageContext::add_derived(const InputDefinition& input, const std::string& who) {
  const auto already =
      std::find_if(m_segment.chain.stages.begin(), m_segment.chain.stages.end(), [&](const auto& stage) {
        const auto outputs = stage->outputs();
        return std::any_of(outputs.begin(), outputs.end(),
                           [&](const auto& output) { return output.variable == input.name; });
      });
  if (already != m_segment.chain.stages.end()) return;
  if (std::find(m_in_progress.begin(), m_in_progress.end(), input.name) != m_in_progress.end())
    throw Error(ErrorKind::usage, "[inputs." + input.name + "] is derived from itself; break the circle");
  m_in_progress.push_back(input.name);
  if (!input.method.empty()) {
    m_segment.chain.stages.push_back(make_oudin_stage(input.name, input.temperature, *this));
  } else {
    std::string chosen;
    for (const std::string& text : input.expressions)
      if (chosen.empty() && m_segment.catalog->computable(m_segment.catalog->expression(text, input.name)))
        chosen = text;
    if (chosen.empty())
      throw Error(ErrorKind::data,
                  who + ": [inputs." + input.name +
                      "] cannot be derived: each of its expressions needs a layer that is absent");
    m_segment.chain.stages.push_back(make_expression_stage(input.name, chosen, *this));
  }
  m_in_progress.pop_back();
}

PixelParameter StageContext::parameter(const nlohmann::json& number_or_name, const std::string& units,
                                       const std::string& who) {
  if (number_or_name.is_number()) return PixelParameter(number_or_name.get<double>());
  return PixelParameter(layer(number_or_name.get<std::string>(), units, who));
}

LayerPointer StageContext::layer(const std::string& name, const std::string& units, const std::string& who) {
  LayerPointer values = m_segment.catalog->layer(name, units, who);
  if (!values)
    throw Error(ErrorKind::data,
                who + " needs the layer '" + name + "', whose file is absent (required = false)");
  return values;
}

}  // namespace rootzone::pipeline
