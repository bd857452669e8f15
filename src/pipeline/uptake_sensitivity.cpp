#include "rootzone/study/uptake_sensitivity.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "html_page.hpp"
#include "report_parts.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/numbers.hpp"
#include "rootzone/pipeline/uptake.hpp"
#include "uptake_folder.hpp"
#include "uptake_soil.hpp"
#include "uptake_tables.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;
using stats::SobolEstimate;
using study::ErrorCase;
using study::SensitivityForm;
using study::UptakeSensitivity;

constexpr double confidence = 0.95;

study::UptakeSensitivitySettings settings_of(const json& settings) {
  study::UptakeSensitivitySettings result;
  result.errors = inversion_errors(settings.at("errors"));
  result.interval_days = settings.at("interval").get<int>();
  result.scheme = {settings.at("layers").get<int>(), settings.at("thickness").get<double>()};
  result.success_emd_m = settings.at("success_emd").get<double>();
  result.samples = settings.at("samples").get<std::size_t>();
  result.seed = settings.at("seed").get<std::uint64_t>();
  result.bootstrap.replicates = settings.at("bootstrap").get<int>();
  result.bootstrap.confidence = confidence;
  result.bootstrap.seed = result.seed;
  return result;
}

io::CsvWriter& begin_row(io::CsvWriter& csv, const UptakeSensitivity& one) {
  return csv.field(study::name_of(one.pattern))
      .field(study::name_of(one.wetness))
      .field(study::name_of(one.error_case));
}

void add_estimate(io::CsvWriter& csv, const SobolEstimate& estimate) {
  csv.field(estimate.value).field(estimate.standard_error).field(estimate.low).field(estimate.high);
}

std::string sobol_csv(const std::vector<UptakeSensitivity>& results) {
  const std::array<std::string, 14> header{"profile",
                                           "wetness",
                                           "case",
                                           "form",
                                           "factor",
                                           "first_order",
                                           "first_order_standard_error",
                                           "first_order_low",
                                           "first_order_high",
                                           "total",
                                           "total_standard_error",
                                           "total_low",
                                           "total_high",
                                           "sum_rules"};
  io::CsvWriter csv(header);
  const auto row = [&](const UptakeSensitivity& one, const study::SensitivityOfForm& form,
                       const std::string& factor, const SobolEstimate& first, const SobolEstimate& total) {
    begin_row(csv, one).field(study::name_of(form.form)).field(factor);
    add_estimate(csv, first);
    add_estimate(csv, total);
    csv.field(std::string_view(form.indices.sum_rules_hold() ? "hold" : "broken")).end_row();
  };
  for (const UptakeSensitivity& one : results)
    for (const study::SensitivityOfForm& form : one.forms) {
      for (const stats::GroupIndices& group : form.indices.groups)
        row(one, form, group.name, group.first_order, group.total);
      row(one, form, "sum", form.indices.sum_first_order, form.indices.sum_total);
    }
  return csv.text();
}

stats::BinomialShare share_of(const UptakeSensitivity& one, bool known) {
  return stats::clopper_pearson(known ? one.successes_known : one.successes, one.runs, confidence);
}

std::string success_csv(const std::vector<UptakeSensitivity>& results) {
  const std::array<std::string, 9> header{"profile",   "wetness",      "case", "shares_of", "runs",
                                          "successes", "success_rate", "low",  "high"};
  io::CsvWriter csv(header);
  for (const UptakeSensitivity& one : results)
    for (bool known : {false, true}) {
      const stats::BinomialShare share = share_of(one, known);
      begin_row(csv, one).field(std::string_view(known ? "known_transpiration" : "sum"));
      csv.field(one.runs).field(known ? one.successes_known : one.successes);
      csv.field(share.share).field(share.low).field(share.high).end_row();
    }
  return csv.text();
}

std::string experiment_name(const UptakeSensitivity& one) {
  return std::string(study::name_of(one.pattern)) + " " + std::string(study::name_of(one.wetness));
}

std::string case_words(ErrorCase error_case) {
  switch (error_case) {
    case ErrorCase::soil:
      return "1 soil";
    case ErrorCase::data:
      return "2 data";
    case ErrorCase::both:
      return "3 both";
  }
  return "";
}

ReportTable success_table(const std::vector<UptakeSensitivity>& results) {
  ReportTable table;
  table.title = "Success rates";
  table.caption = "Share of the runs within the limit, with the 95 % interval of Clopper and Pearson.";
  table.columns = {"roots and days", "case", "runs", "of ΣR", "interval", "of the known transpiration",
                   "interval"};
  table.text_columns = 2;
  for (const UptakeSensitivity& one : results) {
    const stats::BinomialShare sum = share_of(one, false);
    const stats::BinomialShare known = share_of(one, true);
    const auto interval = [](const stats::BinomialShare& share) {
      return format_fixed(share.low, 3) + "–" + format_fixed(share.high, 3);
    };
    table.rows.push_back({experiment_name(one), case_words(one.error_case), format_count(one.runs),
                          format_fixed(sum.share, 3), interval(sum), format_fixed(known.share, 3),
                          interval(known)});
  }
  return table;
}

std::string with_error(const SobolEstimate& estimate) {
  return format_number(estimate.value, 2) + " ± " + format_number(estimate.standard_error, 1);
}

/// As the paper's Table 1: a row per case and factor, S and ST of each experiment.
ReportTable sobol_table(const std::vector<UptakeSensitivity>& results, std::size_t form) {
  ReportTable table;
  table.columns = {"case", "factor"};
  table.text_columns = 2;
  const std::size_t cases = 3;
  for (std::size_t i = 0; i < results.size(); i += cases)
    for (const char* index : {"S", "ST"}) table.columns.push_back(experiment_name(results[i]) + " " + index);
  for (std::size_t which = 0; which < cases; ++which) {
    const auto& groups = results[which].forms[form].indices.groups;
    for (std::size_t g = 0; g <= groups.size(); ++g) {
      const bool sum = g == groups.size();
      std::vector<std::string> row{case_words(results[which].error_case), sum ? "sum" : groups[g].name};
      for (std::size_t i = which; i < results.size(); i += cases) {
        const stats::SobolResult& indices = results[i].forms[form].indices;
        row.push_back(with_error(sum ? indices.sum_first_order : indices.groups[g].first_order));
        row.push_back(with_error(sum ? indices.sum_total : indices.groups[g].total));
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

std::string form_words(SensitivityForm form) {
  switch (form) {
    case SensitivityForm::ratio:
      return "EMD of the shares of ΣR: the paper's form. ΣR crosses zero, so the variance of this EMD does "
             "not exist "
             "and the indices do not settle; shown for comparison only.";
    case SensitivityForm::known:
      return "EMD of the shares of the known transpiration: finite variance.";
    case SensitivityForm::ratio_rank:
      return "Ranks of the paper's EMD: bounded.";
    case SensitivityForm::ratio_log:
      return "Logarithm of the paper's EMD: finite variance.";
  }
  return "";
}

std::vector<std::string> warnings_of(const std::vector<UptakeSensitivity>& results) {
  std::vector<std::string> warnings;
  for (const UptakeSensitivity& one : results)
    for (const study::SensitivityOfForm& form : one.forms)
      for (const std::string& warning : form.indices.warnings)
        warnings.push_back(experiment_name(one) + ", case " + case_words(one.error_case) + ", " +
                           std::string(study::name_of(form.form)) + ": " + warning);
  return warnings;
}

std::string page_of(const std::vector<UptakeSensitivity>& results,
                    const study::UptakeExperimentSettings& experiment,
                    const std::vector<std::string>& warnings) {
  std::vector<PageSection> sections{{"Success", render_table(success_table(results))}};
  for (std::size_t form = 0; form < study::sensitivity_forms.size(); ++form) {
    const SensitivityForm which = study::sensitivity_forms[form];
    sections.push_back({"Sobol indices: " + std::string(study::name_of(which)),
                        paragraph(form_words(which)) + render_table(sobol_table(results, form))});
  }
  sections.push_back({"Warnings", bullet_list(warnings, "warnings")});
  return render_page("Root water uptake from storage balance: sensitivity to errors",
                     soil_words(experiment.soil) +
                         ". First-order (S, Saltelli 2010) and total indices (ST, Jansen) "
                         "with bootstrap standard errors; \"theta\" are the water contents "
                         "of all layers and both ends, independent, as one group.",
                     sections);
}

void print_success(const std::vector<UptakeSensitivity>& results, std::ostream& out) {
  out << "roots    wetness  case     runs  success  low     high    (shares of the sum)\n";
  for (const UptakeSensitivity& one : results) {
    const stats::BinomialShare share = share_of(one, false);
    const auto pad = [](std::string word, std::size_t width) {
      return word.append(width - word.size(), ' ');
    };
    out << pad(std::string(study::name_of(one.pattern)), 9)
        << pad(std::string(study::name_of(one.wetness)), 9) << pad(case_words(one.error_case), 7)
        << pad(std::to_string(one.runs), 8) << format_fixed(share.share, 4) << "   "
        << format_fixed(share.low, 4) << "  " << format_fixed(share.high, 4) << '\n';
  }
}

}  // namespace

void run_uptake_sensitivity(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                            std::ostream& out) {
  const json settings = uptake_settings(uptake_sensitivity_table(), request);
  const study::UptakeExperimentSettings experiment = experiment_settings(settings);
  const auto results = study::uptake_sensitivity(experiment, settings_of(settings), parallel_for);
  const std::vector<std::string> warnings = warnings_of(results);
  for (const std::string& warning : warnings) spdlog::warn("{}", warning);
  write_uptake_folder(request, settings,
                      {{"sobol.csv", sobol_csv(results)},
                       {"success.csv", success_csv(results)},
                       {"report.html", page_of(results, experiment, warnings)}});
  print_success(results, out);
  out << request.out.string() << '\n';
}

}  // namespace rootzone::pipeline
