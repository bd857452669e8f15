// Warnings that say the same of several inputs or stations, said once.
#include <algorithm>

#include "report_parts.hpp"
#include "rootzone/pipeline/numbers.hpp"

namespace rootzone::pipeline {
namespace {

/// One text and all it is said of.
struct WarningGroup {
  std::string text;
  std::vector<std::string> subjects;
};

// So many subjects are named; more are counted.
constexpr std::size_t named_subjects = 20;

void add(std::vector<WarningGroup>& groups, const std::string& subject, const std::string& text) {
  auto group =
      std::find_if(groups.begin(), groups.end(), [&](const WarningGroup& one) { return one.text == text; });
  if (group == groups.end()) group = groups.insert(groups.end(), {text, {}});
  if (std::find(group->subjects.begin(), group->subjects.end(), subject) == group->subjects.end())
    group->subjects.push_back(subject);
}

// "station 4, 10 cm: flagged": the subject stands before the first colon that a space follows.
void add_line(std::vector<WarningGroup>& groups, const std::string& line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos)
    add(groups, "", line);
  else
    add(groups, line.substr(0, colon), line.substr(colon + 2));
}

// A warning that begins with the input's own file and variable says them of the input anyway.
std::string without_own_file(const io::InputReport& report, const std::string& warning) {
  const std::size_t colon = warning.find(": ");
  if (colon == std::string::npos) return warning;
  const bool own = std::any_of(report.files.begin(), report.files.end(),
                               [&](const auto& file) { return warning.starts_with(file.string()); });
  return own ? warning.substr(colon + 2) : warning;
}

std::string joined(const std::vector<std::string>& subjects) {
  const bool with_commas = std::any_of(subjects.begin(), subjects.end(), [](const std::string& subject) {
    return subject.find(", ") != std::string::npos;
  });
  std::string text;
  for (std::size_t i = 0; i < std::min(subjects.size(), named_subjects); ++i)
    text += (i == 0 ? "" : with_commas ? "; " : ", ") + subjects[i];
  if (subjects.size() > named_subjects)
    text += " and " + format_count(static_cast<std::int64_t>(subjects.size() - named_subjects)) + " more";
  return text;
}

std::string worded(const WarningGroup& group) {
  if (group.subjects.size() == 1)
    return group.subjects[0].empty() ? group.text : group.subjects[0] + ": " + group.text;
  return format_count(static_cast<std::int64_t>(group.subjects.size())) + " times: " + group.text + " (" +
         joined(group.subjects) + ")";
}

}  // namespace

std::vector<std::string> all_warnings(const ReportData& data) {
  std::vector<WarningGroup> groups;
  for (const std::string& line : data.warnings) add_line(groups, line);
  for (const ReportInput& input : data.inputs)
    for (const std::string& warning : input.report.warnings)
      add(groups, input.report.name, without_own_file(input.report, warning));
  std::vector<std::string> warnings;
  for (const WarningGroup& group : groups) warnings.push_back(worded(group));
  return warnings;
}

}  // namespace rootzone::pipeline
