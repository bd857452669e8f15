#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sptf_variables.hpp"
#include "stage_context.hpp"

namespace rootzone::pipeline {

/// Another map of something the stage estimates, to set beside it.
struct SptfReference {
  std::size_t variable = 0;  ///< position in sptf_variables()
  PixelParameter values;
  bool as_ratio = false;  ///< compared by quotient, not by difference: α, Ks
};

/// What the stage was asked for.
struct SptfJob {
  explicit SptfJob(const core::TimeAxis& days) : time(days) {}

  std::string weights;  ///< as the pipeline names it
  sptf::Network network;
  sptf::InstructionSet instruction_set = sptf::InstructionSet::sse;
  std::int64_t minimum_days = 10;
  core::TimeAxis time;
  std::int64_t cells = 0;
  std::vector<std::string> daily;         ///< inputs by name, in the order of Predictor::daily_variables
  std::vector<PixelParameter> constants;  ///< in the order of Predictor::constant_variables
  std::vector<SptfVariable> variables;
  std::string suffix;
  std::vector<SptfReference> references;
  std::string reference_title;
};

SptfJob read_sptf_job(const nlohmann::json& settings, StageContext& context);

}  // namespace rootzone::pipeline
