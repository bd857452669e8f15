#include "area_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/outline.hpp"

namespace rootzone::pipeline {
namespace {

using Weighted = std::vector<std::pair<double, double>>;

/// One zone: its cells and the area each has in it.
struct ZoneCells {
  std::string name;
  std::vector<std::pair<std::size_t, double>> cells;
  double area = 0.0;
};

std::vector<ZoneCells> zone_cells(const Preparation& job) {
  const std::vector<double> areas = io::cell_areas_km2(job.grid);
  std::vector<ZoneCells> zones{{"basin", {}, 0.0}};
  for (const std::string& name : job.zones.names) zones.push_back({name, {}, 0.0});
  for (std::size_t cell = 0; cell < areas.size(); ++cell) {
    const double inside = job.inside.empty() ? 1.0 : static_cast<double>(job.inside[cell]);
    const double area = areas[cell] * inside;
    if (!(area > 0.0)) continue;
    const auto add = [&](ZoneCells& zone) {
      zone.cells.emplace_back(cell, area);
      zone.area += area;
    };
    add(zones[0]);
    if (!job.zones.index.empty() && job.zones.index[cell] >= 0)
      add(zones[static_cast<std::size_t>(job.zones.index[cell]) + 1]);
  }
  return zones;
}

void append_step(const ZoneCells& zone, const std::vector<float>& map,
                 const std::vector<double>& probabilities, AreaSeries& series) {
  Weighted valid;
  double weight = 0.0;
  double sum = 0.0;
  for (const auto& [cell, area] : zone.cells) {
    if (std::isnan(map[cell])) continue;
    const double value = map[cell];
    valid.emplace_back(value, area);
    weight += area;
    sum += area * value;
  }
  const bool any = weight > 0.0;
  series.mean.push_back(any ? sum / weight : std::numeric_limits<double>::quiet_NaN());
  std::sort(valid.begin(), valid.end());
  for (std::size_t q = 0; q < probabilities.size(); ++q)
    series.quantiles[q].push_back(weighted_quantile(valid, probabilities[q]));
  series.valid_share.push_back(zone.area > 0.0 ? weight / zone.area : 0.0);
}

/// Rows of an earlier series, by zone, up to the step that is made anew.
class RowsBefore {
 public:
  RowsBefore(const std::filesystem::path& file, const std::string& first_label) {
    if (file.empty() || !std::filesystem::exists(file)) return;
    const io::CsvTable table = io::CsvTable::read(file);
    const std::size_t columns = table.header().size();
    std::string zone;
    bool open = true;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      std::vector<std::string> fields;
      for (std::size_t column = 0; column < columns; ++column) fields.push_back(table.text(row, column));
      if (fields.front() != zone) open = true;
      zone = fields.front();
      open = open && fields[1] != first_label;
      if (open) m_rows[zone].push_back(std::move(fields));
    }
  }
  const std::vector<std::vector<std::string>>& of(const std::string& zone) const {
    static const std::vector<std::vector<std::string>> none;
    const auto found = m_rows.find(zone);
    return found == m_rows.end() ? none : found->second;
  }

 private:
  std::map<std::string, std::vector<std::vector<std::string>>> m_rows;
};

}  // namespace

std::string quantile_column(double probability) {
  // 100 · 0.07 is 7.000000000000001.
  std::string text = io::shortest_number(std::round(1e11 * probability) / 1e9);
  std::replace(text.begin(), text.end(), '.', 'p');
  return "q" + (text.size() < 2 ? "0" + text : text);
}

double weighted_quantile(Weighted& values, double probability) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (!std::is_sorted(values.begin(), values.end())) std::sort(values.begin(), values.end());
  double total = 0.0;
  for (const auto& [value, weight] : values) total += weight;
  const double target = probability * total;
  double before = 0.0;
  double last_middle = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double middle = before + 0.5 * values[i].second;
    if (target <= middle) {
      if (i == 0) return values[0].first;
      const double share = (target - last_middle) / (middle - last_middle);
      return values[i - 1].first + share * (values[i].first - values[i - 1].first);
    }
    before += values[i].second;
    last_middle = middle;
  }
  return values.back().first;
}

std::vector<AreaSeries> area_series(const Preparation& job, const Product& product) {
  const std::vector<ZoneCells> zones = zone_cells(job);
  const std::vector<double>& probabilities = job.configuration.area->quantiles;
  std::vector<AreaSeries> series;
  for (const ZoneCells& zone : zones) {
    series.push_back({zone.name, {}, {}, {}});
    series.back().quantiles.resize(probabilities.size());
  }
  const auto reader = io::open_product(product.spec, product.folder);
  for (std::int64_t step = 0; step < product.spec.axis.count(); ++step) {
    const std::vector<float> map = reader->read_step(step);
    for (std::size_t z = 0; z < zones.size(); ++z) append_step(zones[z], map, probabilities, series[z]);
  }
  return series;
}

std::filesystem::path write_area_series(const std::vector<AreaSeries>& series,
                                        const std::vector<double>& probabilities, const Product& product,
                                        const std::filesystem::path& out,
                                        const std::filesystem::path& earlier) {
  const bool days = product.spec.axis.kind == io::StepAxis::Kind::days;
  const auto label = [&](std::int64_t step) {
    return days ? core::iso_date(product.spec.axis.time->date(step)) : product.spec.axis.file_label(step);
  };
  const std::filesystem::path name = std::filesystem::path("series") / (product.spec.variable + ".csv");
  const bool goes_on = !earlier.empty() && (days || product.spec.axis.kind == io::StepAxis::Kind::periods);
  const RowsBefore before(goes_on ? earlier / name : "", label(0));
  std::vector<std::string> header{"zone", days ? "date" : product.spec.axis.name, "mean"};
  for (double probability : probabilities) header.push_back(quantile_column(probability));
  header.emplace_back("valid_share");
  io::CsvWriter csv(header);
  for (const AreaSeries& zone : series) {
    for (const auto& row : before.of(zone.zone)) {
      for (const std::string& text : row) csv.field(text);
      csv.end_row();
    }
    for (std::size_t step = 0; step < zone.mean.size(); ++step) {
      csv.field(zone.zone).field(label(static_cast<std::int64_t>(step)));
      csv.field(static_cast<float>(zone.mean[step]));
      for (const auto& quantile : zone.quantiles) csv.field(static_cast<float>(quantile[step]));
      csv.field(static_cast<float>(zone.valid_share[step]));
      csv.end_row();
    }
  }
  const auto path = out / name;
  io::make_folder(path.parent_path());
  io::write_file_atomically(path, csv.text());
  return path;
}

}  // namespace rootzone::pipeline
