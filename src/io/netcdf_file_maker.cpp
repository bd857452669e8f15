#include "netcdf_file_maker.hpp"

#include <netcdf.h>

#include <utility>

#include "rootzone/core/error.hpp"
#include "system_error.hpp"

namespace rootzone::io {

NetcdfFileMaker::NetcdfFileMaker(std::filesystem::path path) : m_path(std::move(path)) {
  check(nc_create(m_path.c_str(), NC_NETCDF4 | NC_CLOBBER, &m_id), "create it");
  int previous = 0;
  check(nc_set_fill(m_id, NC_FILL, &previous), "set its fill mode");
}

NetcdfFileMaker::~NetcdfFileMaker() {
  if (m_id >= 0) nc_close(m_id);
}

void NetcdfFileMaker::check(int result, const std::string& action) const {
  if (result == NC_NOERR) return;
  throw core::Error(core::ErrorKind::environment, m_path.string() + ": netCDF cannot " + action + ": " +
                                                      reason_to_write(m_path, nc_strerror(result)) + ", " +
                                                      std::to_string(free_bytes(m_path)) +
                                                      " bytes free; check the disk and start again");
}

int NetcdfFileMaker::dimension(const std::string& name, std::int64_t length) {
  int id = -1;
  check(nc_def_dim(m_id, name.c_str(), static_cast<std::size_t>(length), &id),
        "define the dimension " + name);
  return id;
}

int NetcdfFileMaker::variable(const std::string& name, int type, std::span<const int> dimensions) {
  int id = -1;
  check(nc_def_var(m_id, name.c_str(), type, static_cast<int>(dimensions.size()), dimensions.data(), &id),
        "define the variable " + name);
  return id;
}

void NetcdfFileMaker::compress(int variable, std::span<const std::size_t> chunk) {
  check(nc_def_var_chunking(m_id, variable, NC_CHUNKED, chunk.data()), "set chunks");
  check(nc_def_var_deflate(m_id, variable, 1, 1, 1), "set deflate");
}

void NetcdfFileMaker::attribute(int variable, const std::string& name, const CfValue& value) {
  int result = NC_NOERR;
  if (const auto* text = std::get_if<std::string>(&value))
    result = nc_put_att_text(m_id, variable, name.c_str(), text->size(), text->c_str());
  else if (const auto* number = std::get_if<double>(&value))
    result = nc_put_att_double(m_id, variable, name.c_str(), NC_DOUBLE, 1, number);
  else if (const auto* numbers = std::get_if<std::vector<double>>(&value))
    result = nc_put_att_double(m_id, variable, name.c_str(), NC_DOUBLE, numbers->size(), numbers->data());
  check(result, "write the attribute " + name);
}

void NetcdfFileMaker::attributes(int variable, const std::vector<std::pair<std::string, CfValue>>& values) {
  for (const auto& [name, value] : values) attribute(variable, name, value);
}

void NetcdfFileMaker::short_attribute(int variable, const std::string& name,
                                      std::span<const std::int16_t> values) {
  check(nc_put_att_short(m_id, variable, name.c_str(), NC_SHORT, values.size(), values.data()),
        "write the attribute " + name);
}

void NetcdfFileMaker::int_attribute(int variable, const std::string& name, std::span<const int> values) {
  check(nc_put_att_int(m_id, variable, name.c_str(), NC_INT, values.size(), values.data()),
        "write the attribute " + name);
}

void NetcdfFileMaker::float_attribute(int variable, const std::string& name, float value) {
  check(nc_put_att_float(m_id, variable, name.c_str(), NC_FLOAT, 1, &value), "write the attribute " + name);
}

void NetcdfFileMaker::end_definitions() {
  check(nc_enddef(m_id), "end its definitions");
}

void NetcdfFileMaker::put(int variable, std::span<const double> values) {
  check(nc_put_var_double(m_id, variable, values.data()), "write a coordinate");
}

void NetcdfFileMaker::put(int variable, std::span<const int> values) {
  check(nc_put_var_int(m_id, variable, values.data()), "write a coordinate");
}

void NetcdfFileMaker::put(int variable, std::span<const std::string> texts) {
  std::vector<const char*> raw;
  for (const std::string& text : texts) raw.push_back(text.c_str());
  check(nc_put_var_string(m_id, variable, raw.data()), "write texts");
}

void NetcdfFileMaker::close() {
  const int id = std::exchange(m_id, -1);
  check(nc_close(id), "close it");
}

}  // namespace rootzone::io
