#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::io {

/// The shortest decimal that reads back as the same double ("0.1", "1e-09"), whatever the locale; NaN gives
/// an empty text, infinities "inf" and "-inf".
std::string shortest_number(double value);
/// The same for float: 0.1F gives "0.1", not the digits of its double.
std::string shortest_number(float value);
/// The whole text as a number, blanks around it allowed; nothing for anything else. Empty is NaN.
std::optional<double> parse_number(std::string_view text);

/// CSV text (RFC 4180, but with "\n") in memory: a header, then rows of as many fields. Give the text to
/// `write_file_atomically`.
class CsvWriter {
 public:
  explicit CsvWriter(std::span<const std::string> header);

  CsvWriter& field(std::string_view text);
  CsvWriter& field(double value);
  CsvWriter& field(float value);
  CsvWriter& field(std::int64_t value);
  /// Throws Error(internal) unless the row has as many fields as the header.
  void end_row();
  const std::string& text() const { return m_text; }

 private:
  void separate();
  std::string m_text;
  std::size_t m_columns = 0;
  std::size_t m_fields = 0;
};

/// A CSV file with a header, read whole: fields as text, quotes undone, blanks around unquoted fields and a
/// byte order mark dropped, empty lines skipped, "\r\n" understood.
class CsvTable {
 public:
  /// name: for messages. Throws Error(data) with the line for a row of another length, an open quote, a
  /// column name used twice, or no header.
  static CsvTable parse(std::string_view text, const std::string& name, char separator = ',');
  static CsvTable read(const std::filesystem::path& path, char separator = ',');

  const std::string& name() const { return m_name; }
  const std::vector<std::string>& header() const { return m_header; }
  std::size_t rows() const { return m_rows.size(); }
  std::optional<std::size_t> find_column(std::string_view name) const;
  /// Throws Error(data) listing the columns there are.
  std::size_t column(std::string_view name) const;
  const std::string& text(std::size_t row, std::size_t column) const { return m_rows[row][column]; }
  /// Empty is NaN. Throws Error(data) naming file, line, column and the text that is no number.
  double number(std::size_t row, std::size_t column) const;
  /// Line of the file a row begins in, from 1.
  std::size_t line(std::size_t row) const { return m_lines[row]; }

 private:
  std::string m_name;
  std::vector<std::string> m_header;
  std::vector<std::vector<std::string>> m_rows;
  std::vector<std::size_t> m_lines;
};

}  // namespace rootzone::io
