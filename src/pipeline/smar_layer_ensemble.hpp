#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "smar_ensemble.hpp"

namespace rootzone::pipeline {

/// The settings of a SMAR stage for one member of `ensemble_layers`: each soil layer, parameter and loss
/// named X is X_<member> where there is such a layer. Error(usage) if none of them has one: the member would
/// be the plain run.
nlohmann::json member_settings(const nlohmann::json& settings, const std::string& member,
                               const InputCatalog& catalog);

/// Make a member that misses values in some cells safe to run beside the others: when a surface was last seen
/// must not hang on the member, so where its surface porosity is missing the plain run's stands in and the
/// member stays unusable.
void fill_surface_porosity(SmarMember& member, const std::vector<float>& plain);

}  // namespace rootzone::pipeline
