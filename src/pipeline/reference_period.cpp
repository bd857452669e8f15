#include "reference_period.hpp"

#include <nlohmann/json.hpp>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {

using core::Error;
using core::ErrorKind;

ReferencePeriod reference_period(const nlohmann::json& settings, const core::TimeAxis& record) {
  ReferencePeriod period{0, record.count(), {}};
  const auto step_of = [&](const char* key) {
    const core::Date date = *core::parse_iso_date(settings.at(key).get<std::string>());
    const auto step = record.index(date);
    if (!step)
      throw Error(ErrorKind::usage, std::string(key) + " = " + core::iso_date(date) +
                                        " lies outside the record, " + core::iso_date(record.first()) +
                                        " … " + core::iso_date(record.last()));
    return *step;
  };
  if (settings.contains("reference_start")) period.first_step = step_of("reference_start");
  if (!settings.contains("reference_end")) return period;
  period.end_step = step_of("reference_end") + 1;
  period.last = record.date(period.end_step - 1);
  if (period.end_step <= period.first_step)
    throw Error(ErrorKind::usage, "reference_end lies before reference_start");
  return period;
}

}  // namespace rootzone::pipeline
