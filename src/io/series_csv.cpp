#include "rootzone/io/series_csv.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"
#include "station_text.hpp"

namespace rootzone::io {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

core::Error bad_line(const std::string& shown_as, std::int64_t line, const std::string& what) {
  return core::Error(core::ErrorKind::data, shown_as + ":" + std::to_string(line) + ": " + what);
}

SeriesTable read_header(const std::string& shown_as, const TextLine& line) {
  std::vector<std::string> names = fields_of(line.text, ',', Quoting::on);
  if (names[0] != "date")
    throw bad_line(shown_as, line.number,
                   "expected a header whose first column is \"date\", found \"" + names[0] + "\"");
  SeriesTable table;
  table.columns.assign(names.begin() + 1, names.end());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i];
    if (name.empty())
      throw bad_line(shown_as, line.number, "column " + std::to_string(i + 2) + " has no name");
    if (std::count(table.columns.begin(), table.columns.end(), name) > 1)
      throw bad_line(shown_as, line.number, "the column \"" + name + "\" stands twice");
  }
  table.values.resize(table.columns.size());
  return table;
}

void read_row(const std::string& shown_as, const TextLine& line, SeriesTable& table) {
  const std::vector<std::string> fields = fields_of(line.text, ',', Quoting::on);
  if (fields.size() != table.columns.size() + 1)
    throw bad_line(shown_as, line.number,
                   "expected " + std::to_string(table.columns.size() + 1) + " fields, found " +
                       std::to_string(fields.size()));
  const auto date = core::parse_iso_date(fields[0]);
  if (!date || !core::is_valid(*date, core::Calendar::standard))
    throw bad_line(shown_as, line.number, "expected a date YYYY-MM-DD, found \"" + fields[0] + "\"");
  if (!table.dates.empty() && *date <= table.dates.back())
    throw bad_line(shown_as, line.number,
                   core::iso_date(*date) +
                       (*date == table.dates.back() ? " stands twice"
                                                    : " comes after " + core::iso_date(table.dates.back())) +
                       "; one row per day, in order of time, is expected");
  table.dates.push_back(*date);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& field = fields[i + 1];
    const bool empty = field.empty() || field == "NA" || field == "NaN" || field == "nan";
    const auto value = empty ? std::optional<double>(missing) : filled_number(field);
    if (!value || std::isinf(*value))
      throw bad_line(shown_as, line.number,
                     "column " + table.columns[i] + ": expected a number, found \"" + field +
                         "\"; leave a missing value empty");
    table.values[i].push_back(*value);
  }
}

std::string text_of(const SeriesTable& table) {
  std::vector<std::string> header{"date"};
  header.insert(header.end(), table.columns.begin(), table.columns.end());
  CsvWriter csv(header);
  for (std::size_t row = 0; row < table.dates.size(); ++row) {
    csv.field(core::iso_date(table.dates[row]));
    for (const std::vector<double>& column : table.values) csv.field(column[row]);
    csv.end_row();
  }
  return csv.text();
}

}  // namespace

bool SeriesTable::has(std::string_view name) const {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

const std::vector<double>& SeriesTable::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found != columns.end()) return values[static_cast<std::size_t>(found - columns.begin())];
  std::string message = "the series has no column \"" + std::string(name) + "\"; it has";
  for (const std::string& known : columns) message += " " + known;
  const auto nearest =
      std::min_element(columns.begin(), columns.end(), [name](const std::string& a, const std::string& b) {
        return core::edit_distance(a, name) < core::edit_distance(b, name);
      });
  if (nearest != columns.end() && core::edit_distance(*nearest, name) <= 3)
    message += "; did you mean " + *nearest + "?";
  throw core::Error(core::ErrorKind::data, message);
}

SeriesTable parse_series_csv(const std::string& shown_as, std::string_view text) {
  const std::vector<TextLine> lines = numbered_lines(text);
  if (lines.empty())
    throw core::Error(core::ErrorKind::data, shown_as + ": the file is empty; expected a header date,…");
  SeriesTable table = read_header(shown_as, lines[0]);
  for (std::size_t i = 1; i < lines.size(); ++i) read_row(shown_as, lines[i], table);
  return table;
}

SeriesTable read_series_csv(const std::filesystem::path& path) {
  return parse_series_csv(path.string(), read_text(path.string()));
}

void write_series_csv(const std::filesystem::path& path, const SeriesTable& table) {
  const auto wrong = [&](const std::vector<double>& column) { return column.size() != table.dates.size(); };
  if (table.values.size() != table.columns.size() ||
      std::any_of(table.values.begin(), table.values.end(), wrong))
    throw core::Error(core::ErrorKind::internal, path.string() + ": the series' columns differ in length");
  write_file_atomically(path, text_of(table));
}

std::vector<double> series_on_axis(const SeriesTable& table, std::string_view column,
                                   const core::TimeAxis& axis) {
  const std::vector<double>& values = table.column(column);
  std::vector<double> result(static_cast<std::size_t>(axis.count()), missing);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (const auto step = axis.index(table.dates[i])) result[static_cast<std::size_t>(*step)] = values[i];
  return result;
}

}  // namespace rootzone::io
