#include "station_text.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>

#include <array>
#include <charconv>
#include <cmath>
#include <memory>

#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::io {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\0' || text.back() == '\x1a'))
    text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

struct VsiFree {
  void operator()(GByte* bytes) const { VSIFree(bytes); }
};

/// GDAL reports to standard error otherwise; what it says goes into our message.
struct QuietErrors {
  QuietErrors() {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    CPLErrorReset();
  }
  ~QuietErrors() { CPLPopErrorHandler(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

}  // namespace

std::string read_text(const std::string& path) {
  const QuietErrors quiet;
  GByte* raw = nullptr;
  vsi_l_offset size = 0;
  VSIStatBufL status;
  const bool folder = VSIStatL(path.c_str(), &status) == 0 && VSI_ISDIR(status.st_mode);
  if (folder || VSIIngestFile(nullptr, path.c_str(), &raw, &size, -1) == 0) {
    const std::string reason = folder ? "it is a folder" : CPLGetLastErrorMsg();
    throw core::Error(core::ErrorKind::data, path + ": cannot be read" +
                                                 (reason.empty() ? "" : ": " + reason) +
                                                 "; check the path and its permissions");
  }
  const std::unique_ptr<GByte, VsiFree> bytes(raw);
  std::string_view text(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return std::string(text);
}

std::vector<TextLine> lines_of_any_ending(std::string_view text) {
  std::vector<TextLine> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && !is_line_end(text[end])) ++end;
    const std::string_view line = trimmed(text.substr(at, end - at));
    if (!line.empty()) lines.push_back({line, static_cast<std::int64_t>(lines.size()) + 1});
    at = end + 1;
  }
  return lines;
}

std::vector<TextLine> numbered_lines(std::string_view text) {
  std::vector<TextLine> lines;
  std::int64_t number = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && !is_line_end(text[end])) ++end;
    ++number;
    const std::string_view line = trimmed(text.substr(at, end - at));
    if (!line.empty()) lines.push_back({line, number});
    const bool pair = end + 1 < text.size() && text[end] == '\r' && text[end + 1] == '\n';
    at = end + (pair ? 2 : 1);
  }
  return lines;
}

std::vector<std::string_view> tokens_of(std::string_view line) {
  std::vector<std::string_view> tokens;
  std::size_t at = 0;
  while (at < line.size()) {
    while (at < line.size() && is_blank(line[at])) ++at;
    std::size_t end = at;
    while (end < line.size() && !is_blank(line[end])) ++end;
    if (end > at) tokens.push_back(line.substr(at, end - at));
    at = end;
  }
  return tokens;
}

std::vector<std::string> fields_of(std::string_view line, char separator, Quoting quoting) {
  std::vector<std::string> fields;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_blank(line[at]) && line[at] != separator) ++at;
    std::string field;
    if (quoting == Quoting::on && at < line.size() && line[at] == '"') {
      ++at;
      while (at < line.size() && (line[at] != '"' || (at + 1 < line.size() && line[at + 1] == '"'))) {
        if (line[at] == '"') ++at;
        field += line[at++];
      }
      at = std::min(line.find(separator, at), line.size());
    } else {
      const std::size_t end = std::min(line.find(separator, at), line.size());
      field = trimmed(line.substr(at, end - at));
      at = end;
    }
    fields.push_back(std::move(field));
    if (at >= line.size()) return fields;
    ++at;
  }
}

std::optional<double> filled_number(std::string_view text) {
  return text.empty() ? std::nullopt : parse_number(text);
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_time_of_day(std::string_view text) {
  if (text.size() != 5 && text.size() != 8) return std::nullopt;
  constexpr std::array<std::int64_t, 3> limits{24, 60, 60};
  std::int64_t seconds = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    seconds *= 60;
    if (3 * part >= text.size()) continue;
    if (part > 0 && text[3 * part - 1] != ':') return std::nullopt;
    const std::string_view digits = text.substr(3 * part, 2);
    const auto value = parse_integer(digits);
    if (!value || digits[0] == '-' || *value >= limits[part]) return std::nullopt;
    seconds += *value;
  }
  return seconds;
}

void LimitedWarnings::add(std::string message) {
  if (m_first.size() < m_limit) m_first.push_back(std::move(message));
  ++m_count;
}

void LimitedWarnings::flush(const std::string& what, std::vector<std::string>& warnings) const {
  warnings.insert(warnings.end(), m_first.begin(), m_first.end());
  const std::int64_t rest = m_count - static_cast<std::int64_t>(m_first.size());
  if (rest > 0) warnings.push_back(what + ": " + std::to_string(rest) + " more");
}

}  // namespace rootzone::io
