#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace rootzone::sptf {

/// The instruction sets the LSTM is built for: x86-64-v2, -v3 and -v4. On machines of another kind there is
/// only `sse`, which then stands for plain C++.
enum class InstructionSet { sse, avx2, avx512 };

/// The widest one this machine can run.
InstructionSet best_instruction_set();
/// What this machine can run, narrowest first.
std::vector<InstructionSet> instruction_sets();

/// "sse", "avx2", "avx512".
std::string name_of(InstructionSet set);
/// The set of that name, "auto" for the best. Throws Error(usage) for another word, Error(environment) if
/// this machine cannot run it.
InstructionSet instruction_set(std::string_view name);

}  // namespace rootzone::sptf
