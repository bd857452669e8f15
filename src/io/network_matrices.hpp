#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "rootzone/sptf/network.hpp"

namespace rootzone::io {

/// A matrix as a file holds it; a vector has one column.
struct NetworkMatrix {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t cols = 1;
  std::vector<double> values{};  ///< row-major

  double at(std::int64_t row, std::int64_t col) const {
    return values[static_cast<std::size_t>(row * cols + col)];
  }
};

/// The matrices of a network, columns of input_weights in the order of its inputs.
struct NetworkMatrices {
  NetworkMatrix input_weights{"input_weights"};
  NetworkMatrix recurrent_weights{"recurrent_weights"};
  NetworkMatrix gate_bias{"gate_bias"};
  NetworkMatrix output_weights{"output_weights"};
  NetworkMatrix output_bias{"output_bias"};
};

/// Put matrices into the network's weights, whose inputs and outputs are known already. gates: the order of
/// the gates in the rows. where: the file, for messages. Throws Error(data) naming the matrix, its shape and
/// the one expected.
void set_weights(sptf::Network& network, const NetworkMatrices& matrices, const std::string& gates,
                 const std::string& where);
NetworkMatrices matrices_of(const sptf::Network& network);

}  // namespace rootzone::io
