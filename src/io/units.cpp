#include "rootzone/io/units.hpp"

#include <udunits2.h>

#include <array>
#include <cctype>
#include <cmath>
#include <memory>
#include <mutex>
#include <regex>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

struct FreeUnit {
  void operator()(ut_unit* unit) const { ut_free(unit); }
};
struct FreeConverter {
  void operator()(cv_converter* converter) const { cv_free(converter); }
};
using Unit = std::unique_ptr<ut_unit, FreeUnit>;
using Converter = std::unique_ptr<cv_converter, FreeConverter>;

// UDUNITS keeps its status, its parser and its unit system in globals: every call is made under this lock.
std::mutex& udunits_mutex() {
  static std::mutex mutex;
  return mutex;
}

ut_system* unit_system() {
  // Lives as long as the process: units of other threads may still refer to it while statics are destroyed.
  static ut_system* const system = [] {
    ut_set_error_message_handler(ut_ignore);
    return ut_read_xml(nullptr);
  }();
  if (system == nullptr)
    throw core::Error(
        core::ErrorKind::environment,
        "UDUNITS could not read its table of units; install libudunits2-data or set UDUNITS2_XML_PATH");
  return system;
}

std::string lowered(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && (std::isspace(static_cast<unsigned char>(text.front())) || text.front() == '[' ||
                           text.front() == '('))
    text.remove_prefix(1);
  while (!text.empty() && (std::isspace(static_cast<unsigned char>(text.back())) || text.back() == ']' ||
                           text.back() == '\0' || (text.back() == ')' && text.find('(') == text.npos)))
    text.remove_suffix(1);
  return std::string(text);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Superscripts, dots and stars to what UDUNITS parses.
std::string plain_ascii(std::string text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> table{{
      {"⁻", "-"},
      {"⁰", "0"},
      {"¹", "1"},
      {"²", "2"},
      {"³", "3"},
      {"⁴", "4"},
      {"⁵", "5"},
      {"⁶", "6"},
      {"⁷", "7"},
      {"⁸", "8"},
      {"⁹", "9"},
      {"−", "-"},
      {"·", " "},
      {"**", "^"},
      {"°C", "degC"},
      {"° C", "degC"},
  }};
  for (const auto& [from, to] : table) replace_all(text, from, to);
  return text;
}

/// Spellings of the field that UDUNITS does not know or takes for something else (C is its coulomb).
std::string field_spelling(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 27> table{{
      {"-", "1"},
      {"–", "1"},
      {"unitless", "1"},
      {"dimensionless", "1"},
      {"fraction", "1"},
      {"ratio", "1"},
      {"0 - 1", "1"},
      {"0-1", "1"},
      {"m3m-3", "m3 m-3"},
      {"m^3m^-3", "m3 m-3"},
      {"cm3cm-3", "cm3 cm-3"},
      {"vol%", "%"},
      {"vol.%", "%"},
      {"% vol", "%"},
      {"vol. %", "%"},
      {"volumetric %", "%"},
      {"c", "degC"},
      {"deg c", "degC"},
      {"degrees c", "degC"},
      {"degree c", "degC"},
      {"deg k", "K"},
      {"degrees k", "K"},
      {"mmd-1", "mm d-1"},
      {"mm day^-1", "mm d-1"},
      {"mm d^-1", "mm d-1"},
      {"kgm-2s-1", "kg m-2 s-1"},
      {"kgm-2", "kg m-2"},
  }};
  const std::string lower = lowered(text);
  for (const auto& [from, to] : table)
    if (lower == from) return std::string(to);
  return text;
}

Unit parse(std::string_view units) {
  const std::string text = field_spelling(plain_ascii(trimmed(units)));
  Unit unit(ut_parse(unit_system(), text.c_str(), UT_UTF8));
  if (!unit) unit.reset(ut_parse(unit_system(), lowered(text).c_str(), UT_UTF8));
  return unit;
}

/// UDUNITS has no plain test for "the same up to a factor" that also refuses logarithms: try the converter.
std::optional<UnitConverter> direct(ut_unit* from, ut_unit* to) {
  if (ut_are_convertible(from, to) == 0) return {};
  const Converter converter(ut_get_converter(from, to));
  if (!converter) return {};
  // Far from 0 the offset does not eat the digits of the slope: 2^20 keeps it exact to the last bit or so.
  constexpr double far = 1048576.0;
  const double at_zero = cv_convert_double(converter.get(), 0.0);
  const double at_one = cv_convert_double(converter.get(), 1.0);
  const double at_far = cv_convert_double(converter.get(), far);
  UnitConverter result;
  result.offset = at_zero;
  result.scale = at_one;
  if (at_zero != 0.0) {
    const double slope = (at_far - at_zero) / far;
    const double plain = std::round(slope * 1e6) / 1e6;  // degC to K is 1, not 1 − 2⁻⁵³
    result.scale = std::abs(slope - plain) < 1e-12 * std::abs(slope) ? plain : slope;
  }
  const double expected = result(2.0 * far);
  const double found = cv_convert_double(converter.get(), 2.0 * far);
  if (!std::isfinite(found) || std::abs(found - expected) > 1e-9 * std::abs(expected)) return {};
  return result;
}

std::optional<UnitConverter> by_water_density(ut_unit* from, ut_unit* to) {
  const Unit density(ut_parse(unit_system(), "1000 kg m-3", UT_UTF8));
  const Unit as_depth(ut_divide(from, density.get()));
  if (as_depth)
    if (auto result = direct(as_depth.get(), to)) return result;
  const Unit as_mass(ut_multiply(from, density.get()));
  return as_mass ? direct(as_mass.get(), to) : std::nullopt;
}

[[noreturn]] void refuse(std::string_view from, std::string_view to, const std::string& why) {
  throw core::Error(core::ErrorKind::data,
                    "cannot convert \"" + std::string(from) + "\" to \"" + std::string(to) + "\": " + why);
}

}  // namespace

void UnitConverter::apply(std::span<float> values) const {
  if (is_identity()) return;
  for (float& value : values) value = static_cast<float>(static_cast<double>(value) * scale + offset);
}

bool is_unknown_unit(std::string_view units) {
  const std::string lower = lowered(trimmed(units));
  for (const std::string_view word :
       {"", "undefined", "unknown", "none", "n/a", "na", "null", "?", "not available", "missing"})
    if (lower == word) return true;
  return false;
}

std::optional<PeriodRate> per_period(std::string_view units) {
  static const std::regex rate(
      R"(^(.*?)(\s*/\s*|\s+per\s+|\s*[.*]\s*|\s+)(months?|mon|mo|years?|yr|a)\s*((?:\^)?-1)?$)",
      std::regex::icase);
  const std::string text = plain_ascii(trimmed(units));
  std::smatch match;
  if (!std::regex_match(text, match, rate) || match[1].length() == 0) return {};
  const bool divided = match[2].str().find_first_of("/pP") != std::string::npos;
  if (divided == match[4].matched) return {};  // "mm month" is no rate, nor is "mm/month-1"
  const std::string period = lowered(match[3].str());
  return PeriodRate{match[1].str(), period.front() == 'm' ? UnitPeriod::month : UnitPeriod::year};
}

bool is_water_amount(std::string_view units) {
  if (is_unknown_unit(units)) return false;
  const std::scoped_lock lock(udunits_mutex());
  const Unit unit = parse(units);
  const Unit depth(ut_parse(unit_system(), "mm", UT_UTF8));
  const Unit mass(ut_parse(unit_system(), "kg m-2", UT_UTF8));
  return unit && (ut_are_convertible(unit.get(), depth.get()) != 0 ||
                  ut_are_convertible(unit.get(), mass.get()) != 0);
}

UnitConverter make_converter(std::string_view from, std::string_view to) {
  if (trimmed(to).empty()) return {};
  if (is_unknown_unit(from))
    refuse(from, to,
           "the file does not say its units; set `units = \"…\"` for this input to what its values are");
  const auto from_period = per_period(from);
  const auto to_period = per_period(to);
  if (from_period.has_value() != to_period.has_value() ||
      (from_period && to_period && from_period->period != to_period->period))
    refuse(from, to,
           "a month or year has no fixed length; set `units` to the amount alone (\"" +
               (from_period ? from_period->amount : to_period->amount) +
               "\") and `cadence` to the period, then the calendar shares it out");
  const std::scoped_lock lock(udunits_mutex());
  const Unit source = parse(from_period ? from_period->amount : from);
  const Unit target = parse(to_period ? to_period->amount : to);
  if (!source)
    refuse(from, to,
           "UDUNITS does not know \"" + std::string(from) + "\"; set `units = \"…\"` for this input");
  if (!target)
    refuse(from, to, "UDUNITS does not know \"" + std::string(to) + "\"; name a unit that it knows");
  if (auto result = direct(source.get(), target.get())) return *result;
  if (auto result = by_water_density(source.get(), target.get())) {
    result->used_water_density = true;
    return *result;
  }
  refuse(
      from, to,
      "they measure different things; if the file's units are wrong, set `units = \"…\"` for this input to "
      "what its values are");
}

}  // namespace rootzone::io
