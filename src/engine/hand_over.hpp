#pragma once
#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

/// On a function that TBB calls with what it captured: reading that comes before any take(), so
/// ThreadSanitizer shall not look at the reads of this one function (it does at all it calls).
#if defined(__SANITIZE_THREAD__)
#define ROOTZONE_CALLED_BY_TBB __attribute__((no_sanitize("thread")))
#else
#define ROOTZONE_CALLED_BY_TBB
#endif

namespace rootzone::engine {

/// Tells ThreadSanitizer of an order that TBB promises but that it cannot see, TBB being a library built
/// without it: what a thread did before give() is seen by the one that comes to take(). It orders nothing
/// itself and is empty in other builds. Mark only hand-overs that TBB documents (the start and the end of an
/// algorithm, the way of an item through a pipeline, turns in a serial filter): a mark too many hides a race.
class HandOver {
 public:
#if defined(__SANITIZE_THREAD__)
  void give() {
    __tsan_release(this);
  }
  void take() {
    __tsan_acquire(this);
  }
#else
  void give() {}
  void take() {}
#endif
};

/// For a piece of work: takes what was given before it and gives what it did, also when an exception leaves.
class Turn {
 public:
  Turn(HandOver& before, HandOver& after) : m_after(after) { before.take(); }
  ~Turn() { m_after.give(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  HandOver& m_after;
};

/// The reverse, for the thread that starts pieces of work and waits for them.
class Wait {
 public:
  explicit Wait(HandOver& start, HandOver& end) : m_end(end) { start.give(); }
  ~Wait() { m_end.take(); }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;

 private:
  HandOver& m_end;
};

}  // namespace rootzone::engine
