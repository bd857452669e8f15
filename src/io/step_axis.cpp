#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/product.hpp"

namespace rootzone::io {
namespace {

std::size_t at(std::int64_t step, std::int64_t count, const std::string& name) {
  if (step < 0 || step >= count)
    throw core::Error(core::ErrorKind::internal, "the axis \"" + name + "\" has " + std::to_string(count) +
                                                     " steps, asked for number " + std::to_string(step));
  return static_cast<std::size_t>(step);
}

/// A label as part of a file name: letters, digits, '-', '.' and '_' stay.
std::string file_safe(const std::string& label) {
  std::string safe;
  for (const char c : label) {
    const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '.' || c == '_';
    safe += keep ? c : '_';
  }
  return safe;
}

/// "201606" → "2016-06", as ISO 8601 writes a month; seasons and years stay.
std::string iso_period(const std::string& label) {
  const bool month = label.size() == 6 && label.find_first_not_of("0123456789") == std::string::npos;
  return month ? label.substr(0, 4) + "-" + label.substr(4) : label;
}

}  // namespace

std::int64_t StepAxis::count() const {
  switch (kind) {
    case Kind::days:
      return time ? time->count() : 0;
    case Kind::periods:
      return static_cast<std::int64_t>(periods.size());
    case Kind::values:
      return static_cast<std::int64_t>(values.size());
    case Kind::labels:
      break;
  }
  return static_cast<std::int64_t>(labels.size());
}

std::string StepAxis::file_label(std::int64_t step) const {
  const std::size_t index = at(step, count(), name);
  switch (kind) {
    case Kind::days:
      return core::compact_date(time->date(step));
    case Kind::periods:
      return file_safe(periods[index].label);
    case Kind::values:
      return (name == "year" ? "" : "T") + file_safe(shortest_number(values[index]));
    case Kind::labels:
      break;
  }
  return file_safe(labels[index]);
}

std::string StepAxis::description(std::int64_t step) const {
  const std::size_t index = at(step, count(), name);
  switch (kind) {
    case Kind::days:
      return core::iso_date(time->date(step));
    case Kind::periods:
      return iso_period(periods[index].label);
    case Kind::values:
      break;
    case Kind::labels:
      return labels[index];
  }
  const std::string number = shortest_number(values[index]);
  if (units.empty() || units == "1" || name == "year") return number;
  return number + " " + (units == "year" && number != "1" ? "years" : units);
}

}  // namespace rootzone::io
