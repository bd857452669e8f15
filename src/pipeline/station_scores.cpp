#include "station_scores.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <map>
#include <ostream>
#include <set>

#include "file_name.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/crs.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/geopackage.hpp"
#include "rootzone/io/series_csv.hpp"
#include "rootzone/stats/quantile.hpp"
#include "rootzone/study/station_match.hpp"

namespace rootzone::pipeline {
namespace {

struct Matched {
  const StationOnDays* station;
  study::CellWeights cells;
};

std::vector<Matched> match(const Preparation& job, std::vector<std::string>& warnings) {
  std::vector<Matched> matched;
  const auto& stations = job.stations->stations;
  std::vector<io::LonLat> points;
  for (const StationOnDays& station : stations) points.push_back({station.longitude, station.latitude});
  const bool on_stations = job.configuration.grid.stations;
  const auto places = on_stations ? std::vector<std::optional<io::GridPosition>>(points.size())
                                  : io::locate(job.grid, points);
  const auto how =
      job.configuration.validation->bilinear ? study::Matching::bilinear : study::Matching::nearest;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    if (stations[i].root_zone.empty()) continue;  // said when the stations were read
    if (!on_stations && !places[i]) {
      warnings.push_back("station '" + stations[i].id + "' lies outside the grid and is left out");
      continue;
    }
    const double row = on_stations ? 0.5 : places[i]->fractional_row;
    const double col = on_stations ? static_cast<double>(i) + 0.5 : places[i]->fractional_col;
    const auto cells = study::match_cells(job.grid.rows(), job.grid.cols(), row, col,
                                          on_stations ? study::Matching::nearest : how);
    if (cells) matched.push_back({&stations[i], *cells});
  }
  return matched;
}

// A product's series at one station, from the cells it is matched with.
study::ProductSeries series_at(const Product& product, io::ProductReader& reader,
                               const study::CellWeights& cells) {
  std::vector<std::vector<float>> values;
  std::vector<std::vector<core::FlagBits>> flags;
  for (int i = 0; i < cells.count; ++i) {
    const auto& cell = cells.cells[static_cast<std::size_t>(i)];
    values.push_back(reader.read_series(cell.row, cell.col));
    if (product.spec.with_flags) flags.push_back(reader.read_flags_series(cell.row, cell.col));
  }
  study::ProductSeries series;
  series.product = product.info.validates_as;
  series.unit = product.info.fitted_at_station ? study::ProductUnit::index : study::ProductUnit::volumetric;
  std::vector<float> day(values.size());
  std::vector<core::FlagBits> day_flags(flags.size());
  for (std::size_t step = 0; step < values.front().size(); ++step) {
    for (std::size_t cell = 0; cell < values.size(); ++cell) day[cell] = values[cell][step];
    for (std::size_t cell = 0; cell < flags.size(); ++cell) day_flags[cell] = flags[cell][step];
    const study::MatchedValue value = study::weigh_cells(cells, day, day_flags);
    series.values.push_back(value.value);
    if (!flags.empty()) series.flags.push_back(value.flags);
  }
  return series;
}

void write_metrics(const StationScores& scores, const std::filesystem::path& folder,
                   std::vector<std::filesystem::path>& files) {
  const std::vector<std::string> columns = study::metrics_csv_columns();
  io::CsvWriter csv(columns);
  io::PointTable points;
  points.layer = "metrics";
  std::vector<std::vector<std::string>> fields;
  for (const study::ValidationRow& row : scores.result.rows) {
    fields.push_back(study::metrics_csv_fields(row));
    for (const std::string& field : fields.back()) csv.field(field);
    csv.end_row();
    const auto station = std::find_if(scores.stations.begin(), scores.stations.end(),
                                      [&](const auto& one) { return one.station == row.station; });
    const auto index = static_cast<std::size_t>(station - scores.stations.begin());
    points.longitude.push_back(scores.longitude[index]);
    points.latitude.push_back(scores.latitude[index]);
  }
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const std::string& name = columns[column];
    const bool words = name == "station" || name == "product" || name == "period" || name == "note";
    std::vector<std::string> texts;
    std::vector<double> numbers;
    for (const auto& row : fields) {
      texts.push_back(row[column]);
      if (!words)
        numbers.push_back(io::parse_number(row[column]).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    if (words)
      points.columns.push_back({name, std::move(texts)});
    else
      points.columns.push_back({name, std::move(numbers)});
  }
  io::write_file_atomically(folder / "metrics.csv", csv.text());
  io::write_geopackage(folder / "metrics.gpkg", points);
  files.push_back(folder / "metrics.csv");
  files.push_back(folder / "metrics.gpkg");
}

// A name that another station of the folder has ("A B" and "A_B") gets a number.
std::string file_name_of(const std::string& station, std::set<std::string>& taken) {
  const std::string safe = safe_file_name(station);
  std::string name = safe;
  for (int number = 2; !taken.insert(name).second; ++number) name = safe + "_" + std::to_string(number);
  return name + ".csv";
}

void write_series(const StationScores& scores, const core::TimeAxis& time,
                  const std::filesystem::path& folder, std::vector<std::filesystem::path>& files) {
  io::make_folder(folder);
  std::set<std::string> taken;
  for (const study::StationData& station : scores.stations) {
    std::vector<std::string> header{"date", "observed"};
    for (const auto& product : station.products) {
      header.push_back(product.product);
      if (!product.flags.empty()) header.push_back(product.product + "_flags");
    }
    io::CsvWriter csv(header);
    for (std::size_t step = 0; step < station.reference.size(); ++step) {
      csv.field(core::iso_date(time.date(static_cast<std::int64_t>(step)))).field(station.reference[step]);
      for (const auto& product : station.products) {
        csv.field(product.values[step]);
        if (!product.flags.empty()) csv.field(static_cast<std::int64_t>(product.flags[step]));
      }
      csv.end_row();
    }
    const auto path = folder / file_name_of(station.station, taken);
    io::write_file_atomically(path, csv.text());
    files.push_back(path);
  }
}

study::ValidationOptions options_of(const Preparation& job) {
  study::ValidationOptions options;
  options.metrics.min_pairs = job.configuration.validation->minimum_pairs;
  options.calibration_days = job.stations->calibration_days;
  return options;
}

}  // namespace

std::vector<std::string> check_stations(const Preparation& job) {
  std::vector<std::string> warnings;
  if (!job.stations) return warnings;
  const bool none = match(job, warnings).empty();
  const bool all_outside = warnings.size() == job.stations->stations.size();
  if (none && all_outside)
    throw core::Error(core::ErrorKind::data,
                      job.configuration.validation->stations.string() +
                          ": no station lies inside the model grid; check [grid], the stations' latitude and "
                          "longitude (degrees), or leave [validation] out");
  return warnings;
}

StationScores score_stations(const Preparation& job, const std::vector<Product>& products,
                             const std::filesystem::path& out, std::vector<std::filesystem::path>& files) {
  StationScores scores;
  const std::vector<Matched> matched = match(job, scores.warnings);
  for (const Matched& one : matched) {
    scores.stations.push_back({one.station->id, one.station->root_zone, {}});
    scores.longitude.push_back(one.station->longitude);
    scores.latitude.push_back(one.station->latitude);
  }
  for (const Product& product : products) {
    if (product.info.validates_as.empty() || product.spec.axis.kind != io::StepAxis::Kind::days) continue;
    const auto reader = io::open_product(product.spec, product.folder);
    for (std::size_t i = 0; i < matched.size(); ++i)
      scores.stations[i].products.push_back(series_at(product, *reader, matched[i].cells));
  }
  scores.result = study::validate_stations(scores.stations, options_of(job));
  const auto folder = out / "stations";
  io::make_folder(folder);
  write_metrics(scores, folder, files);
  write_series(scores, job.configuration.time, folder / "series", files);
  return scores;
}

void print_scores(const StationScores& scores, std::ostream& out) {
  std::map<std::string, std::array<std::vector<double>, 3>> by_product;
  for (const study::ValidationRow& row : scores.result.rows) {
    if (row.period != study::ValidationPeriod::validation || std::isnan(row.metrics.rmse.value)) continue;
    auto& columns = by_product[row.product];
    columns[0].push_back(row.metrics.rmse.value);
    columns[1].push_back(row.metrics.bias.value);
    if (!std::isnan(row.metrics.pearson_r.value)) columns[2].push_back(row.metrics.pearson_r.value);
  }
  out << std::left << std::setw(24) << "product (validation)" << std::right << std::setw(10) << "stations"
      << std::setw(13) << "median RMSE" << std::setw(13) << "median bias" << std::setw(10) << "median r"
      << '\n';
  const auto median = [](const std::vector<double>& values) {
    return values.empty() ? std::nan("") : stats::quantile(values, 0.5);
  };
  for (const auto& [product, columns] : by_product)
    out << std::left << std::setw(24) << product << std::right << std::setw(10) << columns[0].size()
        << std::fixed << std::setprecision(4) << std::setw(13) << median(columns[0]) << std::setw(13)
        << median(columns[1]) << std::setprecision(3) << std::setw(10) << median(columns[2]) << '\n';
}

}  // namespace rootzone::pipeline
