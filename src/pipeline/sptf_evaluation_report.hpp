#pragma once
#include <string>
#include <vector>

#include "rootzone/study/sptf_evaluation.hpp"

namespace rootzone::pipeline {

/// One row of scores.csv.
struct ScoreRow {
  std::string method;
  std::string reference;  ///< "truth" or "observations"
  std::string grouping;   ///< "all", "texture", "moisture", "rain", "climate"
  std::string group;
  study::MoistureScore score;
};

struct NamedSkill {
  std::string network;
  std::vector<study::LengthSkill> skill;
};
struct NamedImportance {
  std::string network;
  std::vector<study::InputImportance> inputs;
};

/// A site's second year, for the report.
struct ExampleSite {
  std::string title;
  std::vector<double> reference;
  std::vector<double> observed;
  std::vector<std::pair<std::string, std::vector<double>>> methods;
};

/// All that an evaluation found.
struct SptfEvaluation {
  std::string sites_words;     ///< "183 sites of the test part of …"
  std::string main_reference;  ///< "truth" where there is one
  std::int64_t windows_per_length = 0;
  std::int64_t shuffles = 0;
  std::vector<ScoreRow> scores;
  std::vector<NamedSkill> skills;
  std::vector<NamedImportance> importances;
  std::vector<ExampleSite> examples;
  std::vector<std::string> warnings;
};

/// CSV and HTML texts of an evaluation.
std::string scores_csv(const SptfEvaluation& evaluation);
std::string input_length_csv(const SptfEvaluation& evaluation);
std::string importance_csv(const SptfEvaluation& evaluation);
std::string evaluation_report(const SptfEvaluation& evaluation);

}  // namespace rootzone::pipeline
