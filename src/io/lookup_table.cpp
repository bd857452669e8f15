#include "lookup_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

std::string trimmed(std::string text) {
  const auto is_edge = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '"'; };
  while (!text.empty() && is_edge(text.back())) text.pop_back();
  while (!text.empty() && is_edge(text.front())) text.erase(0, 1);
  return text;
}

char separator_of(const std::string& line) {
  for (const char c : {',', ';', '\t'})
    if (line.find(c) != std::string::npos) return c;
  return ' ';
}

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> cells;
  std::string cell;
  for (const char c : line) {
    if (c != separator) {
      cell += c;
      continue;
    }
    if (separator != ' ' || !trimmed(cell).empty()) cells.push_back(trimmed(cell));
    cell.clear();
  }
  if (separator != ' ' || !trimmed(cell).empty()) cells.push_back(trimmed(cell));
  return cells;
}

/// A column's name, with or without the units in brackets behind it.
std::optional<std::size_t> find_column(const std::vector<std::string>& header, const std::string& name) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (header[i] == name || trimmed(header[i].substr(0, header[i].find('['))) == name) return i;
  return {};
}

std::optional<float> number(const std::string& text) {
  float value = 0.0F;
  const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

bool is_missing_word(const std::string& text) {
  return text.empty() || text == "NA" || text == "NaN" || text == "nan" || text == "-9999";
}

}  // namespace

LookupTable::LookupTable(const InputSpec& spec) : m_path(spec.lookup_table.string()) {
  std::ifstream file(spec.lookup_table);
  if (!file)
    throw Error(ErrorKind::data,
                m_path + ": cannot be opened; check `lookup_table` of [inputs." + spec.name + "]");
  Columns columns;
  std::string line;
  std::string first_line;
  for (int line_number = 1; std::getline(file, line); ++line_number) {
    if (line_number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (trimmed(line).empty() || line.front() == '#') continue;
    if (first_line.empty()) first_line = trimmed(line);
    if (columns.found)
      take_row(line, columns, spec, m_path + " line " + std::to_string(line_number));
    else
      take_header(line, spec, columns);
  }
  if (!columns.found)
    throw Error(ErrorKind::data, m_path + ": no header line has both columns \"" + spec.lookup_key +
                                     "\" and \"" + spec.lookup_value + "\"; it begins with \"" +
                                     first_line.substr(0, 80) + "\"");
}

void LookupTable::take_header(const std::string& line, const InputSpec& spec, Columns& columns) {
  columns.separator = separator_of(line);
  const std::vector<std::string> header = split(line, columns.separator);
  const auto key = find_column(header, spec.lookup_key);
  const auto value = find_column(header, spec.lookup_value);
  if (!key || !value) return;
  columns.key = *key;
  columns.value = *value;
  columns.found = true;
  const std::string& title = header[*value];
  const std::size_t open = title.find('[');
  if (open != std::string::npos && title.back() == ']')
    m_units = title.substr(open + 1, title.size() - open - 2);
}

void LookupTable::take_row(const std::string& line, const Columns& columns, const InputSpec& spec,
                           const std::string& where) {
  const std::vector<std::string> cells = split(line, columns.separator);
  const std::size_t needed = std::max(columns.key, columns.value) + 1;
  if (cells.size() < needed)
    throw Error(ErrorKind::data, where + ": has " + std::to_string(cells.size()) +
                                     " columns, expected at least " + std::to_string(needed));
  const std::string& key = cells[columns.key];
  const std::string& value = cells[columns.value];
  const auto class_number = number(key);
  const auto meaning = is_missing_word(value) ? std::numeric_limits<float>::quiet_NaN() : number(value);
  if (!class_number || !meaning)
    throw Error(ErrorKind::data, where + ": expected numbers in the columns \"" + spec.lookup_key +
                                     "\" and \"" + spec.lookup_value + "\", found \"" + key + "\" and \"" +
                                     value + "\"");
  const auto [known, is_new] = m_values.emplace(*class_number, *meaning);
  const bool same = known->second == *meaning || (std::isnan(known->second) && std::isnan(*meaning));
  if (!is_new && !same)
    throw Error(ErrorKind::data, where + ": class " + key + " has a second value, " + value +
                                     "; keep one row per class (one table per horizon)");
}

void LookupTable::apply(std::span<float> values) {
  for (float& value : values) {
    if (std::isnan(value)) continue;
    const auto known = m_values.find(value);
    if (known == m_values.end()) ++m_unknown[value];
    value = known == m_values.end() ? std::numeric_limits<float>::quiet_NaN() : known->second;
  }
}

std::string LookupTable::warning() const {
  if (m_unknown.empty()) return {};
  constexpr std::size_t listed = 10;
  std::string text;
  std::int64_t cells = 0;
  std::size_t shown = 0;
  for (const auto& [unknown, count] : m_unknown) {
    cells += count;
    if (shown++ < listed) text += (text.empty() ? "" : ", ") + std::to_string(std::llround(unknown));
  }
  return m_path + ": " + std::to_string(m_unknown.size()) + " classes of the map are not in the table (" +
         text + (m_unknown.size() > listed ? ", …" : "") + "), " + std::to_string(cells) +
         " source cells are missing";
}

}  // namespace rootzone::io
