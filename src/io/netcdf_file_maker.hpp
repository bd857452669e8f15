#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "grid_mapping_attributes.hpp"

namespace rootzone::io {

/// A netCDF-4 file in the making: dimensions, variables and attributes by name, every return code checked.
/// Hold NetcdfLock for its whole life. Throws Error(environment) naming the file and netCDF's reason.
class NetcdfFileMaker {
 public:
  /// Replaces a file that is there.
  explicit NetcdfFileMaker(std::filesystem::path path);
  ~NetcdfFileMaker();
  NetcdfFileMaker(const NetcdfFileMaker&) = delete;
  NetcdfFileMaker& operator=(const NetcdfFileMaker&) = delete;

  int dimension(const std::string& name, std::int64_t length);
  int variable(const std::string& name, int type, std::span<const int> dimensions);
  /// Chunked, shuffle + deflate 1.
  void compress(int variable, std::span<const std::size_t> chunk);
  void attribute(int variable, const std::string& name, const CfValue& value);
  void attributes(int variable, const std::vector<std::pair<std::string, CfValue>>& values);
  void short_attribute(int variable, const std::string& name, std::span<const std::int16_t> values);
  void int_attribute(int variable, const std::string& name, std::span<const int> values);
  void float_attribute(int variable, const std::string& name, float value);
  void end_definitions();
  void put(int variable, std::span<const double> values);
  void put(int variable, std::span<const int> values);
  void put(int variable, std::span<const std::string> texts);
  /// Closing writes: its failure is an error, unlike that of the destructor.
  void close();

 private:
  void check(int result, const std::string& action) const;
  std::filesystem::path m_path;
  int m_id = -1;
};

}  // namespace rootzone::io
