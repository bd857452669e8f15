#include "rootzone/io/file_pattern.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <algorithm>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include "gdal_handles.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Calendar;
using core::Date;
using core::Error;
using core::ErrorKind;

using Fields = std::map<char, int>;  // strftime letter → value

[[noreturn]] void malformed(const std::string& pattern, const std::string& why) {
  throw Error(ErrorKind::usage, "the path pattern \"" + pattern + "\" " + why +
                                    "; write {date}, {date:%Y-%m-%d}, {year}, {month} or {day}");
}

/// One folder's or file's name as a regular expression, and the field behind each of its groups.
class NamePattern {
 public:
  explicit NamePattern(const std::string& name) : m_name(name) {
    std::string expression;
    for (std::size_t i = 0; i < name.size();) i = take(i, expression);
    try {
      m_regex = std::regex(expression);
    } catch (const std::regex_error&) {
      malformed(name, "has a […] that is not a set of characters");
    }
  }

  /// The fields if the name matches and agrees with those known.
  std::optional<Fields> match(const std::string& name, Fields known) const {
    std::smatch groups;
    if (!std::regex_match(name, groups, m_regex)) return {};
    for (std::size_t i = 0; i < m_letters.size(); ++i) {
      const int value = std::stoi(groups[i + 1].str());
      const auto [at, is_new] = known.emplace(m_letters[i], value);
      if (!is_new && at->second != value) return {};
    }
    return known;
  }

 private:
  std::size_t take(std::size_t i, std::string& expression) {
    const char c = m_name[i];
    if (c == '{') return take_field(i, expression);
    if (c == '*')
      expression += ".*";
    else if (c == '?')
      expression += '.';
    else if (c == '[' && m_name.find(']', i + 2) != std::string::npos) {
      const std::size_t end = m_name.find(']', i + 2);
      std::string set = m_name.substr(i + 1, end - i - 1);
      if (set[0] == '!') set[0] = '^';
      expression += '[' + set + ']';
      return end + 1;
    } else {
      if (std::string_view("\\^$.|+()[]{}*?").find(c) != std::string_view::npos) expression += '\\';
      expression += c;
    }
    return i + 1;
  }

  std::size_t take_field(std::size_t i, std::string& expression) {
    const std::size_t end = m_name.find('}', i);
    if (end == std::string::npos) malformed(m_name, "has a { without }");
    const std::string field = m_name.substr(i + 1, end - i - 1);
    if (field == "date")
      take_format("%Y%m%d", expression);
    else if (field == "year")
      take_format("%Y", expression);
    else if (field == "month")
      take_format("%m", expression);
    else if (field == "day")
      take_format("%d", expression);
    else if (field.starts_with("date:"))
      take_format(field.substr(5), expression);
    else
      malformed(m_name, "has the unknown field {" + field + "}");
    return end + 1;
  }

  void take_format(const std::string& format, std::string& expression) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') {
        if (std::string_view("\\^$.|+()[]{}*?").find(format[i]) != std::string_view::npos) expression += '\\';
        expression += format[i];
        continue;
      }
      const char letter = ++i < format.size() ? format[i] : '%';
      if (std::string_view("YmdjHMS").find(letter) == std::string_view::npos)
        malformed(m_name, std::string("has the unknown date field %") + letter);
      expression += letter == 'Y' ? "([0-9]{4})" : letter == 'j' ? "([0-9]{3})" : "([0-9]{2})";
      m_letters.push_back(letter);
    }
  }

  std::string m_name;
  std::string m_letters;
  std::regex m_regex;
};

bool has_pattern(const std::string& name) {
  return name.find_first_of("{*?[") != std::string::npos;
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  prepare_gdal();
  const CPLStringList list(VSIReadDir(folder.empty() ? "." : folder.c_str()));
  std::vector<std::string> names;
  for (int i = 0; i < list.size(); ++i)
    if (std::string_view(list[i]) != "." && std::string_view(list[i]) != "..") names.emplace_back(list[i]);
  std::sort(names.begin(), names.end());
  return names;
}

bool file_exists(const std::filesystem::path& path) {
  prepare_gdal();
  VSIStatBufL status{};
  return VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0;
}

std::optional<DatedFile> dated(const std::filesystem::path& path, const Fields& fields, Calendar calendar) {
  DatedFile file{path, {}, 0.0, false, false, false};
  const auto value = [&](char letter, int otherwise) {
    const auto at = fields.find(letter);
    return at == fields.end() ? otherwise : at->second;
  };
  if (fields.empty()) return file;
  file.has_year = fields.contains('Y');
  Date date{value('Y', 2000), value('m', 1), value('d', 1)};
  file.has_month = fields.contains('m') || fields.contains('j');
  file.has_day = fields.contains('d') || fields.contains('j');
  if (fields.contains('j')) {
    const int day = value('j', 1);
    if (day < 1 || day > core::days_in_year(date.year, calendar)) return {};
    date = core::date_of(core::day_number({date.year, 1, 1}, calendar) + day - 1, calendar);
  }
  if (!core::is_valid(date, calendar)) return {};
  file.date = date;
  file.day_fraction = value('H', 0) / 24.0 + value('M', 0) / 1440.0 + value('S', 0) / 86400.0;
  return file;
}

using Parts = std::vector<std::string>;

void walk(const std::filesystem::path& base, const Parts& parts, std::size_t at, const Fields& known,
          Calendar calendar, std::vector<DatedFile>& found) {
  if (at == parts.size()) {
    if (const auto file = dated(base, known, calendar); file && file_exists(base)) found.push_back(*file);
    return;
  }
  if (!has_pattern(parts[at])) {
    walk(base / parts[at], parts, at + 1, known, calendar, found);
    return;
  }
  const NamePattern pattern(parts[at]);
  for (const std::string& name : names_in(base))
    if (const auto fields = pattern.match(name, known))
      walk(base / name, parts, at + 1, *fields, calendar, found);
}

}  // namespace

bool is_pattern(const std::filesystem::path& path) {
  return has_pattern(path.string());
}

std::vector<DatedFile> find_files(const std::vector<std::filesystem::path>& paths, Calendar calendar) {
  std::vector<DatedFile> found;
  for (const std::filesystem::path& path : paths) {
    // A file may have such characters in its own name.
    if (!is_pattern(path) || file_exists(path)) {
      if (file_exists(path)) found.push_back({path, {}, 0.0, false, false, false});
      continue;
    }
    Parts parts;
    for (const auto& part : path.relative_path()) parts.push_back(part.string());
    walk(path.root_path(), parts, 0, {}, calendar, found);
  }
  // Overlapping globs may find a file twice: it is one file.
  std::set<std::string> seen;
  std::erase_if(found, [&](const DatedFile& file) { return !seen.insert(file.path.string()).second; });
  return found;
}

std::optional<Date> date_in_name(const std::string& file_name, Calendar calendar) {
  static const std::regex date_like("(^|[^0-9])([0-9]{4})([-_]?)([0-9]{2})\\3([0-9]{2})(?=[^0-9]|$)");
  std::set<Date> dates;
  for (std::sregex_iterator at(file_name.begin(), file_name.end(), date_like), end; at != end; ++at) {
    const Date date{std::stoi((*at)[2].str()), std::stoi((*at)[4].str()), std::stoi((*at)[5].str())};
    if (date.year >= 1800 && date.year <= 2300 && core::is_valid(date, calendar)) dates.insert(date);
  }
  if (dates.size() != 1) return {};
  return *dates.begin();
}

}  // namespace rootzone::io
