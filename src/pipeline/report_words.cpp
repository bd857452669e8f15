#include "report_words.hpp"

#include <array>

#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

using nlohmann::json;

std::string month_name(const core::Date& date) {
  static constexpr std::array<const char*, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::string(names[static_cast<std::size_t>(date.month - 1)]) + " " + std::to_string(date.year);
}

// Months and seasons by their months, years by their number; what lies outside the run is said.
std::string period_label(const io::StepAxis& axis, const core::Period& period, const core::TimeAxis& record) {
  const core::Date first = axis.time->date(period.first_step);
  const core::Date last = axis.time->date(period.first_step + period.steps - 1);
  const bool cut = period.steps < period.full_steps;
  std::string label = period.label == "all"     ? dates_text(record)
                      : period.full_steps <= 31 ? month_name(first)
                      : period.full_steps <= 92 ? period.label.substr(4) + " " + period.label.substr(0, 4)
                                                : period.label;
  if (!cut && period.full_steps > 31 && period.full_steps <= 92)
    label = month_name(first) + " – " + month_name(last);
  if (!cut) return label;
  return label + " (" + std::to_string(period.steps) + " of " + std::to_string(period.full_steps) + " days)";
}

std::string value_label(const io::StepAxis& axis, std::int64_t step) {
  const std::string number = format_number(axis.values[static_cast<std::size_t>(step)], 6);
  if (axis.name == "return_period") return "return period " + number + (number == "1" ? " year" : " years");
  if (axis.name == "year") return axis.description(step);
  const std::string unit = pretty_units(axis.units);
  return (axis.long_name.empty() ? axis.name : axis.long_name) + " " + number +
         (unit.empty() ? "" : " " + unit);
}

std::string text_of(const json& settings, const char* key) {
  if (!settings.contains(key)) return "";
  const json& value = settings.at(key);
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return format_number(value.get<double>(), 6);
  if (!value.is_array()) return "";
  std::string text;
  for (const json& one : value)
    text += (text.empty() ? "" : ", ") + (one.is_number()   ? format_number(one.get<double>(), 6)
                                          : one.is_string() ? one.get<std::string>()
                                                            : "");
  return text;
}

// ", words value unit" where the key is set to something.
std::string part(const json& settings, const char* key, const std::string& words,
                 const std::string& unit = "") {
  const std::string text = text_of(settings, key);
  return text.empty() || text == "none" ? "" : ", " + words + text + unit;
}

std::string smar_sentence(const json& settings) {
  std::string text = "SMAR" + part(settings, "parameters", "parameters ");
  text += part(settings, "surface_thickness", "surface layer ", " cm") +
          part(settings, "root_zone_thickness", "root zone ", " cm");
  const std::string pet = text_of(settings, "loss_pet");
  if (pet.empty()) return text + part(settings, "loss", "loss V₂ ", " mm d⁻¹");
  const std::string factor = text_of(settings, "loss_pet_factor");
  return text + ", loss V₂ = " + (factor.empty() || factor == "1" ? "" : factor + " × ") + pet;
}

std::string mass_curve_sentence(const json& settings, const core::TimeAxis& run) {
  const auto date = [&](const char* key, const core::Date& otherwise) {
    return settings.contains(key) ? text_of(settings, key) : core::iso_date(otherwise);
  };
  std::string text =
      "Mass curve over " + date("record_start", run.first()) + " – " + date("record_end", run.last());
  const std::string from = text_of(settings, "evaporation_from");
  text += from == "budyko" ? ", evaporation from PET and Fu's curve" + part(settings, "budyko_omega", "ω = ")
          : from == "discharge" ? ", evaporation from PET and a gauge's discharge"
                                : part(settings, "evaporation", "evaporation from the input ");
  text += part(settings, "snow", "snow ");
  if (text_of(settings, "snow") == "degree_day") text += part(settings, "snow_preset", "preset ");
  const std::string canopy = text_of(settings, "interception_capacity");
  if (!canopy.empty() && canopy != "0") text += ", canopy of " + canopy + " mm";
  const std::string start = text_of(settings, "year_start");
  text += start == "wettest" ? ", years from each cell's wettest month"
                             : part(settings, "year_start", "years from month ");
  return text + part(settings, "fit", "fit ") + part(settings, "closure", "balances that do not close: ");
}

}  // namespace

std::string sentence_case(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string dates_text(const core::TimeAxis& time) {
  return core::iso_date(time.first()) + " – " + core::iso_date(time.last());
}

std::string step_label(const io::StepAxis& axis, std::int64_t step, const core::TimeAxis& record) {
  switch (axis.kind) {
    case io::StepAxis::Kind::days:
      return core::iso_date(axis.time->date(step));
    case io::StepAxis::Kind::periods:
      return period_label(axis, axis.periods[static_cast<std::size_t>(step)], record);
    case io::StepAxis::Kind::values:
      return value_label(axis, step);
    case io::StepAxis::Kind::labels:
      break;
  }
  // A property of the soil has no dates.
  return axis.count() == 1 && axis.name != "soil" ? dates_text(record) : axis.description(step);
}

std::string stage_sentence(const json& settings, const core::TimeAxis& run) {
  const std::string kind = settings.at("kind").get<std::string>();
  if (kind == "smar") return smar_sentence(settings);
  if (kind == "exponential_filter") return "Exponential filter" + part(settings, "time", "T = ", " d");
  if (kind == "mass_curve") return mass_curve_sentence(settings, run);
  if (kind == "sptf")
    return "Soil hydraulic parameters by a site-specific pedotransfer function" +
           part(settings, "weights", "weights ") + part(settings, "record_start", "from ") +
           part(settings, "record_end", "to ");
  if (kind == "statistics")
    return "Statistics" + part(settings, "statistics", "") + part(settings, "variable", "of ") +
           part(settings, "period", "by ");
  if (kind == "pedotransfer") {
    const std::string functions = text_of(settings, "functions");
    return "Pedotransfer functions: " + (functions.empty() ? "all" : functions) +
           part(settings, "organic_carbon", "organic carbon ") + part(settings, "suffix", "names end in ");
  }
  return kind;
}

}  // namespace rootzone::pipeline
