// Two races on purpose: this program must make ThreadSanitizer speak, or its suppressions and the hand-overs
// we mark (src/engine/hand_over.hpp) hide what they should show. See tests/sanitizers.md.
#include <tbb/task_arena.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <string_view>
#include <thread>

#include "engine/fakes.hpp"
#include "rootzone/engine/threads.hpp"

namespace {

using namespace rootzone;

int planted = 0;

/// Waits (10 s at most) until two threads are here, by means that order nothing between them.
bool meet(std::atomic<int>& here) {
  here.fetch_add(1, std::memory_order_relaxed);
  for (int i = 0; i < 10000 && here.load(std::memory_order_relaxed) < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return here.load(std::memory_order_relaxed) >= 2;
}

/// Bodies of one parallel_for that write the same number.
bool race_in_parallel_for() {
  std::atomic<int> here{0};
  std::atomic<int> met{0};
  const engine::ThreadLimit limit(2);
  tbb::task_arena(2).execute([&] {
    engine::tbb_parallel_for()(2, [&](std::int64_t) {
      met.fetch_add(meet(here) ? 1 : 0, std::memory_order_relaxed);
      ++planted;
    });
  });
  return met == 2;
}

/// A stage that counts in a member what it should keep in the state of its pixels.
struct Careless : engine::fakes::Decay {
  Careless() : Decay("x", "y") {}
  void advance(const engine::Strip& strip) const override {
    met.fetch_add(meet(here) ? 1 : 0, std::memory_order_relaxed);
    ++planted;
    Decay::advance(strip);
  }
  mutable std::atomic<int> here{0};
  mutable std::atomic<int> met{0};
};

bool race_in_stage() {
  const engine::fakes::Cube cube{8, 2, 64};
  const auto stage = std::make_shared<Careless>();
  engine::Chain chain;
  chain.grid = engine::fakes::grid_of(cube);
  chain.time = engine::fakes::days_from(0, cube.steps);
  chain.sources["x"] =
      std::make_shared<engine::fakes::Source>("x", cube, core::SourceLayout{}, engine::fakes::rough);
  chain.stages = {stage};
  chain.sinks["y"] = std::make_shared<engine::fakes::Sink>(cube, true);
  engine::RunOptions options;
  options.threads = 2;
  options.memory_bytes = std::int64_t{1} << 30;
  options.forced_strip_pixels = 32;
  engine::run(chain, options, ".");
  return stage->met > 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view where = argc > 1 ? argv[1] : "";
  if (where != "parallel_for" && where != "stage") {
    std::cerr << "usage: planted_race parallel_for|stage\n";
    return 2;
  }
  const bool two_threads = where == "parallel_for" ? race_in_parallel_for() : race_in_stage();
  std::cout << (two_threads ? "two threads met" : "only one thread came: no race was possible") << ", "
            << planted << '\n';
}
