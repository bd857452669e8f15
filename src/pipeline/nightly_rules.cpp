#include "nightly_rules.hpp"

#include <algorithm>

#include "rootzone/core/error.hpp"

namespace rootzone::pipeline {
namespace {

using core::Error;
using core::ErrorKind;

/// The stage of statistics that makes a variable, or null.
const nlohmann::json* statistics_of(const Configuration& configuration, const std::string& variable) {
  for (const nlohmann::json& stage : configuration.stages) {
    if (stage.at("kind") != "statistics") continue;
    const std::string stem =
        stage.at("variable").get<std::string>() + "_" + stage.at("period").get<std::string>() + "_";
    for (const auto& statistic : stage.at("statistics"))
      if (variable == stem + statistic.get<std::string>()) return &stage;
  }
  return nullptr;
}

core::Date next_day(const core::TimeAxis& days) {
  return core::date_of(days.day_number_at(days.count()), days.calendar());
}

}  // namespace

Boundaries::Boundaries(const Configuration& configuration) {
  for (const OutputRequest& output : configuration.outputs) {
    const std::string where = "[[output]] " + output.variable + ": ";
    if (output.cog && output.cog_dates == CogDates::first_last)
      throw Error(ErrorKind::usage,
                  where +
                      "cog_dates = \"first_last\" has no meaning for `update`, whose last day "
                      "moves on; use all or month_start");
    const io::Split split = output.split.value_or(io::Split::month);
    if (split == io::Split::year) m_rules.push_back({Kind::year, 1});
    if (split == io::Split::month) m_rules.push_back({Kind::month, 1});
    const nlohmann::json* statistics = statistics_of(configuration, output.variable);
    if (!statistics) continue;
    const std::string period = statistics->at("period").get<std::string>();
    if (period == "all")
      throw Error(ErrorKind::usage, where +
                                        "statistics over the whole run cannot go on night by night; choose "
                                        "period month, season or year, or leave it to `run`");
    // Seasons of one name in December are in one file.
    const int start = period == "season" ? 12
                      : period == "year" ? statistics->at("year_start").get<int>()
                                         : 1;
    m_rules.push_back({period == "month" ? Kind::month : Kind::year, start});
  }
  refuse_years_that_never_meet();
}

void Boundaries::refuse_years_that_never_meet() const {
  const Rule* year = nullptr;
  for (const Rule& rule : m_rules) {
    if (rule.kind != Kind::year) continue;
    if (year && year->start_month != rule.start_month)
      throw Error(
          ErrorKind::usage,
          "the products' years begin in month " + std::to_string(year->start_month) + " and in month " +
              std::to_string(rule.start_month) +
              " (seasons: 12), so that no day closes both and each night would begin at the beginning; use "
              "split = \"month\", or make two pipelines of them");
    year = &rule;
  }
}

bool Boundaries::is_boundary(const core::Date& day) const {
  return std::all_of(m_rules.begin(), m_rules.end(), [&](const Rule& rule) {
    return day.day == 1 && (rule.kind == Kind::month || day.month == rule.start_month);
  });
}

core::Date Boundaries::last_in(const core::TimeAxis& days) const {
  if (is_boundary(next_day(days))) return next_day(days);
  for (std::int64_t step = days.count() - 1; step > 0; --step)
    if (is_boundary(days.date(step))) return days.date(step);
  return days.first();
}

}  // namespace rootzone::pipeline
