#pragma once
#include "preparation.hpp"
#include "run_record.hpp"

namespace rootzone::pipeline {

/// report.html from what the run left: maps, series, scores, flags, inputs, provenance.
void write_report(const Preparation& job, RunRecord& record);

}  // namespace rootzone::pipeline
