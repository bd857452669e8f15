#include "kill_drill.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <random>

namespace rootzone::app::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string file_of(const TinyBasin& basin) {
  return (basin / "tiny.toml").string();
}

void expect_done(const std::vector<std::string>& command) {
  const Outcome outcome = run_command(command);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

std::map<std::string, std::string> undisturbed(const KillDrill& drill, double& seconds) {
  begin(drill);
  const auto start = Clock::now();
  expect_done(drill.command);
  seconds = std::chrono::duration<double>(Clock::now() - start).count();
  drill.finish();
  return products_below(drill.folder);
}

/// Nothing but products and what stands beside them: no temporary file, no scratch folder.
void expect_tidy(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    EXPECT_FALSE(name.starts_with(".") || name.ends_with(".part") || name.ends_with(".new")) << entry.path();
  }
}

}  // namespace

void begin(const KillDrill& drill) {
  std::filesystem::remove_all(drill.folder);
  drill.prepare();
}

void expect_resumed(const KillDrill& drill, const std::map<std::string, std::string>& expected) {
  expect_done(drill.command);
  drill.finish();
  EXPECT_THAT(differences(products_below(drill.folder), expected), ::testing::IsEmpty());
  expect_tidy(drill.folder);
}

KillCount kill_at_calls(const KillDrill& drill, const std::vector<int>& calls) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  // Nothing may be loaded before a sanitizer.
  KillCount drawn = kill_at_moments(drill, static_cast<int>(std::min<std::size_t>(calls.size(), 3)), 7);
  return {drawn.killed + drawn.ended, 1};
#endif
  double seconds = 0.0;
  const auto expected = undisturbed(drill, seconds);
  EXPECT_FALSE(expected.empty());
  KillCount count;
  for (const int call : calls) {
    SCOPED_TRACE("killed at call " + std::to_string(call));
    begin(drill);
    std::vector<std::string> command{"env", std::string("LD_PRELOAD=") + ROOTZONE_KILL_AT,
                                     "ROOTZONE_TEST_KILL_AT=" + std::to_string(call)};
    command.insert(command.end(), drill.command.begin(), drill.command.end());
    const Outcome outcome = run_command(command);
    if (outcome.signal != SIGKILL) {
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
      ++count.ended;
      break;
    }
    ++count.killed;
    expect_resumed(drill, expected);
    if (::testing::Test::HasFailure()) break;
  }
  return count;
}

KillCount kill_at_moments(const KillDrill& drill, int times, std::uint32_t seed) {
  double seconds = 0.0;
  const auto expected = undisturbed(drill, seconds);
  EXPECT_FALSE(expected.empty());
  std::mt19937 random(seed);
  KillCount count;
  for (int i = 0; i < times; ++i) {
    const double after = seconds * static_cast<double>(random()) / 4294967296.0;
    SCOPED_TRACE("seed " + std::to_string(seed) + ", kill " + std::to_string(i) + " after " +
                 std::to_string(after) + " s");
    begin(drill);
    Process process(drill.command);
    if (process.ended(std::chrono::milliseconds(static_cast<int>(1000.0 * after)))) {
      ++count.ended;
    } else {
      process.send(SIGKILL);
      process.wait();
      ++count.killed;
    }
    expect_resumed(drill, expected);
    if (::testing::Test::HasFailure()) break;
  }
  return count;
}

KillDrill drill_of_run(const NightlyBasin& basin) {
  return {[] {}, rootzone_command({"run", file_of(basin)}), [] {}, basin.out()};
}

KillDrill drill_of_update(const NightlyBasin& basin) {
  return {[&basin] {
            // Two nights before, made once: their folder is copied.
            const auto kept = basin / "kept";
            if (!std::filesystem::exists(kept)) {
              expect_done(rootzone_command({"update", file_of(basin), "--through", "2020-01-04"}));
              expect_done(rootzone_command({"update", file_of(basin), "--through", "2020-01-05"}));
              std::filesystem::copy(basin.out(), kept, std::filesystem::copy_options::recursive);
            }
            std::filesystem::remove_all(basin.out());
            std::filesystem::create_directories(basin.out().parent_path());
            std::filesystem::copy(kept, basin.out(), std::filesystem::copy_options::recursive);
          },
          rootzone_command({"update", file_of(basin), "--through", "2020-01-06"}), [] {}, basin.out()};
}

KillDrill drill_of_tile(const TallBasin& basin) {
  return {[&basin] {
            expect_done(rootzone_command({"plan", file_of(basin), "--tiles", "2"}));
          },
          rootzone_command({"tile", file_of(basin), "0/1"}),
          [&basin] {
            expect_done(rootzone_command({"assemble", file_of(basin)}));
          },
          basin.out()};
}

KillDrill drill_of_assemble(const TallBasin& basin) {
  return {[&basin] {
            const auto kept = basin / "kept";
            if (!std::filesystem::exists(kept)) {
              expect_done(rootzone_command({"plan", file_of(basin), "--tiles", "2"}));
              expect_done(rootzone_command({"tile", file_of(basin), "0/1"}));
              std::filesystem::copy(basin.out(), kept, std::filesystem::copy_options::recursive);
            }
            std::filesystem::remove_all(basin.out());
            std::filesystem::create_directories(basin.out().parent_path());
            std::filesystem::copy(kept, basin.out(), std::filesystem::copy_options::recursive);
          },
          rootzone_command({"assemble", file_of(basin)}), [] {}, basin.out()};
}

}  // namespace rootzone::app::test
