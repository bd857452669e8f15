#include "rootzone/sptf/instruction_set.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lstm_kernel.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::sptf {
namespace {

constexpr std::array<std::pair<InstructionSet, const char*>, 3> names{
    {{InstructionSet::sse, "sse"}, {InstructionSet::avx2, "avx2"}, {InstructionSet::avx512, "avx512"}}};

#if defined(__x86_64__)
bool runs_here(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx2:  // x86-64-v3
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    case InstructionSet::avx512:  // x86-64-v4
      return runs_here(InstructionSet::avx2) && __builtin_cpu_supports("avx512f") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    case InstructionSet::sse:  // x86-64-v2
      break;
  }
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
}
#else
bool runs_here(InstructionSet set) {
  return set == InstructionSet::sse;
}
#endif

LstmKernel make_kernel(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx512) return avx512_lstm_kernel();
  if (set == InstructionSet::avx2) return avx2_lstm_kernel();
#else
  static_cast<void>(set);
#endif
  return sse_lstm_kernel();
}

}  // namespace

std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets;
  for (const auto& [set, name] : names)
    if (runs_here(set)) sets.push_back(set);
  return sets;
}

InstructionSet best_instruction_set() {
  const std::vector<InstructionSet> sets = instruction_sets();
  if (sets.empty())
    throw core::Error(core::ErrorKind::environment,
                      "this processor lacks SSE 4.2, which the network's arithmetic needs (x86-64-v2)");
  return sets.back();
}

std::string name_of(InstructionSet set) {
  return names[static_cast<std::size_t>(set)].second;
}

InstructionSet instruction_set(std::string_view name) {
  if (name == "auto") return best_instruction_set();
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const auto& entry) { return name == entry.second; });
  if (found == names.end())
    throw core::Error(core::ErrorKind::usage, "instruction set: expected auto, sse, avx2 or avx512, found '" +
                                                  std::string(name) + "'");
  if (!runs_here(found->first))
    throw core::Error(core::ErrorKind::environment,
                      "instruction set '" + std::string(name) +
                          "': this machine has it not; the best it can run is '" +
                          name_of(best_instruction_set()) + "'");
  return found->first;
}

const LstmKernel& lstm_kernel(InstructionSet set) {
  if (set == InstructionSet::avx512) {
    static const LstmKernel kernel = make_kernel(InstructionSet::avx512);
    return kernel;
  }
  if (set == InstructionSet::avx2) {
    static const LstmKernel kernel = make_kernel(InstructionSet::avx2);
    return kernel;
  }
  static const LstmKernel kernel = make_kernel(InstructionSet::sse);
  return kernel;
}

}  // namespace rootzone::sptf
