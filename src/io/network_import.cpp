#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "network_matrices.hpp"
#include "network_netcdf.hpp"
#include "rootzone/core/error.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/network_file.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;
using sptf::Network;

namespace fs = std::filesystem;

/// Where plain matrices come from.
class MatrixSource {
 public:
  explicit MatrixSource(fs::path path) : m_path(std::move(path)) {
    if (!fs::exists(m_path))
      throw Error(ErrorKind::data, m_path.string() + ": there is no such file or folder");
    if (!fs::is_directory(m_path)) m_netcdf.emplace(m_path);
  }
  bool has(const std::string& name) const {
    return m_netcdf ? m_netcdf->has(name) : fs::exists(m_path / (name + ".csv"));
  }
  NetworkMatrix matrix(const std::string& name) const {
    return m_netcdf ? m_netcdf->matrix(name) : read_csv(name);
  }

 private:
  NetworkMatrix read_csv(const std::string& name) const;
  fs::path m_path;
  std::optional<NetworkNetcdf> m_netcdf;
};

/// Rows of numbers without a header, separated by commas, semicolons or blanks, as every program writes them.
std::vector<std::vector<double>> read_number_rows(const fs::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(ErrorKind::data, "cannot read " + path.string());
  std::vector<std::vector<double>> rows;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == ',' || c == ';' || c == '\t' || c == '\r'; }, ' ');
    std::istringstream words(line);
    std::vector<double> row;
    for (std::string word; words >> word;) {
      const auto value = parse_number(word);
      if (!value)
        throw Error(ErrorKind::data, path.string() + ", line " + std::to_string(number) +
                                         ": expected numbers without a header, found '" + word + "'");
      row.push_back(*value);
    }
    if (!row.empty()) rows.push_back(std::move(row));
  }
  if (rows.empty()) throw Error(ErrorKind::data, path.string() + ": holds no numbers");
  return rows;
}

NetworkMatrix MatrixSource::read_csv(const std::string& name) const {
  const fs::path file = m_path / (name + ".csv");
  if (!fs::exists(file))
    throw Error(ErrorKind::data, m_path.string() + ": the file " + name +
                                     ".csv is missing; expected input_weights, "
                                     "recurrent_weights, gate_bias, output_weights and output_bias");
  NetworkMatrix matrix{name};
  for (const std::vector<double>& row : read_number_rows(file)) {
    if (matrix.rows > 0 && static_cast<std::int64_t>(row.size()) != matrix.cols)
      throw Error(ErrorKind::data, file.string() + ": row " + std::to_string(matrix.rows + 1) + " has " +
                                       std::to_string(row.size()) + " numbers, the rows before it " +
                                       std::to_string(matrix.cols));
    matrix.cols = static_cast<std::int64_t>(row.size());
    ++matrix.rows;
    matrix.values.insert(matrix.values.end(), row.begin(), row.end());
  }
  return matrix;
}

/// A vector may stand in a row as well as in a column.
NetworkMatrix vector_of(NetworkMatrix matrix) {
  if (matrix.rows == 1 && matrix.cols > 1) std::swap(matrix.rows, matrix.cols);
  return matrix;
}

NetworkMatrix gate_bias(const MatrixSource& source, const std::string& where) {
  if (source.has("gate_bias") || !source.has("input_bias")) return vector_of(source.matrix("gate_bias"));
  NetworkMatrix sum = vector_of(source.matrix("input_bias"));
  const NetworkMatrix other = vector_of(source.matrix("recurrent_bias"));
  if (sum.rows != other.rows || sum.cols != other.cols)
    throw Error(ErrorKind::data, where + ": input_bias and recurrent_bias differ in length");
  sum.name = "gate_bias";
  for (std::size_t i = 0; i < sum.values.size(); ++i) sum.values[i] += other.values[i];
  return sum;
}

bool yes_or_no(const CsvTable& table, std::size_t row, std::size_t column, const std::string& yes,
               const std::string& no) {
  const std::string& text = table.text(row, column);
  if (text != yes && text != no)
    throw Error(ErrorKind::data, table.name() + ", line " + std::to_string(table.line(row)) + ": expected '" +
                                     yes + "' or '" + no + "', found '" + text + "'");
  return text == yes;
}

std::vector<sptf::NetworkInput> read_input_table(const fs::path& path) {
  const CsvTable table = CsvTable::read(path);
  std::vector<sptf::NetworkInput> inputs;
  for (std::size_t row = 0; row < table.rows(); ++row)
    inputs.push_back({table.text(row, table.column("name")), table.text(row, table.column("units")),
                      yes_or_no(table, row, table.column("kind"), "constant", "daily"),
                      table.number(row, table.column("offset")), table.number(row, table.column("scale"))});
  return inputs;
}

std::vector<sptf::NetworkOutput> read_output_table(const fs::path& path) {
  const CsvTable table = CsvTable::read(path);
  std::vector<sptf::NetworkOutput> outputs;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool linear = yes_or_no(table, row, table.column("scale"), "linear", "logarithmic");
    outputs.push_back({table.text(row, table.column("name")), table.text(row, table.column("units")),
                       linear ? sptf::OutputScale::linear : sptf::OutputScale::logarithmic,
                       table.number(row, table.column("at_zero")), table.number(row, table.column("at_one")),
                       yes_or_no(table, row, table.column("raised_by"), "surface_soil_moisture", "")});
  }
  return outputs;
}

void check_gates(const std::string& gates) {
  std::string sorted = gates;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != "fgio")
    throw Error(
        ErrorKind::usage,
        "gates: expected a permutation of ifgo, the order of the gates in the rows; found '" + gates + "'");
}

}  // namespace

Network import_network(const fs::path& path, const NetworkImport& settings) {
  check_gates(settings.gates);
  const MatrixSource source(path);
  Network network;
  network.model = settings.model;
  network.readout.aggregation = settings.aggregation;
  network.inputs = settings.inputs.empty() ? sptf::published_inputs() : read_input_table(settings.inputs);
  network.outputs = settings.outputs.empty() ? sptf::published_outputs(settings.model)
                                             : read_output_table(settings.outputs);
  network.title = settings.title;
  network.training = settings.training;
  network.data = settings.data;
  NetworkMatrices matrices;
  matrices.input_weights = source.matrix("input_weights");
  matrices.recurrent_weights = source.matrix("recurrent_weights");
  matrices.gate_bias = gate_bias(source, path.string());
  matrices.output_weights = source.matrix("output_weights");
  matrices.output_bias = vector_of(source.matrix("output_bias"));
  set_weights(network, matrices, settings.gates, path.string());
  try {
    network.validate();
  } catch (Error& error) {
    error.add_context(path.string());
    throw;
  }
  return network;
}

}  // namespace rootzone::io
