#include "toml_writer.hpp"

#include <array>
#include <cmath>
#include <cstdio>

#include "rootzone/io/csv.hpp"

namespace rootzone::pipeline {
namespace {

std::string quoted_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::array<char, 8> code{};
      std::snprintf(code.data(), code.size(), "\\u%04X",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      result += code.data();
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// A float, which TOML tells from a whole number by its point or exponent.
std::string number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0.0 ? "inf" : "-inf";
  std::string text = io::shortest_number(value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

template <class Values, class Format>
std::string list(const Values& values, const Format& format) {
  std::string text = "[";
  for (const auto& value : values) text += (text.size() > 1 ? ", " : "") + format(value);
  return text + "]";
}

}  // namespace

TomlWriter& TomlWriter::line(std::string_view name, const std::string& value) {
  m_text += std::string(name) + " = " + value + "\n";
  return *this;
}
TomlWriter& TomlWriter::comment(std::string_view text) {
  m_text += "# " + std::string(text) + "\n";
  return *this;
}
TomlWriter& TomlWriter::table(std::string_view name) {
  m_text += "\n[" + std::string(name) + "]\n";
  return *this;
}
TomlWriter& TomlWriter::array_table(std::string_view name) {
  m_text += "\n[[" + std::string(name) + "]]\n";
  return *this;
}
TomlWriter& TomlWriter::key(std::string_view name, std::string_view text) {
  return line(name, quoted_text(text));
}
TomlWriter& TomlWriter::key(std::string_view name, double value) {
  return line(name, number(value));
}
TomlWriter& TomlWriter::key(std::string_view name, std::int64_t value) {
  return line(name, std::to_string(value));
}
TomlWriter& TomlWriter::key(std::string_view name, bool value) {
  return line(name, value ? "true" : "false");
}
TomlWriter& TomlWriter::key(std::string_view name, const std::vector<double>& values) {
  return line(name, list(values, number));
}
TomlWriter& TomlWriter::key(std::string_view name, const std::vector<std::int64_t>& values) {
  return line(name, list(values, [](std::int64_t value) { return std::to_string(value); }));
}
TomlWriter& TomlWriter::key(std::string_view name, const std::vector<std::string>& texts) {
  return line(name, list(texts, [](const std::string& text) { return quoted_text(text); }));
}
TomlWriter& TomlWriter::key(std::string_view name, const std::vector<core::Date>& dates) {
  return line(name, list(dates, [](const core::Date& date) { return core::iso_date(date); }));
}

}  // namespace rootzone::pipeline
