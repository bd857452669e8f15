#include <algorithm>
#include <set>

#include "rootzone/pipeline/colour_ramp.hpp"

namespace rootzone::pipeline {
namespace {

using core::Flag;

struct FlagColour {
  Flag flag;
  Rgb colour;
};

// Gravest first: it colours a combination. The first eight hues are those of Okabe and Ito (2008), made to
// be told apart with every kind of colour vision; the rest are darker or paler neighbours.
constexpr std::array<FlagColour, 13> colours{{
    {Flag::input_missing, {0x33, 0x33, 0x33}},
    {Flag::not_applicable, {0x88, 0x88, 0x88}},
    {Flag::too_few_years, {0x5B, 0x4A, 0x8A}},
    {Flag::non_closing_balance, {0xD5, 0x5E, 0x00}},
    {Flag::few_observations, {0xB0, 0x6B, 0x2E}},
    {Flag::maximum_in_last_year, {0xE6, 0x9F, 0x00}},
    {Flag::spinning_up, {0x56, 0xB4, 0xE9}},
    {Flag::gap_filled, {0xF0, 0xE4, 0x42}},
    {Flag::capped, {0x00, 0x72, 0xB2}},
    {Flag::clipped_parameter, {0xCC, 0x79, 0xA7}},
    {Flag::clipped_level, {0x8F, 0x3B, 0x76}},
    {Flag::extrapolated, {0x00, 0x9E, 0x73}},
    {Flag::assumed_input, {0xA8, 0xC9, 0x6B}},
}};
static_assert(colours.size() == core::flag_meanings.size());

constexpr core::FlagBits both(Flag a, Flag b) {
  return static_cast<core::FlagBits>(bits(a) | bits(b));
}
constexpr core::FlagBits all_three(Flag a, Flag b, Flag c) {
  return static_cast<core::FlagBits>(both(a, b) | bits(c));
}

// What the moisture stages raise together (a day of a gap while spinning up, …) and the storage stages.
constexpr std::array common_combinations{
    both(Flag::input_missing, Flag::gap_filled),
    both(Flag::input_missing, Flag::spinning_up),
    both(Flag::input_missing, Flag::clipped_parameter),
    both(Flag::input_missing, Flag::not_applicable),
    both(Flag::input_missing, Flag::extrapolated),
    both(Flag::input_missing, Flag::few_observations),
    both(Flag::gap_filled, Flag::spinning_up),
    both(Flag::gap_filled, Flag::clipped_parameter),
    both(Flag::spinning_up, Flag::capped),
    both(Flag::spinning_up, Flag::clipped_parameter),
    both(Flag::spinning_up, Flag::extrapolated),
    both(Flag::capped, Flag::clipped_parameter),
    both(Flag::clipped_parameter, Flag::not_applicable),
    both(Flag::clipped_parameter, Flag::extrapolated),
    all_three(Flag::spinning_up, Flag::clipped_parameter, Flag::extrapolated),
    all_three(Flag::input_missing, Flag::spinning_up, Flag::clipped_parameter),
    both(Flag::gap_filled, Flag::non_closing_balance),
    both(Flag::gap_filled, Flag::too_few_years),
    both(Flag::gap_filled, Flag::maximum_in_last_year),
    both(Flag::non_closing_balance, Flag::too_few_years),
    both(Flag::non_closing_balance, Flag::maximum_in_last_year),
    both(Flag::too_few_years, Flag::maximum_in_last_year),
    both(Flag::clipped_level, Flag::too_few_years),
    both(Flag::extrapolated, Flag::assumed_input),
};

FlagClass class_of(core::FlagBits value) {
  FlagClass result;
  result.bits = value;
  if (value == 0) {
    result.colour = {0xF2, 0xF2, 0xEE};
    result.label = "no remark";
    return result;
  }
  core::FlagBits unnamed = value;
  for (const core::FlagMeaning& meaning : core::flag_meanings) {
    if (!has(value, meaning.flag)) continue;
    unnamed = static_cast<core::FlagBits>(unnamed & ~bits(meaning.flag));
    result.label += (result.label.empty() ? "" : " + ") + flag_label(meaning.name);
  }
  if (unnamed != 0)
    result.label += (result.label.empty() ? "unknown bits " : " + unknown bits ") + std::to_string(unnamed);
  const auto gravest = std::find_if(colours.begin(), colours.end(),
                                    [&](const FlagColour& entry) { return has(value, entry.flag); });
  result.colour = gravest == colours.end() ? Rgb{0xFF, 0x00, 0xFF} : gravest->colour;
  return result;
}

}  // namespace

std::string flag_label(std::string_view name) {
  std::string label(name);
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

std::vector<FlagClass> flag_classes(std::span<const core::FlagBits> found) {
  std::set<core::FlagBits> values{0};
  for (const core::FlagMeaning& meaning : core::flag_meanings) values.insert(bits(meaning.flag));
  values.insert(common_combinations.begin(), common_combinations.end());
  values.insert(found.begin(), found.end());
  std::vector<FlagClass> classes;
  for (const core::FlagBits value : values) classes.push_back(class_of(value));
  return classes;
}

}  // namespace rootzone::pipeline
