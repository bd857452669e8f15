#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// Which values of a quality variable let its companion through (the rule of a `MaskSpec`, without the file).
struct MaskRule {
  std::optional<std::uint32_t> bits;
  std::vector<double> keep;
  std::optional<std::array<double, 2>> keep_range;

  /// A missing (NaN) quality keeps nothing; with bits, a quality that is no whole number keeps nothing.
  bool keeps(double quality) const;
};

/// Throws Error(usage) if the mask names no rule (neither keep nor keep_range) or an inverted range;
/// `input` names the input in the message.
MaskRule make_mask_rule(const MaskSpec& spec, const std::string& input);

/// Set to NaN each value whose quality the rule does not keep. Both spans have one length (else
/// Error(internal)), cell by cell. Pure: disjoint parts may be done at once.
void apply_mask(std::span<float> values, std::span<const float> quality, const MaskRule& rule);
/// The same for qualities that a float cannot hold: flags of 32 bits.
void apply_mask(std::span<float> values, std::span<const double> quality, const MaskRule& rule);

}  // namespace rootzone::io
