#pragma once
#include <filesystem>

#include "rootzone/sptf/network.hpp"

namespace rootzone::io {

/// Write a network as NetCDF-4, whole or not at all (docs/sptf-weights.md describes the file). The bytes
/// depend on the network alone. Throws Error(data) if the network does not validate, Error(environment) if it
/// cannot be written.
void write_network(const std::filesystem::path& path, const sptf::Network& network);

/// Read such a file. Throws Error(data) naming the file and the variable, dimension or attribute that is
/// missing, of another shape or type, or says what cannot be.
sptf::Network read_network(const std::filesystem::path& path);

/// What plain matrices do not say of themselves, for import_network().
struct NetworkImport {
  sptf::HydraulicModel model = sptf::HydraulicModel::van_genuchten;
  sptf::Aggregation aggregation = sptf::Aggregation::mean;
  /// Order of the gates in the rows of the matrices: a permutation of i, f, g, o.
  std::string gates = "ifgo";
  std::filesystem::path
      inputs;  ///< CSV name,units,kind,offset,scale; empty: the nine published inputs as they come
  std::filesystem::path outputs;  ///< CSV name,units,scale,at_zero,at_one,raised_by; empty: Table 1
  std::string title;
  std::string training;
  std::string data;
};

/// Make a network from plain matrices: a NetCDF file with the variables, or a folder with headerless CSV
/// files of the names, input_weights [4·hidden × inputs], recurrent_weights [4·hidden × hidden], gate_bias
/// [4·hidden] (or input_bias and recurrent_bias, which are added), output_weights [outputs × hidden],
/// output_bias [outputs]. Throws Error(data) naming what is missing or of another shape than the rest says;
/// Error(usage) for gates that are no permutation.
sptf::Network import_network(const std::filesystem::path& path, const NetworkImport& settings);

}  // namespace rootzone::io
