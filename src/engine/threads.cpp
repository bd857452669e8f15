#include "rootzone/engine/threads.hpp"

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "hand_over.hpp"

namespace rootzone::engine {
namespace {

#if defined(__SSE2__)
constexpr unsigned flush_bits = 0x8040;  // FTZ (bit 15) and DAZ (bit 6) of MXCSR
#endif

/// What the threads of one parallel_for share.
struct Bodies {
  const std::function<void(std::int64_t)>& body;
  bool flushed;
  HandOver start;
  HandOver end;

  void run(std::int64_t i) {
    const Turn turn(start, end);
    if (flushed) {
      const FlushDenormals flush;
      body(i);
    } else {
      body(i);
    }
  }
};

}  // namespace

core::ParallelFor tbb_parallel_for() {
  return [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    // Isolated: a thread that waits here must not pick up another block, which would nest reads in writes.
    tbb::this_task_arena::isolate([&] {
      Bodies bodies{body, denormals_are_flushed(), {}, {}};
      const Wait wait(bodies.start, bodies.end);
      tbb::parallel_for(std::int64_t{0}, count,
                        [&bodies](std::int64_t i) ROOTZONE_CALLED_BY_TBB { bodies.run(i); });
    });
  };
}

int thread_count(int option) {
  return option > 0 ? option : tbb::info::default_concurrency();
}

struct ThreadLimit::Control {
  explicit Control(int threads)
      : control(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)) {}
  tbb::global_control control;
};

ThreadLimit::ThreadLimit(int threads) {
  if (threads > 0) m_control = std::make_unique<Control>(threads);
}

ThreadLimit::~ThreadLimit() = default;

#if defined(__SSE2__)
FlushDenormals::FlushDenormals() : m_before(_mm_getcsr()) {
  _mm_setcsr(m_before | flush_bits);
}
FlushDenormals::~FlushDenormals() {
  _mm_setcsr((_mm_getcsr() & ~flush_bits) | (m_before & flush_bits));
}
bool denormals_are_flushed() {
  return (_mm_getcsr() & flush_bits) == flush_bits;
}
#else
FlushDenormals::FlushDenormals() = default;
FlushDenormals::~FlushDenormals() = default;
bool denormals_are_flushed() {
  return true;
}
#endif

}  // namespace rootzone::engine
