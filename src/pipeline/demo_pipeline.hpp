#pragma once
#include <string>

#include "demo_context.hpp"

namespace rootzone::pipeline {

/// The shipped pipelines/demo.toml for a demo's own folder: paths beside it instead of in ../demo/, and the
/// days this demo has.
/// Throws Error(usage) if the shipped file is not found, Error(internal) if it is not worded as expected
/// here.
std::string demo_pipeline(const DemoContext& context);

}  // namespace rootzone::pipeline
