#include "lane_batch.hpp"

namespace rootzone::soil {

InstructionSet best_instruction_set() {
#if defined(ROOTZONE_COLUMN_X86)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2")) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

ColumnKernel column_kernel(ModelKind model, [[maybe_unused]] InstructionSet set) {
#if defined(ROOTZONE_COLUMN_X86)
  if (set == InstructionSet::avx512) return avx512_column_kernel(model);
  if (set == InstructionSet::avx2) return avx2_column_kernel(model);
#endif
  return baseline_column_kernel(model);
}

}  // namespace rootzone::soil
