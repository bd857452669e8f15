#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "pedotransfer_comparison.hpp"
#include "pedotransfer_job.hpp"
#include "rootzone/core/flags.hpp"

namespace rootzone::pipeline {
namespace {

using core::Flag;
using core::FlagBits;
using soil::Rejection;
using soil::SoilProperty;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr const char* spread_words = "_standard_deviation";
constexpr const char* capacity_name = "available_water_capacity";

std::size_t slot_of(SoilProperty property) {
  return static_cast<std::size_t>(property);
}

/// The layers of the stage in their order, so that what is announced is what is written.
enum class LayerKind { median, spread, by_function, capacity, capacity_spread, used, reference, difference };
struct PlannedLayer {
  LayerKind kind = LayerKind::median;
  SoilProperty property = SoilProperty::water_content_33kpa;
  std::vector<std::size_t> functions;  ///< of by_function
  std::size_t reference = 0;           ///< position in the job's references
  VariableInfo info;
};

io::StepAxis soil_axis(std::vector<std::string> labels) {
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::labels;
  axis.name = labels.size() > 1 ? "pedotransfer_function" : "soil";
  axis.labels = std::move(labels);
  return axis;
}

VariableInfo layer_info(const std::string& variable, const std::string& long_name, std::string_view units,
                        std::vector<std::string> labels) {
  VariableInfo info;
  info.variable = variable;
  info.long_name = long_name;
  info.units = std::string(units);
  info.axis = soil_axis(std::move(labels));
  return info;
}

void plan_property(const PedotransferJob& job, const soil::SoilPropertyInfo& property,
                   std::vector<PlannedLayer>& plan) {
  const auto givers = job.functions_that_give(property.property);
  if (givers.empty()) return;
  const std::string variable = job.variable(property.property);
  const std::string name(property.long_name);
  std::vector<std::string> labels;
  for (std::size_t position : givers) labels.emplace_back(soil::info_of(job.functions[position]).name);
  plan.push_back(
      {LayerKind::median,
       property.property,
       {},
       0,
       layer_info(variable, name + ", median of the pedotransfer functions", property.units, {"median"})});
  plan.push_back(
      {LayerKind::spread,
       property.property,
       {},
       0,
       layer_info(variable + spread_words, "standard deviation of " + name + " over pedotransfer functions",
                  property.units, {"spread"})});
  plan.push_back({LayerKind::by_function, property.property, givers, 0,
                  layer_info(variable + "_by_function", name + " by each pedotransfer function",
                             property.units, std::move(labels))});
}

std::vector<PlannedLayer> plan_layers(const PedotransferJob& job) {
  std::vector<PlannedLayer> plan;
  for (const soil::SoilPropertyInfo& property : soil::soil_properties()) plan_property(job, property, plan);
  if (job.root_depth_mm) {
    const std::string variable = capacity_name + job.suffix;
    plan.push_back(
        {LayerKind::capacity,
         SoilProperty::available_water_content,
         {},
         0,
         layer_info(variable, "plant-available water that the rooted soil holds", "mm", {"median"})});
    plan.push_back({LayerKind::capacity_spread,
                    SoilProperty::available_water_content,
                    {},
                    0,
                    layer_info(variable + spread_words,
                               "standard deviation of the plant-available water over pedotransfer functions",
                               "mm", {"spread"})});
  }
  plan.push_back({LayerKind::used,
                  SoilProperty::water_content_33kpa,
                  {},
                  0,
                  layer_info("pedotransfer_functions_used" + job.suffix,
                             "number of pedotransfer functions whose result was used", "1", {"count"})});
  for (std::size_t i = 0; i < job.references.size(); ++i) {
    const soil::SoilPropertyInfo& property = soil::soil_properties()[slot_of(job.references[i].property)];
    const std::string variable = job.variable(property.property);
    plan.push_back(
        {LayerKind::reference,
         property.property,
         {},
         i,
         layer_info(variable + "_reference", std::string(property.long_name) + ", " + job.reference_title,
                    property.units, {"reference"})});
    plan.push_back({LayerKind::difference,
                    property.property,
                    {},
                    i,
                    layer_info(variable + "_difference",
                               std::string(property.long_name) + ", median minus " + job.reference_title,
                               property.units, {"difference"})});
  }
  return plan;
}

bool has_flags(LayerKind kind) {
  return kind == LayerKind::median || kind == LayerKind::by_function || kind == LayerKind::capacity;
}

/// All that is known of a cell.
struct Cell {
  std::int64_t index = 0;
  std::vector<soil::SoilEstimate> estimates;
  soil::SoilEnsemble ensemble;
};

class PedotransferStage final : public engine::Stage {
 public:
  explicit PedotransferStage(std::shared_ptr<const PedotransferJob> job)
      : m_job(std::move(job)),
        m_plan(plan_layers(*m_job)),
        m_counts(m_job->functions.size()),
        m_outside(m_job->functions.size()) {}

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override { return {}; }
  std::vector<engine::LayerOutput> layers() const override {
    std::vector<engine::LayerOutput> layers;
    for (const PlannedLayer& planned : m_plan)
      layers.push_back({planned.info.variable, planned.info.axis->count(), has_flags(planned.kind)});
    return layers;
  }
  void advance(const engine::Strip&) const override {}

  void finish(const engine::LayerStrip& strip) const override {
    for (std::int64_t pixel = 0; pixel < strip.pixels(); ++pixel) {
      Cell cell;
      cell.index = strip.first_cell() + pixel;
      if (m_job->is_inside(cell.index)) {
        cell.estimates = m_job->estimates(cell.index);
        count(cell.estimates);
      } else {
        cell.estimates.resize(m_job->functions.size());
        for (soil::SoilEstimate& estimate : cell.estimates) estimate.rejection = Rejection::missing_input;
      }
      cell.ensemble = soil::combine(cell.estimates);
      for (std::size_t slot = 0; slot < m_plan.size(); ++slot) write(strip, slot, pixel, cell);
    }
  }

  std::vector<VariableInfo> variables() const {
    std::vector<VariableInfo> infos;
    for (const PlannedLayer& planned : m_plan) infos.push_back(planned.info);
    return infos;
  }

  std::vector<ReportSection> sections() const {
    PedotransferCounts counts(m_counts.size());
    std::vector<std::int64_t> outside;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
      for (std::size_t reason = 0; reason < soil::rejection_count; ++reason)
        counts[i][reason] = m_counts[i][reason].load();
      outside.push_back(m_outside[i].load());
    }
    std::vector<ReportSection> sections{pedotransfer_section(*m_job, counts, outside)};
    for (const PedotransferReference& reference : m_job->references)
      sections.push_back(comparison_section(*m_job, reference));
    return sections;
  }

 private:
  // Integer sums: the same whatever thread comes first.
  void count(const std::vector<soil::SoilEstimate>& estimates) const {
    for (std::size_t i = 0; i < estimates.size(); ++i) {
      m_counts[i][static_cast<std::size_t>(estimates[i].rejection)].fetch_add(1, std::memory_order_relaxed);
      if (estimates[i].rejection == Rejection::none && estimates[i].outside_validity)
        m_outside[i].fetch_add(1, std::memory_order_relaxed);
    }
  }

  /// Whether an input of the function is one number for the whole map.
  bool is_assumed(std::size_t position) const {
    const soil::PedotransferInfo& info = soil::info_of(m_job->functions[position]);
    return (info.uses_organic_carbon && m_job->carbon_is_assumed) ||
           (info.uses_bulk_density && m_job->density_is_assumed);
  }

  FlagBits flags_of(std::size_t position, const soil::SoilEstimate& estimate) const {
    FlagBits flags = 0;
    if (estimate.rejection == Rejection::missing_input) core::raise(flags, Flag::input_missing);
    if (estimate.rejection != Rejection::missing_input && estimate.rejection != Rejection::none)
      core::raise(flags, Flag::not_applicable);
    if (estimate.outside_validity) core::raise(flags, Flag::extrapolated);
    if (estimate.rejection == Rejection::none && is_assumed(position))
      core::raise(flags, Flag::assumed_input);
    return flags;
  }

  /// Of the median of a property: what concerns any function that has a part in it; what speaks against all
  /// where there is none.
  FlagBits ensemble_flags(SoilProperty property, const Cell& cell) const {
    FlagBits of_members = 0;
    FlagBits of_dropped = 0;
    for (const std::size_t position : m_job->functions_that_give(property)) {
      const soil::SoilEstimate& estimate = cell.estimates[position];
      FlagBits& flags = estimate.rejection == Rejection::none ? of_members : of_dropped;
      flags = static_cast<FlagBits>(flags | flags_of(position, estimate));
    }
    return cell.ensemble.members[slot_of(property)] > 0 ? of_members : of_dropped;
  }

  void write(const engine::LayerStrip& strip, std::size_t slot, std::int64_t pixel, const Cell& cell) const;

  std::string m_name = "pedotransfer";
  std::shared_ptr<const PedotransferJob> m_job;
  std::vector<PlannedLayer> m_plan;
  mutable std::vector<std::array<std::atomic<std::int64_t>, soil::rejection_count>> m_counts;
  mutable std::vector<std::atomic<std::int64_t>> m_outside;
};

void PedotransferStage::write(const engine::LayerStrip& strip, std::size_t slot, std::int64_t pixel,
                              const Cell& cell) const {
  const PlannedLayer& planned = m_plan[slot];
  const std::size_t property = slot_of(planned.property);
  const auto at = static_cast<std::size_t>(pixel);
  const double median = cell.ensemble.median[property];
  const double spread = cell.ensemble.standard_deviation[property];
  const double depth = m_job->root_depth_mm ? m_job->root_depth_mm->at(cell.index) : 0.0;
  const auto set = [&](std::int64_t layer, double value, FlagBits flags) {
    strip.layer(slot, layer)[at] = std::isnan(value) ? missing : static_cast<float>(value);
    if (has_flags(planned.kind)) strip.layer_flags(slot, layer)[at] = flags;
  };
  switch (planned.kind) {
    case LayerKind::median:
      return set(0, median, ensemble_flags(planned.property, cell));
    case LayerKind::spread:
      return set(0, spread, 0);
    case LayerKind::by_function:
      for (std::size_t i = 0; i < planned.functions.size(); ++i) {
        const soil::SoilEstimate& estimate = cell.estimates[planned.functions[i]];
        set(static_cast<std::int64_t>(i), estimate.values[property],
            flags_of(planned.functions[i], estimate));
      }
      return;
    case LayerKind::capacity: {
      FlagBits flags = ensemble_flags(planned.property, cell);
      if (std::isnan(depth)) core::raise(flags, Flag::input_missing);
      return set(0, median * depth, flags);
    }
    case LayerKind::capacity_spread:
      return set(0, spread * depth, 0);
    case LayerKind::used: {
      int used = 0;
      bool known = false;
      for (const soil::SoilEstimate& estimate : cell.estimates) {
        used += estimate.rejection == Rejection::none ? 1 : 0;
        known = known || estimate.rejection != Rejection::missing_input;
      }
      return set(0, known ? used : std::nan(""), 0);
    }
    case LayerKind::reference:
    case LayerKind::difference:
      break;
  }
  const double other = m_job->is_inside(cell.index)
                           ? m_job->references[planned.reference].values.at(cell.index)
                           : std::nan("");
  set(0, planned.kind == LayerKind::reference ? other : median - other, 0);
}

/// What other stages may read by name: each median and spread, and each function's own value as
/// <variable>_<function>.
std::vector<MadeLayer> made_layers(const std::shared_ptr<const PedotransferJob>& job) {
  std::vector<MadeLayer> layers;
  const auto add = [&](const std::string& name, std::string_view units, auto value_at) {
    layers.push_back({name, std::string(units), [job, value_at] {
                        std::vector<float> values(static_cast<std::size_t>(job->cells), missing);
                        for (std::int64_t cell = 0; cell < job->cells; ++cell)
                          if (job->is_inside(cell))
                            values[static_cast<std::size_t>(cell)] = value_at(*job, cell);
                        return values;
                      }});
  };
  for (const soil::SoilPropertyInfo& property : soil::soil_properties()) {
    const auto givers = job->functions_that_give(property.property);
    if (givers.empty()) continue;
    const std::string variable = job->variable(property.property);
    const std::size_t slot = slot_of(property.property);
    add(variable, property.units, [slot](const PedotransferJob& from, std::int64_t cell) {
      return static_cast<float>(soil::combine(from.estimates(cell)).median[slot]);
    });
    add(variable + spread_words, property.units, [slot](const PedotransferJob& from, std::int64_t cell) {
      return static_cast<float>(soil::combine(from.estimates(cell)).standard_deviation[slot]);
    });
    for (const std::size_t position : givers)
      add(variable + "_" + std::string(soil::info_of(job->functions[position]).name), property.units,
          [slot, position](const PedotransferJob& from, std::int64_t cell) {
            return static_cast<float>(
                soil::estimate_soil(from.functions[position], from.sample(cell)).values[slot]);
          });
  }
  return layers;
}

}  // namespace

PreparedStage make_pedotransfer_stage(const nlohmann::json& settings, StageContext& context) {
  const auto job = std::make_shared<const PedotransferJob>(read_pedotransfer_job(settings, context));
  const auto stage = std::make_shared<PedotransferStage>(job);
  PreparedStage prepared;
  prepared.variables = stage->variables();
  prepared.made_layers = made_layers(job);
  prepared.sections = [stage] { return stage->sections(); };
  prepared.resident_bytes = static_cast<std::int64_t>(job->inside.size() * sizeof(float));
  prepared.stage = stage;
  return prepared;
}

}  // namespace rootzone::pipeline
