#include "rootzone/io/csv.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <system_error>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

template <typename Number>
std::string to_shortest(Number value) {
  if (std::isnan(value)) return "";
  std::array<char, 64> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

core::Error fault(const std::string& name, std::size_t line, const std::string& what) {
  return core::Error(core::ErrorKind::data, name + ", line " + std::to_string(line) + ": " + what);
}

/// Walks over the text field by field.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& name, char separator)
      : m_text(text), m_name(name), m_separator(separator) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (m_text.starts_with(byte_order_mark)) m_text.remove_prefix(byte_order_mark.size());
  }

  bool at_end() const { return m_at >= m_text.size(); }
  std::size_t line() const { return m_line; }

  /// Fields up to the end of the line; none for an empty line.
  std::vector<std::string> next_row() {
    std::vector<std::string> fields;
    bool more = true;
    while (more) {
      fields.push_back(next_field());
      more = !at_end() && m_text[m_at] == m_separator;
      if (more) ++m_at;
    }
    if (!at_end()) ++m_at;  // the line's end
    ++m_line;
    if (fields.size() == 1 && fields[0].empty()) fields.clear();
    return fields;
  }

 private:
  std::string next_field() {
    std::size_t start = m_at;
    while (start < m_text.size() && (m_text[start] == ' ' || m_text[start] == '\t')) ++start;
    if (start < m_text.size() && m_text[start] == '"') return quoted_field(start + 1);
    const std::size_t end = std::min(m_text.find(m_separator, m_at), m_text.find('\n', m_at));
    std::string_view field = m_text.substr(m_at, end == std::string_view::npos ? end : end - m_at);
    m_at += field.size();
    if (field.ends_with('\r')) field.remove_suffix(1);
    return std::string(trimmed(field));
  }

  std::string quoted_field(std::size_t at) {
    const std::size_t first_line = m_line;
    std::string field;
    for (; at < m_text.size(); ++at) {
      if (m_text[at] == '\n') ++m_line;
      if (m_text[at] != '"') {
        field += m_text[at];
      } else if (at + 1 < m_text.size() && m_text[at + 1] == '"') {
        field += m_text[at++];
      } else {
        skip_to_separator(at + 1);
        return field;
      }
    }
    throw fault(m_name, first_line, "a quoted field is not closed");
  }

  void skip_to_separator(std::size_t at) {
    while (at < m_text.size() && (m_text[at] == ' ' || m_text[at] == '\t' || m_text[at] == '\r')) ++at;
    if (at < m_text.size() && m_text[at] != m_separator && m_text[at] != '\n')
      throw fault(m_name, m_line,
                  std::string("expected a separator after a quoted field, found '") + m_text[at] + "'");
    m_at = at;
  }

  std::string_view m_text;
  const std::string& m_name;
  char m_separator;
  std::size_t m_at = 0;
  std::size_t m_line = 1;
};

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::string shortest_number(double value) {
  return to_shortest(value);
}
std::string shortest_number(float value) {
  return to_shortest(value);
}

std::optional<double> parse_number(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

CsvWriter::CsvWriter(std::span<const std::string> header) : m_columns(header.size()) {
  for (const auto& name : header) field(name);
  end_row();
}

void CsvWriter::separate() {
  if (m_fields++ > 0) m_text += ',';
}

CsvWriter& CsvWriter::field(std::string_view text) {
  separate();
  const bool blank_edge = !text.empty() && (text.front() == ' ' || text.back() == ' ' ||
                                            text.front() == '\t' || text.back() == '\t');
  if (!blank_edge && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    m_text += text;
    return *this;
  }
  m_text += '"';
  for (const char c : text) {
    if (c == '"') m_text += '"';
    m_text += c;
  }
  m_text += '"';
  return *this;
}

CsvWriter& CsvWriter::field(double value) {
  separate();
  m_text += shortest_number(value);
  return *this;
}

CsvWriter& CsvWriter::field(float value) {
  separate();
  m_text += shortest_number(value);
  return *this;
}

CsvWriter& CsvWriter::field(std::int64_t value) {
  separate();
  m_text += std::to_string(value);
  return *this;
}

void CsvWriter::end_row() {
  if (m_fields != m_columns)
    throw core::Error(core::ErrorKind::internal, "a CSV row has " + std::to_string(m_fields) +
                                                     " fields, its header " + std::to_string(m_columns));
  m_text += '\n';
  m_fields = 0;
}

CsvTable CsvTable::parse(std::string_view text, const std::string& name, char separator) {
  CsvTable table;
  table.m_name = name;
  Scanner scanner(text, table.m_name, separator);
  while (!scanner.at_end()) {
    const std::size_t line = scanner.line();
    std::vector<std::string> fields = scanner.next_row();
    if (fields.empty()) continue;
    if (table.m_header.empty()) {
      table.m_header = std::move(fields);
      continue;
    }
    if (fields.size() != table.m_header.size())
      throw fault(name, line,
                  "expected " + std::to_string(table.m_header.size()) + " fields as in the header, found " +
                      std::to_string(fields.size()));
    table.m_rows.push_back(std::move(fields));
    table.m_lines.push_back(line);
  }
  if (table.m_header.empty())
    throw core::Error(core::ErrorKind::data, name + ": expected a header line, found none");
  std::vector<std::string> names = table.m_header;
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw fault(name, 1, "the column \"" + *twice + "\" is there twice");
  return table;
}

CsvTable CsvTable::read(const std::filesystem::path& path, char separator) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw core::Error(core::ErrorKind::data,
                      "cannot read " + path.string() + ": " + std::generic_category().message(errno));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw core::Error(core::ErrorKind::data, "cannot read " + path.string() + " to its end");
  return parse(text, path.string(), separator);
}

std::optional<std::size_t> CsvTable::find_column(std::string_view name) const {
  const auto found = std::find(m_header.begin(), m_header.end(), name);
  if (found == m_header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - m_header.begin());
}

std::size_t CsvTable::column(std::string_view name) const {
  if (const auto found = find_column(name)) return *found;
  throw core::Error(core::ErrorKind::data,
                    m_name + ": expected a column \"" + std::string(name) + "\", found " + listed(m_header));
}

double CsvTable::number(std::size_t row, std::size_t column) const {
  if (const auto value = parse_number(text(row, column))) return *value;
  throw fault(m_name, line(row),
              "column \"" + m_header[column] + "\": expected a number, found \"" + text(row, column) + "\"");
}

}  // namespace rootzone::io
