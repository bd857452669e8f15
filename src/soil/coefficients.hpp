#pragma once
#include "brooks_corey_formulas.hpp"
#include "fredlund_xing_formulas.hpp"
#include "rootzone/soil/hydraulic_model.hpp"
#include "van_genuchten_formulas.hpp"

namespace rootzone::soil {

/// Put a soil's numbers, the ones for derivatives among them, where the formulas look for them.
/// `coefficients` holds as many doubles as the formulas' `count`.
void van_genuchten_coefficients(const VanGenuchten& soil, double* coefficients);
void fredlund_xing_coefficients(const FredlundXing& soil, double* coefficients);
void brooks_corey_coefficients(const BrooksCorey& soil, double* coefficients);

}  // namespace rootzone::soil
