#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace rootzone::core {

/// Reasons a pixel and date carries beside its value; bits may be combined. CF `flag_masks`.
enum class Flag : std::uint16_t {
  input_missing = 1,
  gap_filled = 2,
  spinning_up = 4,
  capped = 8,
  clipped_parameter = 16,
  not_applicable = 32,
  non_closing_balance = 64,
  too_few_years = 128,
  extrapolated = 256,
  clipped_level = 512,          ///< a negative return level was set to 0
  maximum_in_last_year = 1024,  ///< the record's maximum deficit lies in its last year: it may still grow
  assumed_input = 2048,         ///< a constant stands for an input that is not mapped
  few_observations = 4096       ///< the value stands on few observed days
};

using FlagBits = std::uint16_t;

constexpr FlagBits bits(Flag flag) {
  return static_cast<FlagBits>(flag);
}
constexpr void raise(FlagBits& flags, Flag flag) {
  flags = static_cast<FlagBits>(flags | bits(flag));
}
constexpr bool has(FlagBits flags, Flag flag) {
  return (flags & bits(flag)) != 0;
}

struct FlagMeaning {
  Flag flag;
  std::string_view name;         ///< CF flag_meanings word
  std::string_view description;  ///< a sentence for reports
};

inline constexpr std::array<FlagMeaning, 13> flag_meanings{{
    {Flag::input_missing, "input_missing", "no input value on this day"},
    {Flag::gap_filled, "gap_filled", "the value stands on a filled gap in the input"},
    {Flag::spinning_up, "spinning_up", "the initial state still matters"},
    {Flag::capped, "capped", "the value was cut at its physical limit"},
    {Flag::clipped_parameter, "clipped_parameter", "a parameter was moved to its bound"},
    {Flag::not_applicable, "not_applicable", "the method's assumptions do not hold here"},
    {Flag::non_closing_balance, "non_closing_balance", "outflow exceeds inflow over the record"},
    {Flag::too_few_years, "too_few_years", "fewer valid years than asked for"},
    {Flag::extrapolated, "extrapolated", "a predictor lies outside the range the method was fitted on"},
    {Flag::clipped_level, "clipped_level", "a negative return level was set to zero"},
    {Flag::maximum_in_last_year, "maximum_in_last_year", "the record maximum lies in the last year"},
    {Flag::assumed_input, "assumed_input", "a constant stands for an input that is not mapped"},
    {Flag::few_observations, "few_observations", "the value stands on few observed days"},
}};

}  // namespace rootzone::core
