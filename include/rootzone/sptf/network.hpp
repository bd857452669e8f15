#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rootzone/sptf/lstm.hpp"

namespace rootzone::sptf {

/// One input of a network, in the order of its columns. The network sees (value − offset)/scale.
struct NetworkInput {
  std::string name;
  std::string units;
  bool constant = false;  ///< in time
  double offset = 0.0;
  double scale = 1.0;
};

/// How an output in [0, 1] is spread between its two ends: evenly, or evenly in the logarithm (ends of one
/// sign).
enum class OutputScale { linear, logarithmic };

/// One output: a hydraulic parameter.
struct NetworkOutput {
  std::string name;
  std::string units;
  OutputScale scale = OutputScale::linear;
  double at_zero = 0.0;  ///< the parameter where the network says 0
  double at_one = 1.0;
  bool raised_by_observations = false;  ///< at_one is the largest observed surface moisture if that is more
};

/// The hydraulic models that parameters are given for (soil/van_genuchten.hpp, soil/fredlund_xing.hpp).
enum class HydraulicModel { van_genuchten, fredlund_xing };

/// "van_genuchten", "fredlund_xing".
std::string name_of(HydraulicModel model);
/// Also "vgm" and "fxw". Throws Error(usage) for another word.
HydraulicModel hydraulic_model(std::string_view name);

/// A site-specific pedotransfer function: a network with what its numbers mean (docs/sptf-weights.md).
struct Network {
  HydraulicModel model = HydraulicModel::van_genuchten;
  LstmWeights weights;  ///< columns: daily inputs and constant inputs, each in the order of `inputs`
  LstmReadout readout;  ///< sigmoid; mean or last
  std::vector<NetworkInput> inputs;
  std::vector<NetworkOutput> outputs;
  std::string title;
  std::string training;  ///< how it was trained
  std::string data;      ///< on what
  std::vector<std::pair<std::string, double>> scores;

  /// Throws Error(data) saying what is wrong: an unknown, repeated or missing input or output, one with other
  /// units or of the other kind, a range that is none, shapes that do not fit, weights that are not finite.
  void validate() const;
};

/// What a network may ask for: name, units, whether it is constant in time.
struct KnownInput {
  std::string_view name;
  std::string_view units;
  bool constant;
};
const std::vector<KnownInput>& known_inputs();

/// The nine inputs of Qi et al. (2026) in their order, as they come: surface moisture, precipitation, PET,
/// thawed, LAI, sand, silt, clay, bulk density.
std::vector<NetworkInput> published_inputs();
/// The six outputs with the ranges of their Table 1, in the order θs, α, n, Ks, m or θr, H50. Their
/// transformed space is −log10 α, ln n, log10 Ks, log10|H50|: so 0 stands for the largest α and for −50 cm.
std::vector<NetworkOutput> published_outputs(HydraulicModel model);

/// The parameter that an output in [0, 1] stands for. observed_maximum: of the surface moisture, for outputs
/// that it raises; NaN = none. Pure.
double parameter_value(const NetworkOutput& output, double unit, double observed_maximum);

}  // namespace rootzone::sptf
