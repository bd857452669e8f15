#include "counters.hpp"

#include <bit>
#include <cmath>

namespace rootzone::engine {

void Counter::count(std::span<const float> cells, std::span<const core::FlagBits> flags) {
  values += static_cast<std::int64_t>(cells.size());
  std::int64_t absent = 0;
  for (const float cell : cells) absent += std::isnan(cell) ? 1 : 0;
  missing += absent;
  for (const core::FlagBits raised : flags)
    for (unsigned rest = raised; rest != 0; rest &= rest - 1)
      ++by_bit[static_cast<std::size_t>(std::countr_zero(rest))];
}

void Counter::add(const Counter& other) {
  values += other.values;
  missing += other.missing;
  for (std::size_t bit = 0; bit < by_bit.size(); ++bit) by_bit[bit] += other.by_bit[bit];
}

FlagCounts Counter::named() const {
  FlagCounts counts{values, missing, {}};
  for (const core::FlagMeaning& meaning : core::flag_meanings)
    counts.by_flag[std::string(meaning.name)] =
        by_bit[static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(core::bits(meaning.flag))))];
  return counts;
}

}  // namespace rootzone::engine
