#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "netcdf_file.hpp"
#include "network_matrices.hpp"

namespace rootzone::io {

/// What both readers of networks ask of a NetCDF file; every failure names the file and the variable.
class NetworkNetcdf {
 public:
  explicit NetworkNetcdf(const std::filesystem::path& path) : m_file(path) {}

  const NetcdfFile& file() const { return m_file; }
  bool has(const std::string& variable) const { return m_file.find(variable) != nullptr; }
  /// One or two dimensions; a vector becomes one column.
  NetworkMatrix matrix(const std::string& variable) const;
  /// Numbers of a one-dimensional variable.
  std::vector<double> numbers(const std::string& variable, std::size_t expected) const;
  std::vector<std::string> texts(const std::string& variable, std::size_t expected) const;
  std::size_t length(const std::string& variable) const;
  /// A global attribute; Error(data) if it is absent and needed, else "".
  std::string attribute(const char* name, bool needed) const;
  double number_attribute(const char* name) const;

 private:
  const NetcdfVariable& require(const std::string& variable) const;
  NetcdfFile m_file;
};

}  // namespace rootzone::io
