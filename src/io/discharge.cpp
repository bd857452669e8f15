#include "rootzone/io/discharge.hpp"

#include <fstream>
#include <limits>
#include <sstream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

[[noreturn]] void fail(const std::filesystem::path& path, std::size_t line, const std::string& message) {
  throw Error(ErrorKind::data, path.string() + ":" + std::to_string(line) + ": " + message);
}

void append(DischargeSeries& series, const core::Date& date, double value, const std::filesystem::path& path,
            std::size_t line) {
  if (!core::is_valid(date, core::Calendar::standard))
    fail(path, line, "the date " + core::iso_date(date) + " does not exist");
  if (!series.dates.empty() && !(series.dates.back() < date))
    fail(path, line,
         "dates must ascend: " + core::iso_date(date) + " follows " + core::iso_date(series.dates.back()));
  if (value < 0.0)
    fail(path, line,
         "a negative discharge, " + shortest_number(value) + " m3/s; declare it as nodata or mend the file");
  series.dates.push_back(date);
  series.m3_per_s.push_back(value);
}

DischargeSeries read_csv(const std::filesystem::path& path) {
  const CsvTable table = CsvTable::read(path);
  const std::size_t date_column = table.column("date");
  const std::size_t value_column = table.column("discharge_m3s");
  DischargeSeries series;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto date = core::parse_iso_date(table.text(row, date_column));
    if (!date)
      fail(path, table.line(row),
           "expected a date like 1990-01-31, found '" + table.text(row, date_column) + "'");
    append(series, *date, table.number(row, value_column), path, table.line(row));
  }
  return series;
}

// Header lines after the title: "nodata -9999", "n 1 …", "start …", "end …".
double read_mhm_header(std::istream& file, const std::filesystem::path& path) {
  double nodata = -9999.0;
  std::string text;
  for (std::size_t line = 2; line <= 5 && std::getline(file, text); ++line) {
    std::istringstream words(text);
    std::string key;
    double value = 0.0;
    words >> key >> value;
    if (key == "nodata") nodata = value;
    if (key == "n" && value != 1.0)
      fail(path, line, "expected 1 measurement per day, found " + shortest_number(value));
  }
  return nodata;
}

DischargeSeries read_mhm(std::istream& file, const std::filesystem::path& path) {
  const double nodata = read_mhm_header(file, path);
  DischargeSeries series;
  std::string text;
  for (std::size_t line = 6; std::getline(file, text); ++line) {
    std::istringstream words(text);
    core::Date date;
    int hour = 0;
    int minute = 0;
    double value = 0.0;
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (!(words >> date.year >> date.month >> date.day >> hour >> minute >> value))
      fail(path, line, "expected 'YYYY MM DD HH MM value', found '" + text + "'");
    append(series, date, value == nodata ? std::numeric_limits<double>::quiet_NaN() : value, path, line);
  }
  return series;
}

}  // namespace

DischargeSeries read_discharge(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string first;
  if (!file || !std::getline(file, first))
    throw Error(ErrorKind::data,
                path.string() +
                    ": cannot be read; expected a discharge file (CSV with date,discharge_m3s or mHM text)");
  DischargeSeries series = first.find(',') != std::string::npos ? read_csv(path) : read_mhm(file, path);
  if (series.dates.empty()) throw Error(ErrorKind::data, path.string() + ": holds no discharge");
  return series;
}

}  // namespace rootzone::io
