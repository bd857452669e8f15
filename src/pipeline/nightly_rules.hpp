#pragma once
#include <string>
#include <vector>

#include "rootzone/core/time_axis.hpp"
#include "rootzone/pipeline/configuration.hpp"

namespace rootzone::pipeline {

/// Days on which nightly work may begin anew from a state: no file and no period of any product reaches
/// across them. A state is kept for the evening before such a day.
class Boundaries {
 public:
  /// From the splits of the outputs (a month where none is given) and the periods of the statistics among
  /// them. Throws Error(usage) for what cannot go on night by night: `cog_dates = "first_last"`, statistics
  /// over the whole run.
  explicit Boundaries(const Configuration& configuration);

  bool is_boundary(const core::Date& day) const;
  /// The last boundary in (first, last + 1] of the axis' days; its first day if there is none.
  core::Date last_in(const core::TimeAxis& days) const;

 private:
  enum class Kind { month, year };
  struct Rule {
    Kind kind;
    int start_month = 1;  ///< of years
  };
  void refuse_years_that_never_meet() const;
  std::vector<Rule> m_rules;  ///< none: every day
};

}  // namespace rootzone::pipeline
