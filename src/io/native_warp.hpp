#pragma once
#include "rootzone/core/error.hpp"
#include "rootzone/io/native_stack.hpp"
#include "rootzone/io/warp.hpp"

namespace rootzone::io {

/// The warp from an input's own grid to the model's; its errors name the input's first file.
inline GridWarp make_warp(const NativeDescription& native, const core::Grid& grid, const InputSpec& spec) {
  try {
    return GridWarp(native.grid, grid, {spec.resampling, 0.5}, spec.name);
  } catch (core::Error& error) {
    if (!native.files.empty()) error.add_context(native.files.front().string());
    throw;
  }
}

}  // namespace rootzone::io
