#include "result_table.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "rootzone/core/error.hpp"
#include "rootzone/io/atomic_file.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::pipeline {

std::string ResultTable::csv() const {
  io::CsvWriter writer(columns);
  for (const auto& row : rows) {
    for (const Value& value : row) {
      if (const auto* text = std::get_if<std::string>(&value))
        writer.field(std::string_view(*text));
      else if (const auto* number = std::get_if<double>(&value))
        writer.field(*number);
      else
        writer.field(std::string_view(std::get<bool>(value) ? "true" : "false"));
    }
    writer.end_row();
  }
  return writer.text();
}

std::string ResultTable::json() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    nlohmann::ordered_json object;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (const auto* text = std::get_if<std::string>(&row[i]))
        object[columns[i]] = *text;
      else if (const auto* number = std::get_if<double>(&row[i]))
        object[columns[i]] = std::isnan(*number) ? nlohmann::ordered_json() : nlohmann::ordered_json(*number);
      else
        object[columns[i]] = std::get<bool>(row[i]);
    }
    list.push_back(std::move(object));
  }
  return list.dump(2) + "\n";
}

void write_table(const ResultTable& table, const std::string& format, const std::filesystem::path& file,
                 std::ostream& out) {
  if (format != "csv" && format != "json")
    throw core::Error(core::ErrorKind::usage, "--format: expected csv or json, found '" + format + "'");
  const std::string text = format == "csv" ? table.csv() : table.json();
  if (file.empty())
    out << text;
  else
    io::write_file_atomically(file, text);
}

}  // namespace rootzone::pipeline
