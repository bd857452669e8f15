#pragma once
#include <vector>

#include "rootzone/pipeline/schema.hpp"

namespace rootzone::pipeline {

// The settings of `rootzone uptake …`, each beside what reads it; docs/uptake.md names every key (tested).
const TableSpec& uptake_experiment_table();
const TableSpec& uptake_sensitivity_table();
const TableSpec& uptake_invert_table();

// Parts that several of them share.
const TableSpec& uptake_soil_table();
const TableSpec& uptake_column_table();
const TableSpec& uptake_errors_table();

}  // namespace rootzone::pipeline
