#include "netcdf_member.hpp"

namespace rootzone::io {
namespace {

/// `units`, or what some writers call it.
std::string declared_units(const NetcdfFile& file, const NetcdfVariable& variable) {
  for (const char* name : {"units", "unit", "Units"})
    if (auto text = file.text(variable, name)) return *text;
  return {};
}

}  // namespace

NetcdfMember read_member(const std::filesystem::path& path, const InputSpec& spec) {
  const NetcdfFile file(path);
  NetcdfMember member;
  member.path = path;
  member.variable = choose_variable(file, spec.variable);
  member.grid = read_grid(file, member.variable, spec, member.warnings);
  member.layout = member.grid.layout;
  member.times = read_times(file, member.variable, member.layout, spec, member.warnings);
  member.rules = value_rules(file, member.variable, spec, member.warnings);
  member.decoder = make_value_decoder(member.rules);
  member.units = spec.units.empty() ? declared_units(file, member.variable) : spec.units;
  if (member.variable.fill_value)
    member.fill = stored_bytes(*member.variable.fill_value, member.variable.type);
  // Without a fill value nobody knows what a missing chunk holds: netCDF-C may say.
  member.try_chunks = file.is_hdf5() && !member.variable.chunks.empty() && !member.fill.empty();
  return member;
}

}  // namespace rootzone::io
