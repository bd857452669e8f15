#include <gtest/gtest.h>

#include "coverage.hpp"

namespace rootzone::stats {
namespace {

TEST(MetricCoverageLong, NominalIntervalsHoldUnderAutocorrelationInEverySetting) {
  for (double phi : {0.0, 0.5, 0.9})
    for (double signal : {0.8, 0.0})
      for (double kept : {1.0, 0.6}) {
        testing::Experiment experiment;
        experiment.phi = phi;
        experiment.signal = signal;
        experiment.kept_share = kept;
        experiment.repetitions = 2000;
        for (const auto& [name, share] : testing::coverage(experiment)) {
          EXPECT_GE(share, 0.90) << name << " phi " << phi << " signal " << signal << " kept " << kept;
          EXPECT_LE(share, 0.99) << name << " phi " << phi << " signal " << signal << " kept " << kept;
        }
      }
}

}  // namespace
}  // namespace rootzone::stats
