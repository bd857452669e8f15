#include <array>
#include <cmath>
#include <limits>

#include "rootzone/core/flags.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/stats/metrics.hpp"
#include "sptf_job.hpp"

namespace rootzone::pipeline {
namespace {

using core::Flag;
using core::FlagBits;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

VariableInfo layer_info(const std::string& variable, const std::string& long_name, const std::string& units,
                        const std::string& label) {
  VariableInfo info;
  info.variable = variable;
  info.long_name = long_name;
  info.units = units;
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::labels;
  axis.name = "soil";
  axis.labels = {label};
  info.axis = axis;
  return info;
}

/// Layers in this order: the variables, the count of observed days, then a map and a comparison for each
/// reference.
std::vector<VariableInfo> layer_infos(const SptfJob& job) {
  std::vector<VariableInfo> infos;
  for (const SptfVariable& variable : job.variables)
    infos.push_back(layer_info(variable.name + job.suffix, variable.long_name, variable.units, "estimate"));
  infos.push_back(layer_info("observed_days" + job.suffix,
                             "days with surface moisture and all other inputs of the network", "d", "count"));
  for (const SptfReference& reference : job.references) {
    const SptfVariable& variable = job.variables[reference.variable];
    const std::string name = variable.name + job.suffix;
    infos.push_back(layer_info(name + "_reference", variable.long_name + ", " + job.reference_title,
                               variable.units, "reference"));
    if (reference.as_ratio)
      infos.push_back(layer_info(
          name + "_ratio", variable.long_name + ", estimate over " + job.reference_title, "1", "ratio"));
    else
      infos.push_back(layer_info(name + "_difference",
                                 variable.long_name + ", estimate minus " + job.reference_title,
                                 variable.units, "difference"));
  }
  return infos;
}

/// Gathers the pixels of a strip that can be estimated and hands them to the network, a block at a time.
class SptfStage final : public engine::Stage {
 public:
  explicit SptfStage(SptfJob job) : m_job(std::move(job)), m_infos(layer_infos(m_job)) {
    for (std::size_t i = 0; i < m_job.references.size(); ++i)
      m_compared.emplace_back(static_cast<std::size_t>(m_job.cells), missing);
  }

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override { return m_job.daily; }
  std::vector<std::string> gathered() const override { return m_job.daily; }
  std::vector<engine::LayerOutput> layers() const override {
    std::vector<engine::LayerOutput> layers;
    for (std::size_t slot = 0; slot < m_infos.size(); ++slot)
      layers.push_back({m_infos[slot].variable, 1, slot < m_job.variables.size()});
    return layers;
  }
  void advance(const engine::Strip&) const override {}
  void finish(const engine::LayerStrip& strip) const override;

  const std::vector<VariableInfo>& variables() const { return m_infos; }
  std::vector<std::string> remarks() const;

 private:
  struct Block {
    Block(const SptfJob& job)
        : predictor(job.network, job.instruction_set, job.time.count(), sptf::inference_width) {}
    sptf::Predictor predictor;
    std::vector<std::int64_t> pixels;
  };
  void estimate(const engine::LayerStrip& strip, Block& block) const;
  void write(const engine::LayerStrip& strip, std::int64_t pixel, const sptf::SoilEstimate& soil) const;
  void write_references(const engine::LayerStrip& strip, std::int64_t pixel, const sptf::SoilEstimate& soil,
                        bool enough) const;
  std::string compared(std::size_t reference) const;

  std::string m_name = "sptf";
  SptfJob m_job;
  std::vector<VariableInfo> m_infos;
  mutable std::vector<std::vector<float>> m_compared;  ///< by reference: the estimates; strips are disjoint
};

void SptfStage::finish(const engine::LayerStrip& strip) const {
  Block block(m_job);
  std::vector<std::span<const float>> series(m_job.daily.size());
  std::vector<double> constants(m_job.constants.size());
  for (std::int64_t pixel = 0; pixel < strip.pixels(); ++pixel) {
    for (std::size_t i = 0; i < series.size(); ++i) series[i] = strip.series(i, pixel);
    for (std::size_t i = 0; i < constants.size(); ++i)
      constants[i] = m_job.constants[i].at(strip.first_cell() + pixel);
    const auto place = static_cast<std::int64_t>(block.pixels.size());
    block.predictor.set(place, series, constants);
    const std::int64_t observed = block.predictor.observed_days(place);
    if (observed < m_job.minimum_days) {
      sptf::SoilEstimate none;
      none.observed_days = observed;
      write(strip, pixel, none);
      continue;
    }
    block.pixels.push_back(pixel);
    if (place + 1 == sptf::inference_width) estimate(strip, block);
  }
  estimate(strip, block);
}

void SptfStage::estimate(const engine::LayerStrip& strip, Block& block) const {
  if (block.pixels.empty()) return;
  const auto soils = block.predictor.run(static_cast<std::int64_t>(block.pixels.size()));
  for (std::size_t i = 0; i < soils.size(); ++i) write(strip, block.pixels[i], soils[i]);
  block.pixels.clear();
}

void SptfStage::write(const engine::LayerStrip& strip, std::int64_t pixel,
                      const sptf::SoilEstimate& soil) const {
  const auto at = static_cast<std::size_t>(pixel);
  const bool enough = soil.observed_days >= m_job.minimum_days;
  FlagBits flags = 0;
  if (soil.observed_days == 0) core::raise(flags, Flag::input_missing);
  if (soil.observed_days > 0 && soil.observed_days < few_observed_days)
    core::raise(flags, Flag::few_observations);
  for (std::size_t slot = 0; slot < m_job.variables.size(); ++slot) {
    strip.layer(slot, 0)[at] = enough ? static_cast<float>(m_job.variables[slot].value(soil)) : missing;
    strip.layer_flags(slot, 0)[at] =
        enough ? flags : static_cast<FlagBits>(flags | bits(Flag::input_missing));
  }
  strip.layer(m_job.variables.size(), 0)[at] = static_cast<float>(soil.observed_days);
  write_references(strip, pixel, soil, enough);
}

void SptfStage::write_references(const engine::LayerStrip& strip, std::int64_t pixel,
                                 const sptf::SoilEstimate& soil, bool enough) const {
  const auto at = static_cast<std::size_t>(pixel);
  for (std::size_t i = 0; i < m_job.references.size(); ++i) {
    const SptfReference& reference = m_job.references[i];
    const std::int64_t cell = strip.first_cell() + pixel;
    const double other = enough ? reference.values.at(cell) : std::nan("");
    const double own = m_job.variables[reference.variable].value(soil);
    const std::size_t slot = m_job.variables.size() + 1 + 2 * i;
    strip.layer(slot, 0)[at] = static_cast<float>(other);
    strip.layer(slot + 1, 0)[at] = static_cast<float>(reference.as_ratio ? own / other : own - other);
    if (!std::isnan(other)) m_compared[i][static_cast<std::size_t>(cell)] = static_cast<float>(own);
  }
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

std::string SptfStage::compared(std::size_t i) const {
  const SptfReference& reference = m_job.references[i];
  const SptfVariable& variable = m_job.variables[reference.variable];
  std::vector<double> estimates, others;
  for (std::size_t cell = 0; cell < m_compared[i].size(); ++cell) {
    if (std::isnan(m_compared[i][cell])) continue;
    const double own = m_compared[i][cell], other = reference.values.at(static_cast<std::int64_t>(cell));
    if (reference.as_ratio && !(own > 0.0 && other > 0.0)) continue;
    estimates.push_back(reference.as_ratio ? std::log10(own) : own);
    others.push_back(reference.as_ratio ? std::log10(other) : other);
  }
  const std::string what =
      "SPTF, " + variable.name + m_job.suffix + " beside " + m_job.reference_title + ": ";
  if (estimates.size() < 4) return what + "fewer than four cells have both";
  stats::MetricOptions options;  // cells are no series: the values hold, the intervals would not
  options.min_pairs = 4;
  const stats::Metrics metrics = stats::compute_metrics(estimates, others, options);
  const auto natural = [&](double value) { return reference.as_ratio ? std::pow(10.0, value) : value; };
  const std::string scale = reference.as_ratio ? " of log10" : "";
  return what + format_count(metrics.n) + " cells, " + (reference.as_ratio ? "geometric mean " : "mean ") +
         format_number(natural(mean_of(estimates))) + " against " +
         with_units(natural(mean_of(others)), variable.units) + ", RMSE" + scale + " " +
         format_number(metrics.rmse.value) + ", r" + scale + " " + format_number(metrics.pearson_r.value);
}

std::vector<std::string> SptfStage::remarks() const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < m_job.references.size(); ++i) lines.push_back(compared(i));
  return lines;
}

std::vector<std::string> notes_of(const SptfJob& job) {
  const sptf::LstmShape& shape = job.network.weights.shape;
  std::vector<std::string> notes{"SPTF: " + (job.network.title.empty() ? job.weights : job.network.title) +
                                 " (" + sptf::name_of(job.network.model) + ", " + format_count(shape.hidden) +
                                 " hidden units, on " + sptf::name_of(job.instruction_set) + "), " +
                                 format_count(job.time.count()) + " days from " +
                                 core::iso_date(job.time.first())};
  if (!job.network.data.empty()) notes.push_back("SPTF: trained on " + job.network.data);
  return notes;
}

/// What threads hold while they estimate.
std::int64_t working_bytes(const SptfJob& job) {
  const sptf::LstmShape& shape = job.network.weights.shape;
  const std::int64_t values =
      sptf::inference_width * (job.time.count() * (shape.daily_inputs + 1) + 10 * shape.hidden);
  return engine::thread_count(0) * values * static_cast<std::int64_t>(sizeof(float));
}

}  // namespace

PreparedStage make_sptf_stage(const nlohmann::json& settings, StageContext& context) {
  SptfJob job = read_sptf_job(settings, context);
  PreparedStage prepared;
  prepared.notes = notes_of(job);
  prepared.resident_bytes =
      working_bytes(job) + static_cast<std::int64_t>(job.references.size() * sizeof(float)) * job.cells;
  const auto stage = std::make_shared<SptfStage>(std::move(job));
  prepared.variables = stage->variables();
  prepared.remarks = [stage] { return stage->remarks(); };
  prepared.stage = stage;
  return prepared;
}

}  // namespace rootzone::pipeline
