#pragma once
#include <cstdint>
#include <string_view>

namespace rootzone::core {

/// Hears how far a long job is. Called from any thread.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void begin(std::string_view what, std::int64_t units) = 0;
  virtual void advance(std::int64_t units) = 0;
  virtual void end() = 0;
};

}  // namespace rootzone::core
