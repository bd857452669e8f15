#pragma once
#include <cstdint>
#include <functional>

namespace rootzone::core {

/// Run body(0) … body(count − 1), in any order and perhaps at once; returns when all are done, rethrows the
/// first exception. The engine gives one that uses its threads, so that rooms without threads can offer
/// parallel work.
using ParallelFor = std::function<void(std::int64_t count, const std::function<void(std::int64_t)>& body)>;

/// One after the other on the calling thread.
inline void serial_for(std::int64_t count, const std::function<void(std::int64_t)>& body) {
  for (std::int64_t i = 0; i < count; ++i) body(i);
}

}  // namespace rootzone::core
