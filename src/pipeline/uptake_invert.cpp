#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/pipeline/resolve.hpp"
#include "rootzone/pipeline/uptake.hpp"
#include "uptake_folder.hpp"
#include "uptake_invert_page.hpp"
#include "uptake_site.hpp"
#include "uptake_tables.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;
using nlohmann::json;
using study::IntervalUptake;
using study::UptakeVerdict;

/// [usable, qualitative] of a limit.
std::array<double, 2> pair_of(const json& limits, const char* key, bool falling) {
  const auto values = limits.at(key).get<std::vector<double>>();
  if (values.size() != 2 || (falling ? values[0] < values[1] : values[0] > values[1]))
    throw Error(ErrorKind::usage, std::string("[limits] ") + key +
                                      ": two numbers expected, of usable and of "
                                      "qualitative only, the second " +
                                      (falling ? "no larger" : "no smaller"));
  return {values[0], values[1]};
}

study::UptakeInversionSettings settings_of(const json& settings) {
  study::UptakeInversionSettings result;
  const json& limits = settings.at("limits");
  const auto success = pair_of(limits, "success", true);
  const auto rain = pair_of(limits, "rain_share", false);
  const auto interval = pair_of(limits, "interval", false);
  const auto layers = pair_of(limits, "layers", false);
  result.interval_days = settings.at("time").at("interval").get<int>();
  result.errors = inversion_errors(settings.at("errors"));
  result.success_emd_m = settings.at("success_emd").get<double>();
  result.samples = settings.at("samples").get<int>();
  result.seed = settings.at("seed").get<std::uint64_t>();
  result.limits = {success[0],
                   success[1],
                   rain[0],
                   rain[1],
                   interval[0],
                   interval[1],
                   static_cast<int>(layers[0]),
                   static_cast<int>(layers[1]),
                   limits.at("negative_share").get<double>()};
  return result;
}

/// A series CSV given in place of a file of settings is the profile.
json resolved(const UptakeRequest& request) {
  if (request.file.extension() != ".csv") return uptake_settings(uptake_invert_table(), request);
  UptakeRequest of_series = request;
  of_series.file.clear();
  const std::string path = std::filesystem::absolute(request.file).string();
  of_series.overrides.insert(of_series.overrides.begin(), "profile.path=" + json(path).dump());
  return uptake_settings(uptake_invert_table(), of_series);
}

std::string uptake_csv(const std::vector<IntervalUptake>& intervals,
                       const std::vector<double>& thickness_cm) {
  const std::array<std::string, 10> header{"first",
                                           "last",
                                           "layer",
                                           "top_cm",
                                           "bottom_cm",
                                           "uptake_mm",
                                           "uptake_standard_deviation_mm",
                                           "share",
                                           "drainage_mm",
                                           "storage_change_mm"};
  io::CsvWriter csv(header);
  for (const IntervalUptake& one : intervals) {
    double top = 0.0;
    for (std::size_t i = 0; i < one.layers.size(); ++i) {
      const study::LayerUptake& layer = one.layers[i];
      csv.field(core::iso_date(one.first))
          .field(core::iso_date(one.last))
          .field(static_cast<std::int64_t>(i + 1));
      csv.field(top).field(top + thickness_cm[i]).field(layer.uptake_mm).field(layer.standard_deviation_mm);
      csv.field(layer.share).field(layer.drainage_mm).field(layer.storage_change_mm).end_row();
      top += thickness_cm[i];
    }
  }
  return csv.text();
}

std::string intervals_csv(const std::vector<IntervalUptake>& intervals) {
  const std::array<std::string, 15> header{"first",
                                           "last",
                                           "precipitation_mm",
                                           "evaporation_mm",
                                           "transpiration_mm",
                                           "uptake_mm",
                                           "uptake_standard_deviation_mm",
                                           "rain_share",
                                           "success_rate",
                                           "success_rate_low",
                                           "success_rate_high",
                                           "success_rate_known_soil",
                                           "bearable_water_content_error",
                                           "verdict",
                                           "reasons"};
  io::CsvWriter csv(header);
  for (const IntervalUptake& one : intervals) {
    const bool there = !one.layers.empty();
    const auto number = [&](double value) {
      csv.field(there ? value : std::numeric_limits<double>::quiet_NaN());
    };
    csv.field(core::iso_date(one.first)).field(core::iso_date(one.last));
    for (double value : {one.precipitation_mm, one.evaporation_mm, one.transpiration_mm, one.uptake_mm,
                         one.uptake_standard_deviation_mm, one.rain_share, one.success.share, one.success.low,
                         one.success.high, one.success_known_soil.share, one.bearable_water_content_error})
      number(value);
    std::string reasons;
    for (const std::string& reason : one.reasons) reasons += (reasons.empty() ? "" : "; ") + reason;
    csv.field(study::name_of(one.verdict)).field(reasons).end_row();
  }
  return csv.text();
}

void print_summary(const UptakeSite& site, const std::vector<IntervalUptake>& intervals, std::ostream& out) {
  if (!site.station.empty()) out << "station " << site.station << ", ";
  out << core::iso_date(intervals.front().first) << " … " << core::iso_date(intervals.back().last) << ", "
      << site.series.thickness_cm.size() << " layers\n";
  for (UptakeVerdict verdict :
       {UptakeVerdict::usable, UptakeVerdict::qualitative, UptakeVerdict::not_identifiable}) {
    const auto count = std::count_if(intervals.begin(), intervals.end(),
                                     [&](const IntervalUptake& one) { return one.verdict == verdict; });
    out << study::name_of(verdict) << ": " << count << " of " << intervals.size() << " intervals\n";
  }
  for (const IntervalUptake& one : intervals)
    if (!one.reasons.empty()) {
      out << core::iso_date(one.first) << " … " << core::iso_date(one.last) << ", "
          << study::name_of(one.verdict) << ":\n";
      for (const std::string& reason : one.reasons) out << "  - " << reason << '\n';
      out << "(the other intervals: intervals.csv)\n";
      return;
    }
}

}  // namespace

void run_uptake_invert(const UptakeRequest& request, const core::ParallelFor& parallel_for,
                       std::ostream& out) {
  if (request.file.empty())
    throw Error(ErrorKind::usage,
                "expected a file: settings in TOML, or a series CSV with soil_moisture_<depth>cm");
  const json settings = resolved(request);
  const study::UptakeInversionSettings inversion = settings_of(settings);
  const UptakeSite site = read_uptake_site(settings);
  for (const std::string& warning : site.warnings) spdlog::warn("{}", warning);
  const auto intervals = study::invert_uptake(site.series, inversion, parallel_for);
  write_uptake_folder(request, settings,
                      {{"uptake.csv", uptake_csv(intervals, site.series.thickness_cm)},
                       {"intervals.csv", intervals_csv(intervals)},
                       {"report.html", uptake_invert_page(site, inversion, intervals)}});
  print_summary(site, intervals, out);
  out << request.out.string() << '\n';
}

}  // namespace rootzone::pipeline
