#include "smar_stage.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "rootzone/core/error.hpp"
#include "rootzone/engine/threads.hpp"
#include "rootzone/moisture/smar.hpp"
#include "schema_tables.hpp"
#include "smar_ensemble.hpp"
#include "smar_layer_ensemble.hpp"
#include "smar_loss.hpp"

namespace rootzone::pipeline {

const TableSpec& smar_table() {
  static const TableSpec table{
      "smar",
      "Root-zone moisture from surface moisture by SMAR (Manfreda et al. 2014; Liu et al. 2023).",
      {{"surface", KeyType::text, "daily surface soil moisture", "", R"("surface_soil_moisture")"},
       {"surface_kind",
        KeyType::choice,
        "what its values are; nothing is guessed",
        "",
        R"("volumetric")",
        {"volumetric", "percent_of_saturation", "relative_saturation"}},
       {"parameters",
        KeyType::path,
        "constants or maps (sw2, sc1, a, b below), physical (soil below), shipped:NAME, or a regression file",
        "",
        "",
        {"constants", "maps", "physical"},
        {},
        {},
        true},
       {"scheme",
        KeyType::choice,
        "how a step's input is integrated; parameters belong to one scheme",
        "",
        R"("paper")",
        {"paper", "exact"}},
       {"sw2", KeyType::value, "relative saturation at the wilting point, root zone", "1"},
       {"sc1", KeyType::value, "relative saturation at field capacity, surface layer", "1"},
       {"a", KeyType::value, "loss coefficient", "d-1"},
       {"b", KeyType::value, "diffusion coefficient", "1"},
       {"predictors", KeyType::scalars,
        "inputs that serve as a regression's predictors, where the names differ", "", "{}"},
       {"regionalisation",
        KeyType::choice,
        "how a regression file carries parameters from its stations to the grid; the file's own choice, "
        "where it "
        "names one, else by regression",
        "",
        "",
        {"regression", "nearest_station", "inverse_distance", "global_median"}},
       {"ensemble",
        KeyType::integer,
        "members that give the spread <output>_standard_deviation, at least 8; 0: none. Default 20 where the "
        "parameters carry an error (a regression file of `rootzone regionalise`); run only if an output asks "
        "for the spread",
        "1",
        "",
        {},
        0.0,
        10000.0},
       {"ensemble_seed", KeyType::integer, "of the members' random numbers", "1", "1", {}, 0.0},
       {"ensemble_layers", KeyType::texts,
        "members that are other layers, for the same spread: a member \"wosten\" takes the layer X_wosten "
        "for each "
        "soil or parameter layer X named here, where there is one (a pedotransfer stage makes them)",
        "", "[]"},
       {"porosity_surface", KeyType::value, "of the surface layer; turns volumetric input into saturation",
        "m3 m-3"},
       {"porosity_root_zone",
        KeyType::value,
        "of the root zone; turns saturation into moisture",
        "m3 m-3",
        "",
        {},
        {},
        {},
        true},
       {"field_capacity_surface", KeyType::value, "for physical parameters", "m3 m-3"},
       {"field_capacity_root_zone", KeyType::value, "initial state; without it the run starts at sc1",
        "m3 m-3"},
       {"wilting_point_root_zone", KeyType::value, "for physical parameters", "m3 m-3"},
       {"loss",
        KeyType::value,
        "V2, evapotranspiration and percolation at saturation, for physical parameters",
        "mm d-1",
        "",
        {},
        0.0},
       {"loss_pet", KeyType::text,
        "daily PET whose mean over the run, or the reference period, is V2 divided by loss_pet_factor"},
       {"loss_pet_factor",
        KeyType::number,
        "loss = factor · mean PET at the wetness loss_pet_at names",
        "1",
        "1.0",
        {},
        0.0},
       {"loss_pet_at",
        KeyType::choice,
        "wetness at which the loss is that: saturation (V2 itself), or field_capacity (Thornthwaite and "
        "Mather "
        "1955: a = PET/available water capacity), which needs field_capacity_root_zone",
        "",
        R"("saturation")",
        {"saturation", "field_capacity"}},
       {"reference_start", KeyType::date,
        "first day of the days from which the mean PET of loss_pet is taken; without it the first of the "
        "record"},
       {"reference_end", KeyType::date,
        "last day of them; without it the last of the record, which `update` cannot know"},
       {"surface_thickness", KeyType::number, "Zr1, thickness of the surface layer", "cm", "10.0", {}, 0.1},
       {"root_zone_thickness",
        KeyType::number,
        "Zr2, thickness of the root zone below it",
        "cm",
        "40.0",
        {},
        0.1},
       {"gap_policy",
        KeyType::choice,
        "days without observation: decay, hold (input over the whole gap), missing",
        "",
        R"("decay")",
        {"decay", "hold", "missing"}},
       {"max_gap_days", KeyType::number, "after longer gaps the output is missing", "d", "30.0", {}, 0.0},
       {"respin_days", KeyType::number, "observed days until it returns", "d", "20.0", {}, 0.0},
       {"warm_up_days", KeyType::number,
        "days flagged as spinning up; negative: 4.6/a, when 1 % of the start is left", "d", "-1.0"},
       {"output", KeyType::text, "name of the moisture", "", R"("root_zone_soil_moisture")"},
       {"saturation_output", KeyType::text, "name of the saturation", "", R"("root_zone_saturation")"}}};
  return table;
}

namespace {

using core::Error;
using core::ErrorKind;
using moisture::SmarCoefficients;
using nlohmann::json;

/// All a SMAR stage is made of.
struct SmarJob {
  std::string surface;
  SmarPetLoss loss;  ///< not tied: `a` is final
  std::string output;
  std::string saturation_output;
  moisture::SmarSettings settings;
  SmarLayers layers;
  std::vector<float> surface_porosity;
  std::vector<float> root_zone_porosity;
  std::vector<float> initial;
  double root_zone_thickness_mm = 400.0;
};

class SmarStage : public engine::Stage {
 public:
  explicit SmarStage(SmarJob job) : m_job(std::move(job)) {
    if (!m_job.loss.tied()) settle();
  }

  const std::string& name() const override { return m_name; }
  std::vector<std::string> inputs() const override {
    std::vector<std::string> inputs{m_job.surface};
    if (m_job.loss.tied()) inputs.push_back(m_job.loss.variable);
    return inputs;
  }
  std::vector<engine::DailyOutput> outputs() const override {
    return {{m_job.output, true}, {m_job.saturation_output, false}};
  }
  std::vector<engine::LayerOutput> layers() const override {
    return {{m_job.output + "_capped_water", 1, false}};
  }
  std::vector<engine::StateField> state() const override {
    std::vector<engine::StateField> fields;
    for (const auto& field : moisture::smar_state_fields)
      fields.push_back({std::string(field.name), field.values_per_pixel, field.initial});
    return fields;
  }

  void advance(const engine::Strip& strip) const override {
    const auto coefficients = m_coefficients->view(strip.first_cell(), strip.pixels());
    const moisture::SmarState state{strip.state(0), strip.state(1), strip.state(2), strip.state(3),
                                    strip.state(4)};
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      moisture::advance_smar(
          coefficients, m_job.settings, state,
          {strip.input(0, step), strip.output(1, step), strip.output(0, step), strip.flags(0, step)});
      if (!m_job.layers.extrapolated.empty()) flag_extrapolated(strip, step);
    }
  }

  void finish(const engine::LayerStrip& strip) const override {
    const auto capped = strip.state(4);
    const auto layer = strip.layer(0, 0);
    for (std::size_t i = 0; i < layer.size(); ++i) layer[i] = static_cast<float>(capped[i]);
  }

  std::vector<engine::StateField> survey_fields() const override { return m_job.loss.fields(); }
  void survey(const engine::Strip& strip) const override { m_job.loss.survey(strip, 1); }
  void conclude_survey(std::span<const std::vector<double>> fields) override {
    for (std::size_t i = 0; i < m_job.layers.a.size(); ++i)
      m_job.layers.a[i] = m_job.loss.scale(m_job.layers.a[i], SmarPetLoss::mean(fields, i));
    settle();
  }

  const std::optional<SmarCoefficients>& coefficients() const { return m_coefficients; }

 private:
  void settle() {
    const std::vector<float> thickness(m_job.layers.a.size(),
                                       static_cast<float>(m_job.root_zone_thickness_mm));
    const SmarLayers& p = m_job.layers;
    m_coefficients.emplace(moisture::SmarParameters{p.sw2, p.sc1, p.a, p.b, m_job.surface_porosity,
                                                    m_job.root_zone_porosity, thickness, m_job.initial},
                           m_job.settings, engine::tbb_parallel_for());
    // Everything of them is in the coefficients now.
    for (std::vector<float>* used :
         {&m_job.layers.sw2, &m_job.layers.sc1, &m_job.layers.a, &m_job.layers.b, &m_job.surface_porosity,
          &m_job.root_zone_porosity, &m_job.initial, &m_job.layers.covariance_factor})
      *used = {};
  }

  void flag_extrapolated(const engine::Strip& strip, std::int64_t step) const {
    const auto flags = strip.flags(0, step);
    for (std::size_t i = 0; i < flags.size(); ++i)
      if (m_job.layers.extrapolated[static_cast<std::size_t>(strip.first_cell()) + i])
        core::raise(flags[i], core::Flag::extrapolated);
  }

  std::string m_name = "smar";
  SmarJob m_job;
  std::optional<SmarCoefficients> m_coefficients;
};

std::vector<float> layer_of(const json& settings, const char* key, StageContext& context) {
  return context.parameter(settings.at(key), "m3 m-3", std::string("smar ") + key)
      .column(context.grid().cells());
}

void read_soil(const json& settings, StageContext& context, SmarJob& job) {
  job.root_zone_porosity = layer_of(settings, "porosity_root_zone", context);
  if (settings.contains("porosity_surface")) {
    job.surface_porosity = layer_of(settings, "porosity_surface", context);
  } else if (job.settings.surface_units == moisture::SurfaceUnits::volumetric) {
    throw Error(ErrorKind::usage,
                "surface_kind = \"volumetric\" needs porosity_surface to turn moisture into saturation");
  }
  job.initial = job.layers.sc1;
  if (!settings.contains("field_capacity_root_zone")) return;
  job.initial = layer_of(settings, "field_capacity_root_zone", context);
  for (std::size_t i = 0; i < job.initial.size(); ++i) job.initial[i] /= job.root_zone_porosity[i];
}

SmarJob read_job(const json& settings, StageContext& context) {
  SmarJob job;
  job.surface = settings.at("surface").get<std::string>();
  job.output = settings.at("output").get<std::string>();
  job.saturation_output = settings.at("saturation_output").get<std::string>();
  job.settings.scheme = moisture::parse_smar_scheme(settings.at("scheme").get<std::string>());
  job.settings.gap_policy = moisture::parse_smar_gap_policy(settings.at("gap_policy").get<std::string>());
  job.settings.surface_units = moisture::parse_surface_units(settings.at("surface_kind").get<std::string>());
  job.settings.max_gap_days = settings.at("max_gap_days").get<double>();
  job.settings.respin_days = settings.at("respin_days").get<double>();
  job.settings.warm_up_days = settings.at("warm_up_days").get<double>();
  job.settings.validate();
  job.root_zone_thickness_mm = 10.0 * settings.at("root_zone_thickness").get<double>();
  job.layers = smar_layers(settings, context);
  if (job.layers.a_per_unit_loss) job.loss.variable = settings.at("loss_pet").get<std::string>();
  job.loss.factor = settings.at("loss_pet_factor").get<double>();
  if (job.loss.tied()) job.loss.reference = reference_period(settings, context.record());
  read_soil(settings, context, job);
  return job;
}

std::vector<std::string> notes_of(const SmarStage& stage, const std::vector<std::string>& origin) {
  std::vector<std::string> notes = origin;
  if (!stage.coefficients()) return notes;
  const moisture::SmarParameterCounts& counts = stage.coefficients()->counts();
  notes.push_back("SMAR parameters: " + std::to_string(counts.usable) + " cells usable, " +
                  std::to_string(counts.missing) + " missing, " + std::to_string(counts.invalid_porosity) +
                  " with a porosity outside (0, 1], " + std::to_string(counts.not_applicable) +
                  " where SMAR does not apply (b ≥ 1)");
  static constexpr std::array<const char*, 4> names{"sw2", "sc1", "a", "b"};
  for (std::size_t i = 0; i < names.size(); ++i)
    if (counts.clipped[i] > 0)
      notes.push_back(std::string("SMAR ") + names[i] + " was moved to its bound in " +
                      std::to_string(counts.clipped[i]) + " cells");
  return notes;
}

VariableInfo moisture_info(const std::string& variable) {
  VariableInfo info;
  info.variable = variable;
  info.long_name = "root-zone soil moisture";
  info.standard_name = "volume_fraction_of_condensed_water_in_soil";
  info.units = "m3 m-3";
  info.cell_methods = "time: mean";
  info.packing_scale = 1e-4;
  info.validates_as = variable == "root_zone_soil_moisture" ? "smar" : variable;
  return info;
}

VariableInfo saturation_info(const std::string& variable) {
  VariableInfo info = moisture_info(variable);
  info.long_name = "relative saturation of the root zone";
  info.standard_name.clear();
  info.units = "1";
  info.validates_as.clear();
  return info;
}

VariableInfo capped_info(const std::string& variable) {
  VariableInfo info;
  info.variable = variable + "_capped_water";
  info.long_name = "water above saturation that the cap took away over the run";
  info.units = "mm";
  io::StepAxis axis;
  axis.kind = io::StepAxis::Kind::labels;
  axis.name = "statistic";
  axis.labels = {"total"};
  info.axis = axis;
  return info;
}

/// The members' parameters and the error they are drawn from, as long as the job still has its layers.
void add_ensemble(const json& settings, const SmarJob& job, StageContext& context) {
  const bool with_error = !job.layers.covariance_factor.empty();
  const std::int64_t members = settings.value("ensemble", std::int64_t{with_error ? 20 : 0});
  if (members == 0) return;
  if (!with_error)
    throw Error(ErrorKind::usage,
                "ensemble = " + std::to_string(members) +
                    " needs parameters that carry an error: a regression file of `rootzone regionalise`; "
                    "found parameters = " +
                    settings.at("parameters").dump());
  if (members < smar_fewest_members)
    throw Error(ErrorKind::usage, "ensemble: expected 0 (none) or at least " +
                                      std::to_string(smar_fewest_members) + " members, found " +
                                      std::to_string(members));
  SmarErrorLayers error;
  error.mean = {job.layers.sw2,       job.layers.sc1,         job.layers.a, job.layers.b,
                job.surface_porosity, job.root_zone_porosity, job.initial};
  error.initial_is_sc1 = !settings.contains("field_capacity_root_zone");
  error.covariance_factor = job.layers.covariance_factor;
  error.balanced = job.layers.balanced_error;
  SmarEnsembleJob ensemble;
  ensemble.surface = job.surface;
  ensemble.loss = job.loss;
  ensemble.settings = job.settings;
  ensemble.output = job.output;
  ensemble.source = std::make_shared<SmarErrorMembers>(std::move(error), members,
                                                       settings.at("ensemble_seed").get<std::uint64_t>());
  context.add(make_smar_ensemble_stage(std::move(ensemble)));
}

/// Members that are layers: a set of soils by pedotransfer functions, or any other.
void add_layer_ensemble(const json& settings, const SmarJob& job, StageContext& context) {
  if (settings.at("ensemble_layers").empty()) return;
  if (settings.value("ensemble", std::int64_t{0}) != 0 || !job.layers.covariance_factor.empty())
    throw Error(ErrorKind::usage,
                "ensemble_layers and members drawn from the parameters' error cannot be had at once; set "
                "ensemble = 0 or leave ensemble_layers out");
  std::vector<SmarMember> members;
  for (const json& name : settings.at("ensemble_layers")) {
    SmarJob of_member =
        read_job(member_settings(settings, name.get<std::string>(), context.catalog()), context);
    SmarLayers& p = of_member.layers;
    members.push_back({std::move(p.sw2), std::move(p.sc1), std::move(p.a), std::move(p.b),
                       std::move(of_member.surface_porosity), std::move(of_member.root_zone_porosity),
                       std::move(of_member.initial)});
    fill_surface_porosity(members.back(), job.surface_porosity);
  }
  SmarEnsembleJob ensemble;
  ensemble.surface = job.surface;
  ensemble.loss = job.loss;
  ensemble.settings = job.settings;
  ensemble.output = job.output;
  ensemble.source = std::make_shared<SmarLayerMembers>(std::move(members));
  context.add(make_smar_ensemble_stage(std::move(ensemble)));
}

}  // namespace

PreparedStage make_smar_stage(const json& settings, StageContext& context) {
  SmarJob job = read_job(settings, context);
  const bool volumetric = job.settings.surface_units == moisture::SurfaceUnits::volumetric;
  context.require_daily(job.surface, volumetric ? "m3 m-3" : "", "smar");
  if (job.loss.tied()) context.require_daily(job.loss.variable, "mm d-1", "smar loss_pet");
  add_ensemble(settings, job, context);
  add_layer_ensemble(settings, job, context);
  const std::vector<std::string> origin = job.layers.notes;
  const std::int64_t cells = context.grid().cells();
  const std::optional<core::Date> surveyed_until = job.loss.reference.last;
  PreparedStage prepared;
  prepared.variables = {moisture_info(job.output), saturation_info(job.saturation_output),
                        capped_info(job.output)};
  const auto stage = std::make_shared<SmarStage>(std::move(job));
  prepared.notes = notes_of(*stage, origin);
  prepared.stage = stage;
  prepared.surveyed_until = surveyed_until;
  prepared.resident_bytes = cells * (6 * 8 + 5 * 4);
  return prepared;
}

}  // namespace rootzone::pipeline
