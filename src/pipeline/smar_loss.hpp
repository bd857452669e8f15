#pragma once
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "reference_period.hpp"
#include "rootzone/engine/stage.hpp"

namespace rootzone::pipeline {

/// The loss V2 tied to a PET input: its mean over the run or the reference period, pixel by pixel, gathered
/// in a survey pass.
struct SmarPetLoss {
  std::string variable;  ///< daily PET, mm/d; empty: the loss is known
  double factor = 1.0;
  ReferencePeriod reference;

  bool tied() const { return !variable.empty(); }

  std::vector<engine::StateField> fields() const {
    if (!tied()) return {};
    return {{"pet_sum", 1, 0.0}, {"pet_days", 1, 0.0}};
  }

  /// slot: of the PET in the stage's inputs.
  void survey(const engine::Strip& strip, std::size_t slot) const {
    const auto sum = strip.state(0);
    const auto days = strip.state(1);
    for (std::int64_t step = 0; step < strip.steps(); ++step) {
      if (!reference.contains(strip.first_step() + step)) continue;
      const auto pet = strip.input(slot, step);
      for (std::size_t i = 0; i < pet.size(); ++i) {
        const bool valid = !std::isnan(pet[i]);
        sum[i] += valid ? static_cast<double>(pet[i]) : 0.0;
        days[i] += valid ? 1.0 : 0.0;
      }
    }
  }

  /// Mean of a cell after the survey, mm/d; NaN where no day had PET.
  static double mean(std::span<const std::vector<double>> surveyed, std::size_t cell) {
    const double days = surveyed[1][cell];
    return days > 0.0 ? surveyed[0][cell] / days : std::numeric_limits<double>::quiet_NaN();
  }
  /// `a` of a cell from its value for a loss of 1 mm/d.
  float scale(float a_per_unit_loss, double mean_mm_per_day) const {
    return static_cast<float>(static_cast<double>(a_per_unit_loss) * factor * mean_mm_per_day);
  }
};

}  // namespace rootzone::pipeline
