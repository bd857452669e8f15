#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "nightly.hpp"

namespace rootzone::app::test {

/// A job to be killed, or to find its disk full: `prepare` makes a fresh folder in which `command` is about
/// to be run, `command` is what is disturbed and then run again, `finish` what follows (assembling), `folder`
/// where the products are.
struct KillDrill {
  std::function<void()> prepare;
  std::vector<std::string> command;
  std::function<void()> finish;
  std::filesystem::path folder;
};

/// Clear the folder and prepare it.
void begin(const KillDrill& drill);
/// Run the command again and finish: expects `expected` (products_below), and no file besides.
void expect_resumed(const KillDrill& drill, const std::map<std::string, std::string>& expected);

struct KillCount {
  int killed = 0;
  int ended = 0;  ///< it was over before
};

/// Kill with SIGKILL before the calls that change the disk, numbers `calls` of them, then run again; expects
/// each time the bytes of the undisturbed job and no file besides. Stops at the first call that the job does
/// not get to.
KillCount kill_at_calls(const KillDrill& drill, const std::vector<int>& calls);

/// The same at moments drawn over the time that the undisturbed job took; the seed is printed on failure.
KillCount kill_at_moments(const KillDrill& drill, int times, std::uint32_t seed);

KillDrill drill_of_run(const NightlyBasin& basin);
KillDrill drill_of_update(const NightlyBasin& basin);
KillDrill drill_of_tile(const TallBasin& basin);
KillDrill drill_of_assemble(const TallBasin& basin);

}  // namespace rootzone::app::test
