#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/network_file.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/sptf_training_commands.hpp"
#include "rootzone/study/sptf_column.hpp"
#include "sptf_evaluation_report.hpp"
#include "sptf_folder.hpp"
#include "sptf_inverse_table.hpp"
#include "sptf_parts.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using study::MoistureReference;
using study::SptfParameters;
using study::SptfSite;

/// A network under a name of its own.
struct NamedNetwork {
  std::string name;
  sptf::Network network;
};

/// What the whole evaluation works on.
struct Work {
  const EvaluateRequest& request;
  const SptfJobContext& context;
  std::vector<const SptfSite*> sites;
  std::vector<NamedNetwork> networks;
  std::vector<study::MethodMoisture> methods;
  bool has_truth = false;

  MoistureReference reference() const {
    return has_truth ? MoistureReference::truth : MoistureReference::observations;
  }
  void step() const {
    if (context.progress != nullptr) context.progress->advance(1);
  }
};

/// "sptf_vgm", with the file's folder where two networks are of one model.
std::vector<NamedNetwork> read_networks(const std::vector<std::filesystem::path>& files) {
  std::vector<NamedNetwork> networks;
  for (const auto& file : files) {
    sptf::Network network = io::read_network(file);
    std::string name = "sptf_" + std::string(study::sptf_model_name(study::sptf_model_of(network.model)));
    const bool taken = std::any_of(networks.begin(), networks.end(),
                                   [&](const NamedNetwork& other) { return other.name == name; });
    if (taken) name += " (" + file.string() + ")";
    networks.push_back({std::move(name), std::move(network)});
  }
  return networks;
}

void add_networks(Work& work) {
  std::vector<study::InputWindow> windows;
  for (const SptfSite* site : work.sites) windows.push_back({site, 0});
  const std::vector<double> ceilings = study::first_year_ceilings(work.sites);
  for (const NamedNetwork& named : work.networks) {
    const study::ColumnPhysics physics(study::sptf_model_of(named.network.model));
    const auto units =
        study::network_predictor(named.network, work.context.parallel_for)(windows, study::sptf_year_days);
    work.methods.push_back(
        {named.name, study::second_year(physics, work.sites, units, ceilings, work.context.parallel_for)});
    work.step();
  }
}

/// Parameters that are NaN where a method has none for a site.
constexpr SptfParameters no_parameters() {
  SptfParameters parameters{};
  parameters.fill(std::numeric_limits<double>::quiet_NaN());
  return parameters;
}

void add_inverse(Work& work, const std::filesystem::path& file) {
  const InverseTable table = read_inverse_table(file);
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < table.sites.size(); ++i) rows[table.sites[i]] = i;
  std::vector<SptfParameters> units;
  std::vector<double> ceilings;
  std::size_t found = 0;
  for (const SptfSite* site : work.sites) {
    const auto row = rows.find(site->name);
    found += row != rows.end() ? 1 : 0;
    units.push_back(row != rows.end() ? table.results[row->second].unit : no_parameters());
    ceilings.push_back(row != rows.end() ? table.results[row->second].ceiling : 0.41);
  }
  if (found == 0)
    throw Error(ErrorKind::data, file.string() +
                                     ": holds none of the sites to be judged; run sptf inverse with "
                                     "the same sites, --part and --split-seed");
  if (found < work.sites.size())
    work.context.warn(file.string() + ": holds " + std::to_string(found) + " of the " +
                      std::to_string(work.sites.size()) + " sites");
  work.methods.push_back({"inverse_" + std::string(study::sptf_model_name(table.model)),
                          study::second_year(study::ColumnPhysics(table.model), work.sites, units, ceilings,
                                             work.context.parallel_for)});
  work.step();
}

void add_pedotransfer(Work& work) {
  const std::vector<double> ceilings = study::first_year_ceilings(work.sites);
  for (const std::string& function : study::pedotransfer_names()) {
    std::vector<SptfParameters> units;
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < work.sites.size(); ++i) {
      const auto unit = study::pedotransfer_unit(function, work.sites[i]->soil,
                                                 work.request.organic_carbon_percent, ceilings[i]);
      units.push_back(unit.value_or(no_parameters()));
      dropped += unit ? 0 : 1;
    }
    if (dropped > 0)
      work.context.log(function + " gives no usable parameters at " + std::to_string(dropped) + " of " +
                       std::to_string(work.sites.size()) + " sites");
    if (dropped < work.sites.size())
      work.methods.push_back(
          {function, study::second_year(study::ColumnPhysics(study::SptfModel::van_genuchten), work.sites,
                                        units, ceilings, work.context.parallel_for)});
    work.step();
  }
}

using Grouping = std::pair<std::string, std::string (*)(const SptfSite&)>;

std::vector<Grouping> groupings(const Work& work) {
  std::vector<Grouping> all{{"all", [](const SptfSite&) { return std::string("all"); }},
                            {"texture", study::texture_of},
                            {"moisture", study::moisture_class},
                            {"rain", study::rain_class}};
  if (std::any_of(work.sites.begin(), work.sites.end(),
                  [](const SptfSite* site) { return !site->climate.empty(); }))
    all.emplace_back("climate", [](const SptfSite& site) { return site.climate; });
  return all;
}

/// Classes in the order of their numbers ("below 0.1", "0.1 to 0.2", …), others by name.
struct ClassOrder {
  static double place(const std::string& name) {
    if (name.starts_with("below")) return -1.0;
    if (name.starts_with("above")) return std::numeric_limits<double>::infinity();
    return io::parse_number(name.substr(0, name.find(' '))).value_or(0.0);
  }
  bool operator()(const std::string& a, const std::string& b) const {
    return std::pair(place(a), a) < std::pair(place(b), b);
  }
};

std::vector<ScoreRow> score_rows(const Work& work) {
  std::vector<ScoreRow> rows;
  for (const auto& [grouping, class_of] : groupings(work)) {
    std::map<std::string, std::vector<std::size_t>, ClassOrder> groups;
    for (std::size_t i = 0; i < work.sites.size(); ++i) groups[class_of(*work.sites[i])].push_back(i);
    for (const auto& [group, which] : groups)
      for (const study::MethodMoisture& method : work.methods)
        for (const bool truth : {true, false}) {
          if (truth && !work.has_truth) continue;
          const auto reference = truth ? MoistureReference::truth : MoistureReference::observations;
          rows.push_back({method.name, truth ? "truth" : "observations", grouping, group,
                          study::score_moisture(work.sites, method.moisture, which, reference)});
        }
  }
  return rows;
}

std::vector<double> doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// RMSE of a method at each site; NaN where it has none.
std::vector<double> site_errors(const Work& work, const study::MethodMoisture& method) {
  std::vector<double> errors;
  for (std::size_t i = 0; i < work.sites.size(); ++i) {
    const std::array<std::size_t, 1> only{i};
    errors.push_back(study::score_moisture(work.sites, method.moisture, only, work.reference()).rmse);
  }
  return errors;
}

std::vector<ExampleSite> example_sites(const Work& work) {
  const std::vector<double> errors = site_errors(work, work.methods.front());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < errors.size(); ++i)
    if (!std::isnan(errors[i])) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return errors[a] < errors[b]; });
  std::vector<ExampleSite> examples;
  if (order.empty()) return examples;
  for (const double share : {0.1, 0.5, 0.9}) {
    const std::size_t i = order[static_cast<std::size_t>(share * static_cast<double>(order.size() - 1))];
    const SptfSite& site = *work.sites[i];
    ExampleSite example;
    example.title = site.name + ", " + study::texture_of(site) +
                    (site.climate.empty() ? "" : ", " + site.climate) + ": RMSE " +
                    format_fixed(errors[i], 3);
    const auto year = [](const std::vector<float>& values) {
      return std::span(values).subspan(study::sptf_year_days);
    };
    example.observed = doubles(year(site.surface_soil_moisture));
    if (!site.true_moisture_5cm.empty()) example.reference = doubles(year(site.true_moisture_5cm));
    for (std::size_t m = 0; m < std::min<std::size_t>(work.methods.size(), 3); ++m)
      example.methods.emplace_back(work.methods[m].name, doubles(work.methods[m].moisture[i]));
    examples.push_back(std::move(example));
  }
  return examples;
}

void add_network_studies(const Work& work, SptfEvaluation& evaluation) {
  const EvaluateRequest& request = work.request;
  const auto step = [&] { work.step(); };
  for (const NamedNetwork& named : work.networks) {
    const study::ColumnPhysics physics(study::sptf_model_of(named.network.model));
    const auto predict = study::network_predictor(named.network, work.context.parallel_for);
    if (!request.input_days.empty())
      evaluation.skills.push_back(
          {named.name, study::skill_by_length(predict, physics, work.sites, request.input_days,
                                              request.windows_per_length, request.seed, work.reference(),
                                              work.context.parallel_for, step)});
    if (request.shuffles > 0)
      evaluation.importances.push_back(
          {named.name,
           study::permutation_importance(predict, physics, work.sites, request.shuffles, request.seed,
                                         work.reference(), work.context.parallel_for, step)});
  }
}

std::int64_t steps_of(const EvaluateRequest& request, std::size_t networks) {
  std::int64_t per_network = request.shuffles > 0 ? 2 + 9 * request.shuffles : 1;
  for (const std::int64_t days : request.input_days)  // the whole year is one window
    per_network += days == static_cast<std::int64_t>(study::sptf_year_days) ? 1 : request.windows_per_length;
  return static_cast<std::int64_t>(networks) * per_network +
         static_cast<std::int64_t>(request.inverses.size()) +
         static_cast<std::int64_t>(study::pedotransfer_names().size());
}

std::string site_table(const Work& work) {
  std::vector<std::string> header{"site", "climate", "texture", "moisture_class", "rain_class"};
  std::vector<std::vector<double>> errors;
  for (const study::MethodMoisture& method : work.methods) {
    header.push_back("rmse_" + method.name);
    errors.push_back(site_errors(work, method));
  }
  io::CsvWriter csv(header);
  for (std::size_t i = 0; i < work.sites.size(); ++i) {
    const SptfSite& site = *work.sites[i];
    csv.field(site.name).field(site.climate).field(study::texture_of(site));
    csv.field(study::moisture_class(site)).field(study::rain_class(site));
    for (const std::vector<double>& error : errors) csv.field(static_cast<float>(error[i]));
    csv.end_row();
  }
  return csv.text();
}

/// Put the pooled scores of a network into its file, in place of earlier ones of the same part.
void record_scores(Work& work, const std::vector<ScoreRow>& rows) {
  for (std::size_t i = 0; i < work.networks.size(); ++i) {
    const NamedNetwork& named = work.networks[i];
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const ScoreRow& one) {
      return one.method == named.name && one.grouping == "all" &&
             one.reference == (work.has_truth ? "truth" : "observations");
    });
    if (row == rows.end() || row->score.sites == 0) continue;
    sptf::Network network = named.network;
    const std::string prefix = work.request.part + "_" + row->reference + "_";
    std::erase_if(network.scores, [&](const auto& score) { return score.first.starts_with(prefix); });
    network.scores.emplace_back(prefix + "sites", static_cast<double>(row->score.sites));
    network.scores.emplace_back(prefix + "nse", row->score.nse);
    network.scores.emplace_back(prefix + "rmse_m3_m-3", row->score.rmse);
    network.scores.emplace_back(prefix + "median_site_nse", row->score.median_site_nse);
    io::write_network(work.request.weights[i], network);
  }
}

void check(const EvaluateRequest& request) {
  for (const std::int64_t days : request.input_days)
    if (days < 1 || days > static_cast<std::int64_t>(study::sptf_year_days))
      throw Error(ErrorKind::usage,
                  "the lengths of input must be 1 to 365 days, found " + std::to_string(days));
  if (request.windows_per_length < 1)
    throw Error(ErrorKind::usage, "there must be 1 or more windows per length");
  if (request.shuffles < 0) throw Error(ErrorKind::usage, "the shuffles must be 0 or more");
  if (request.weights.empty() && request.inverses.empty())
    throw Error(ErrorKind::usage,
                "nothing to judge: give --weights (of sptf train) or --inverse (of sptf inverse)");
}

}  // namespace

void evaluate_sptf(const EvaluateRequest& request, const SptfJobContext& context, std::ostream& out) {
  check(request);
  const SptfFolder folder = read_sptf_folder(request.sites, context.parallel_for);
  Work work{request, context, {}, read_networks(request.weights), {}, true};
  for (const std::size_t i : part_of(folder.sites, request.part, request.split_seed, request.most_sites)) {
    work.sites.push_back(&folder.sites[i]);
    work.has_truth = work.has_truth && !folder.sites[i].true_moisture_5cm.empty();
  }
  io::make_folder(request.out);
  if (context.progress != nullptr)
    context.progress->begin("judging", steps_of(request, work.networks.size()));
  add_networks(work);
  for (const auto& file : request.inverses) add_inverse(work, file);
  add_pedotransfer(work);
  SptfEvaluation evaluation;
  evaluation.sites_words = std::to_string(work.sites.size()) + " sites of the part '" + request.part +
                           "' of " + std::to_string(folder.sites.size()) + ".";
  evaluation.main_reference = work.has_truth ? "truth" : "observations";
  evaluation.windows_per_length = request.windows_per_length;
  evaluation.shuffles = request.shuffles;
  evaluation.warnings = folder.warnings;
  evaluation.scores = score_rows(work);
  if (request.record_scores) record_scores(work, evaluation.scores);
  add_network_studies(work, evaluation);
  evaluation.examples = example_sites(work);
  if (context.progress != nullptr) context.progress->end();
  io::write_file_atomically(request.out / "scores.csv", scores_csv(evaluation));
  io::write_file_atomically(request.out / "sites.csv", site_table(work));
  if (!evaluation.skills.empty())
    io::write_file_atomically(request.out / "input_length.csv", input_length_csv(evaluation));
  if (!evaluation.importances.empty())
    io::write_file_atomically(request.out / "importance.csv", importance_csv(evaluation));
  io::write_file_atomically(request.out / "report.html", evaluation_report(evaluation));
  for (const ScoreRow& row : evaluation.scores)
    if (row.grouping == "all" && row.reference == evaluation.main_reference)
      out << row.method << ": NSE " << format_fixed(row.score.nse, 3) << ", RMSE "
          << format_fixed(row.score.rmse, 4) << " m3 m-3 at " << row.score.sites << " sites, "
          << row.score.failed << " failed\n";
  out << (request.out / "report.html").string() << '\n';
}

}  // namespace rootzone::pipeline
