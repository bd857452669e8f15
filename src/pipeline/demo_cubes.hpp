#pragma once
#include <memory>
#include <span>

#include "demo_context.hpp"
#include "rootzone/study/demo_basin.hpp"

namespace rootzone::pipeline {

/// Everything of the demo that changes with time and covers the basin: daily weather, monthly potential
/// evapotranspiration, evaporation of 8 days, surface soil moisture with its flags, and the truth. Takes the
/// basin's days as they are simulated; nothing of the past is kept but sums.
class DemoCubes {
 public:
  DemoCubes(const DemoContext& context, const core::Grid& weather_grid);
  ~DemoCubes();
  DemoCubes(const DemoCubes&) = delete;
  DemoCubes& operator=(const DemoCubes&) = delete;

  void write(std::span<const study::BasinDay> days);
  /// Complete the files; write the truth that is known at the end only.
  void finish();

 private:
  class Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace rootzone::pipeline
