#pragma once
#include <memory>

#include "rootzone/core/parallel.hpp"

namespace rootzone::engine {

/// A ParallelFor on the threads of the caller's TBB arena (the whole machine outside one, at most what a live
/// ThreadLimit allows). While it waits it takes up no work but its own, so it may be called under a lock.
/// Throws the first exception of the bodies.
core::ParallelFor tbb_parallel_for();

/// Number of threads meant by an option: itself if positive, else what the process may use of the machine.
int thread_count(int option);

/// Holds the number of threads of the whole process at `threads` (0: leave as it is) while it lives.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct Control;
  std::unique_ptr<Control> m_control;
};

/// Flush denormals to zero in this thread while it lives (x86: FTZ and DAZ; elsewhere it does nothing):
/// decaying filters would otherwise end in numbers that cost a hundred times more and mean nothing.
class FlushDenormals {
 public:
  FlushDenormals();
  ~FlushDenormals();
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned m_before = 0;
};

/// True if the calling thread flushes denormals, or if this machine cannot.
bool denormals_are_flushed();

}  // namespace rootzone::engine
