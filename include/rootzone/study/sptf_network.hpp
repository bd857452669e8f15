#pragma once
#include <functional>
#include <span>
#include <vector>

#include "rootzone/core/parallel.hpp"
#include "rootzone/sptf/network.hpp"
#include "rootzone/study/sptf_inputs.hpp"
#include "rootzone/study/sptf_parameters.hpp"

namespace rootzone::study {

SptfModel sptf_model_of(sptf::HydraulicModel model);

/// A trained network with what its numbers mean: the inputs of sptf_inputs.hpp, the outputs of Table 1. Words
/// on its training and scores are left to the caller.
sptf::Network make_network(SptfModel model, const sptf::LstmWeights& weights);

/// Unit parameters at windows of so many days each; θs ceilings are those of the windows' own observations.
using WindowPredictor =
    std::function<std::vector<SptfParameters>(std::span<const InputWindow> windows, std::size_t days)>;

/// Any network, also one trained elsewhere, applied as `sptf::Predictor` does. network must outlive what is
/// returned. A site without a usable day has NaN parameters. The same bytes for any parallel_for.
WindowPredictor network_predictor(const sptf::Network& network, core::ParallelFor parallel_for);

/// θs ceiling of a window.
double window_ceiling(const InputWindow& window, std::size_t days);

}  // namespace rootzone::study
