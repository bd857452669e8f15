#include "network_netcdf.hpp"

#include <netcdf.h>

#include "rootzone/core/error.hpp"
#include "rootzone/core/suggest.hpp"
#include "rootzone/io/library_lock.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

[[noreturn]] void refuse(const NetcdfFile& file, const std::string& where, const std::string& what) {
  throw Error(ErrorKind::data, file.path().string() + ", " + where + ": " + what);
}

void check_length(const NetcdfFile& file, const NetcdfVariable& variable, std::size_t expected) {
  if (variable.lengths.size() != 1 || static_cast<std::size_t>(variable.lengths[0]) != expected)
    refuse(file, variable.name, "expected " + std::to_string(expected) + " values in one dimension");
}

}  // namespace

const NetcdfVariable& NetworkNetcdf::require(const std::string& name) const {
  if (const NetcdfVariable* found = m_file.find(name)) return *found;
  std::vector<std::string> names;
  for (const NetcdfVariable& variable : m_file.variables()) names.push_back(variable.name);
  throw Error(ErrorKind::data, m_file.path().string() + ": the variable '" + name + "' is missing." +
                                   core::did_you_mean(name, names));
}

std::size_t NetworkNetcdf::length(const std::string& name) const {
  const NetcdfVariable& variable = require(name);
  if (variable.lengths.size() != 1) refuse(m_file, name, "expected one dimension");
  return static_cast<std::size_t>(variable.lengths[0]);
}

NetworkMatrix NetworkNetcdf::matrix(const std::string& name) const {
  const NetcdfVariable& variable = require(name);
  const std::size_t dimensions = variable.lengths.size();
  if (dimensions != 1 && dimensions != 2)
    refuse(m_file, name, "expected one or two dimensions, found " + std::to_string(dimensions));
  if (stored_size(variable.type) == 0) refuse(m_file, name, "expected numbers");
  return {name, variable.lengths[0], dimensions == 2 ? variable.lengths[1] : 1,
          m_file.read_coordinate(variable)};
}

std::vector<double> NetworkNetcdf::numbers(const std::string& name, std::size_t expected) const {
  const NetcdfVariable& variable = require(name);
  check_length(m_file, variable, expected);
  if (stored_size(variable.type) == 0) refuse(m_file, name, "expected numbers");
  return m_file.read_coordinate(variable);
}

std::vector<std::string> NetworkNetcdf::texts(const std::string& name, std::size_t expected) const {
  const NetcdfVariable& variable = require(name);
  check_length(m_file, variable, expected);
  if (variable.type != NC_STRING) refuse(m_file, name, "expected texts (NC_STRING)");
  const NetcdfLock lock(netcdf_mutex());
  silence_hdf5_errors();
  std::vector<char*> raw(expected, nullptr);
  check_netcdf(nc_get_var_string(variable.group, variable.id, raw.data()), m_file.path(), name,
               "read the texts");
  std::vector<std::string> texts;
  for (const char* text : raw) texts.emplace_back(text == nullptr ? "" : text);
  nc_free_string(raw.size(), raw.data());
  return texts;
}

std::string NetworkNetcdf::attribute(const char* name, bool needed) const {
  NetcdfVariable global;
  global.group = m_file.id();
  global.id = NC_GLOBAL;
  const auto found = m_file.text(global, name);
  if (!found && needed)
    throw Error(ErrorKind::data, m_file.path().string() + ": the global attribute '" + name + "' is missing");
  return found.value_or("");
}

double NetworkNetcdf::number_attribute(const char* name) const {
  NetcdfVariable global;
  global.group = m_file.id();
  global.id = NC_GLOBAL;
  const auto found = m_file.attribute(global, name);
  if (!found || found->numbers.empty())
    throw Error(ErrorKind::data, m_file.path().string() + ": the global attribute '" + name + "' is missing");
  return as_double(found->numbers.front());
}

}  // namespace rootzone::io
