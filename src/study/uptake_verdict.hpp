#pragma once
#include <span>

#include "rootzone/study/uptake_inversion.hpp"

namespace rootzone::study {

/// Give an interval whose numbers are complete its verdict and reasons.
void judge(IntervalUptake& interval, std::span<const double> thickness_cm,
           const UptakeInversionSettings& settings);

/// "10–40 cm"
std::string depth_range(std::span<const double> thickness_cm, std::size_t layer);

}  // namespace rootzone::study
