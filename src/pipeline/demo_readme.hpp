#pragma once
#include <string>

#include "demo_context.hpp"

namespace rootzone::pipeline {

/// The README.md of a demo folder: what each file is, its CRS, units, form and traps.
std::string demo_readme(const DemoContext& context);

}  // namespace rootzone::pipeline
