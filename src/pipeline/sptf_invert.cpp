#include <algorithm>
#include <atomic>
#include <cmath>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/sptf_training_commands.hpp"
#include "rootzone/study/sptf_column.hpp"
#include "sptf_folder.hpp"
#include "sptf_inverse_table.hpp"
#include "sptf_parts.hpp"

namespace rootzone::pipeline {
namespace {

using study::SptfModel;
using study::SptfParameters;

std::vector<std::string> table_header(SptfModel model) {
  std::vector<std::string> header{"site", "model"};
  for (const study::SptfRange& range : study::sptf_ranges(model)) header.emplace_back(range.name);
  for (const char* name : {"theta_s_ceiling", "rmse_first_year", "rmse_second_year", "evaluations", "stop"})
    header.emplace_back(name);
  return header;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

void write_inverse_table(const std::filesystem::path& path, const InverseTable& table) {
  io::CsvWriter csv(table_header(table.model));
  for (std::size_t i = 0; i < table.sites.size(); ++i) {
    const study::InverseResult& result = table.results[i];
    csv.field(table.sites[i]).field(study::sptf_model_name(table.model));
    for (const double value : study::sptf_physical(table.model, result.unit, result.ceiling))
      csv.field(value);
    csv.field(result.ceiling).field(static_cast<float>(result.first_year_rmse));
    csv.field(static_cast<float>(result.second_year_rmse)).field(result.evaluations);
    csv.field(stats::sce_ua_stop_name(result.stop));
    csv.end_row();
  }
  io::write_file_atomically(path, csv.text());
}

InverseTable read_inverse_table(const std::filesystem::path& path) {
  const io::CsvTable csv = io::CsvTable::read(path);
  if (csv.rows() == 0) throw core::Error(core::ErrorKind::data, path.string() + ": holds no site");
  InverseTable table;
  table.model = study::sptf_model(csv.text(0, csv.column("model")));
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    study::InverseResult result;
    SptfParameters physical{};
    std::size_t k = 0;
    for (const study::SptfRange& range : study::sptf_ranges(table.model))
      physical[k++] = csv.number(row, csv.column(range.name));
    result.ceiling = csv.number(row, csv.column("theta_s_ceiling"));
    result.unit = study::sptf_unit(table.model, physical, result.ceiling);
    result.first_year_rmse = csv.number(row, csv.column("rmse_first_year"));
    result.second_year_rmse = csv.number(row, csv.column("rmse_second_year"));
    result.evaluations = static_cast<std::int64_t>(csv.number(row, csv.column("evaluations")));
    table.sites.push_back(csv.text(row, csv.column("site")));
    table.results.push_back(result);
  }
  return table;
}

void invert_sptf(const InverseRequest& request, const SptfJobContext& context, std::ostream& out) {
  request.settings.validate();
  const SptfFolder folder = read_sptf_folder(request.sites, context.parallel_for);
  for (const std::string& warning : folder.warnings) context.warn(warning);
  const auto which = part_of(folder.sites, request.part, request.split_seed, request.most_sites);
  io::make_folder(request.out);
  if (context.progress != nullptr)
    context.progress->begin("inverse modelling", static_cast<std::int64_t>(which.size()));
  const auto done = [&] {
    if (context.progress != nullptr) context.progress->advance(1);
  };
  InverseTable table;
  table.model = request.model;
  table.results = study::invert_sites(folder.sites, which, study::ColumnPhysics(request.model),
                                      request.settings, context.parallel_for, done);
  if (context.progress != nullptr) context.progress->end();
  std::vector<double> first;
  std::vector<double> second;
  for (std::size_t i = 0; i < which.size(); ++i) {
    table.sites.push_back(folder.sites[which[i]].name);
    first.push_back(table.results[i].first_year_rmse);
    second.push_back(table.results[i].second_year_rmse);
  }
  const auto path = request.out / ("inverse_" + std::string(study::sptf_model_name(request.model)) + ".csv");
  write_inverse_table(path, table);
  context.log("median error against observations: " + format_number(median(first)) +
              " m³ m⁻³ in the year fitted, " + format_number(median(second)) + " in the next");
  out << path.string() << '\n';
}

}  // namespace rootzone::pipeline
