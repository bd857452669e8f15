#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "rootzone/sptf/lstm.hpp"
#include "rootzone/study/sptf_site.hpp"

namespace rootzone::study {

/// One input of the network: standardised as (value − offset) / scale.
struct SptfInput {
  std::string_view name;
  std::string_view units;
  float offset;
  float scale;
};

/// By the day: moisture (0 after standardisation where it was not observed), rain, PET, thawed, leaf area,
/// and whether moisture was observed. The offsets and scales are round numbers near the middle and spread of
/// field sites.
std::span<const SptfInput> sptf_daily_inputs();
/// By the site: sand, silt, clay (fractions), bulk density.
std::span<const SptfInput> sptf_constant_inputs();

/// A stretch of a site's days as input.
struct InputWindow {
  const SptfSite* site = nullptr;
  std::size_t first_day = 0;
};

/// Inputs of windows of the same length, side by side as the network wants them.
struct InputBlock {
  std::int64_t width = 0;
  std::int64_t steps = 0;
  std::vector<float> daily;
  std::vector<float> constants;
  sptf::SequenceBlock view() const { return {width, steps, daily, constants, {}}; }
};

/// Encode windows of `days` days, padded with zeros to a multiple of `grain` sequences. Throws
/// std::invalid_argument for a window that leaves the record.
InputBlock encode_inputs(std::span<const InputWindow> windows, std::size_t days, std::size_t grain);

}  // namespace rootzone::study
