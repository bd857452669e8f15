#pragma once
#include "rootzone/pipeline/schema.hpp"

namespace rootzone::pipeline {

// The tables of the pipeline file, each beside the code that reads it.
const TableSpec& mask_table();
const TableSpec& layer_table();
const TableSpec& input_table();
const TableSpec& calibration_table();
const TableSpec& discharge_table();
const TableSpec& regionalisation_table();
const TableSpec& smar_table();
const TableSpec& exponential_filter_table();
const TableSpec& mass_curve_table();
const TableSpec& sptf_table();
const TableSpec& statistics_table();
const TableSpec& pedotransfer_table();

}  // namespace rootzone::pipeline
