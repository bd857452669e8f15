#pragma once
#include <string>
#include <vector>

#include "uptake_site.hpp"

namespace rootzone::pipeline {

/// The page of `rootzone uptake invert`: verdicts, what can be told, moisture, uptake of each layer with its
/// error, success rate, and what was taken for granted.
std::string uptake_invert_page(const UptakeSite& site, const study::UptakeInversionSettings& settings,
                               const std::vector<study::IntervalUptake>& intervals);

}  // namespace rootzone::pipeline
