#include "rootzone/io/mask.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

template <typename Quality>
void apply(std::span<float> values, std::span<const Quality> quality, const MaskRule& rule) {
  if (values.size() != quality.size())
    throw core::Error(core::ErrorKind::internal, "a mask of " + std::to_string(quality.size()) +
                                                     " cells on " + std::to_string(values.size()) +
                                                     " values");
  // Flags come in long runs of one value: decide again only where it changes.
  Quality last = std::numeric_limits<Quality>::quiet_NaN();
  bool kept = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (quality[i] != last) {
      last = quality[i];
      kept = rule.keeps(static_cast<double>(last));
    }
    if (!kept) values[i] = std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace

bool MaskRule::keeps(double quality) const {
  if (std::isnan(quality)) return false;
  if (bits) {
    if (quality != std::floor(quality) || std::abs(quality) >= 9.0e15) return false;
    // A negative flag is two's complement of a signed file type: its low 32 bits are meant.
    const auto flags = static_cast<std::uint32_t>(static_cast<std::int64_t>(quality));
    quality = static_cast<double>(flags & *bits);
  }
  if (std::find(keep.begin(), keep.end(), quality) != keep.end()) return true;
  return keep_range && quality >= (*keep_range)[0] && quality <= (*keep_range)[1];
}

MaskRule make_mask_rule(const MaskSpec& spec, const std::string& input) {
  if (spec.keep.empty() && !spec.keep_range)
    throw core::Error(core::ErrorKind::usage,
                      "[inputs." + input + "] mask '" + spec.variable +
                          "' keeps nothing: give `keep = […]` or `keep_range = [low, high]`");
  if (spec.keep_range && (*spec.keep_range)[0] > (*spec.keep_range)[1])
    throw core::Error(core::ErrorKind::usage,
                      "[inputs." + input + "] mask '" + spec.variable + "': keep_range must be [low, high]");
  return {spec.bits, spec.keep, spec.keep_range};
}

void apply_mask(std::span<float> values, std::span<const float> quality, const MaskRule& rule) {
  apply(values, quality, rule);
}

void apply_mask(std::span<float> values, std::span<const double> quality, const MaskRule& rule) {
  apply(values, quality, rule);
}

}  // namespace rootzone::io
