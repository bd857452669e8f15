#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::io {

/// The whole file through GDAL's virtual file system (so /vsizip paths work), without a UTF-8 byte order
/// mark. Throws Error(data) naming it if it cannot be read.
std::string read_text(const std::string& path);

/// A line and its number, 1 = first.
struct TextLine {
  std::string_view text;
  std::int64_t number = 0;
};
/// Lines that are not blank, trailing blanks off. Any run of CR and LF ends a line, as ISMN needs; numbers
/// then count the lines that hold something.
std::vector<TextLine> lines_of_any_ending(std::string_view text);
/// Lines that are not blank, ended by LF, CRLF or CR, numbered as an editor does.
std::vector<TextLine> numbered_lines(std::string_view text);

/// Pieces between blanks and tabs.
std::vector<std::string_view> tokens_of(std::string_view line);
/// Pieces between separators, blanks around them off; a piece may stand in double quotes if `quoting`.
enum class Quoting { on, off };
std::vector<std::string> fields_of(std::string_view line, char separator, Quoting quoting);

/// The whole text as a number (see `parse_number`), or nothing; an empty text is nothing too.
std::optional<double> filled_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
/// "09:30" or "09:30:00" as seconds of the day, or nothing.
std::optional<std::int64_t> parse_time_of_day(std::string_view text);

/// Collects messages of one kind about one file: the first few in full, then a count.
class LimitedWarnings {
 public:
  explicit LimitedWarnings(std::size_t limit = 5) : m_limit(limit) {}
  void add(std::string message);
  std::int64_t count() const { return m_count; }
  /// Append to `warnings`; `what` names the kind ("broken lines in FILE").
  void flush(const std::string& what, std::vector<std::string>& warnings) const;

 private:
  std::size_t m_limit;
  std::int64_t m_count = 0;
  std::vector<std::string> m_first;
};

}  // namespace rootzone::io
