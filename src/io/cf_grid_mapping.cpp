#include "cf_grid_mapping.hpp"

#include <cpl_error.h>
#include <ogr_spatialref.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

namespace rootzone::io {
namespace {

/// Shortest text that reads back as the same number, whatever the locale.
std::string exact(double value) {
  std::array<char, 40> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// The parameters of one mapping, turned into a PROJ string: PROJ is the one place that knows every method.
class MappingReader {
 public:
  MappingReader(const NetcdfFile& file, const NetcdfVariable& mapping) : m_file(file), m_mapping(mapping) {}

  std::optional<double> number(const char* name, std::size_t index = 0) const {
    const auto attribute = m_file.attribute(m_mapping, name);
    if (!attribute || attribute->numbers.size() <= index) return {};
    return as_double(attribute->numbers[index]);
  }
  std::string text(const char* name) const { return m_file.text(m_mapping, name).value_or(""); }

  std::string ellipsoid() const {
    const auto radius = number("earth_radius");
    const auto major = number("semi_major_axis");
    std::string shape = " +ellps=WGS84";
    if (major && number("inverse_flattening") && *number("inverse_flattening") > 0.0)
      shape = " +a=" + exact(*major) + " +rf=" + exact(*number("inverse_flattening"));
    else if (major && number("semi_minor_axis"))
      shape = " +a=" + exact(*major) + " +b=" + exact(*number("semi_minor_axis"));
    else if (radius || major)
      shape = " +R=" + exact(radius ? *radius : *major);
    else if (const std::string datum = text("horizontal_datum_name");
             datum.empty() || datum.find("84") != std::string::npos)
      shape = " +datum=WGS84";
    else if (datum.find("ETRS") != std::string::npos ||
             text("reference_ellipsoid_name").find("GRS") != std::string::npos)
      shape = " +ellps=GRS80";
    if (const auto meridian = number("longitude_of_prime_meridian"); meridian && *meridian != 0.0)
      shape += " +pm=" + exact(*meridian);
    return shape;
  }

  std::string common(const char* longitude) const {
    return parameter("lon_0", longitude) + parameter("lat_0", "latitude_of_projection_origin") +
           parameter("x_0", "false_easting") + parameter("y_0", "false_northing") + ellipsoid() +
           " +units=m +no_defs +type=crs";
  }
  std::string parameter(const char* proj, const char* cf) const {
    const auto value = number(cf);
    return value ? std::string(" +") + proj + "=" + exact(*value) : std::string();
  }
  std::string parallels() const {
    const auto first = number("standard_parallel");
    if (!first) return {};
    const auto second = number("standard_parallel", 1);
    return " +lat_1=" + exact(*first) + (second ? " +lat_2=" + exact(*second) : std::string());
  }
  std::string scale(const char* cf) const { return parameter("k_0", cf); }
  /// True latitude of cylindrical and polar methods.
  std::string true_scale() const {
    const auto parallel = number("standard_parallel");
    return parallel ? " +lat_ts=" + exact(*parallel) : std::string();
  }

 private:
  const NetcdfFile& m_file;
  const NetcdfVariable& m_mapping;
};

std::string rotated_pole(const MappingReader& mapping) {
  const auto latitude = mapping.number("grid_north_pole_latitude");
  const auto longitude = mapping.number("grid_north_pole_longitude");
  if (!latitude || !longitude) return {};
  const double own = mapping.number("north_pole_grid_longitude").value_or(0.0);
  return "+proj=ob_tran +o_proj=longlat +o_lon_p=" + exact(own) + " +o_lat_p=" + exact(*latitude) +
         " +lon_0=" + exact(180.0 + *longitude) + mapping.ellipsoid() + " +no_defs +type=crs";
}

std::string polar_stereographic(const MappingReader& mapping) {
  const char* meridian = mapping.number("straight_vertical_longitude_from_pole")
                             ? "straight_vertical_longitude_from_pole"
                             : "longitude_of_projection_origin";
  std::string text =
      "+proj=stere" + mapping.true_scale() + mapping.scale("scale_factor_at_projection_origin");
  if (!mapping.number("latitude_of_projection_origin"))
    text += mapping.number("standard_parallel").value_or(90.0) < 0.0 ? " +lat_0=-90" : " +lat_0=90";
  return text + mapping.common(meridian);
}

std::string proj_string(const std::string& name, const MappingReader& mapping) {
  const char* central = "longitude_of_central_meridian";
  const char* origin = "longitude_of_projection_origin";
  if (name == "latitude_longitude") return "+proj=longlat" + mapping.ellipsoid() + " +no_defs +type=crs";
  if (name == "rotated_latitude_longitude") return rotated_pole(mapping);
  if (name == "albers_conical_equal_area") return "+proj=aea" + mapping.parallels() + mapping.common(central);
  if (name == "azimuthal_equidistant") return "+proj=aeqd" + mapping.common(origin);
  if (name == "lambert_azimuthal_equal_area") return "+proj=laea" + mapping.common(origin);
  if (name == "lambert_conformal_conic") return "+proj=lcc" + mapping.parallels() + mapping.common(central);
  if (name == "lambert_cylindrical_equal_area")
    return "+proj=cea" + mapping.true_scale() + mapping.common(central);
  if (name == "mercator")
    return "+proj=merc" + mapping.true_scale() + mapping.scale("scale_factor_at_projection_origin") +
           mapping.common(origin);
  if (name == "polar_stereographic") return polar_stereographic(mapping);
  if (name == "sinusoidal") return "+proj=sinu" + mapping.common(mapping.number(origin) ? origin : central);
  if (name == "stereographic")
    return "+proj=stere" + mapping.scale("scale_factor_at_projection_origin") + mapping.common(origin);
  if (name == "transverse_mercator")
    return "+proj=tmerc" + mapping.scale("scale_factor_at_central_meridian") + mapping.common(central);
  return {};
}

}  // namespace

std::string crs_from_cf_parameters(const NetcdfFile& file, const NetcdfVariable& mapping,
                                   OGRSpatialReference& crs) {
  const MappingReader reader(file, mapping);
  const std::string name = reader.text("grid_mapping_name");
  if (name.empty()) return "it has neither crs_wkt nor grid_mapping_name";
  const std::string text = proj_string(name, reader);
  if (text.empty()) return "grid_mapping_name \"" + name + "\" is unknown or lacks parameters";
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr status = crs.SetFromUserInput(text.c_str());
  CPLPopErrorHandler();
  return status == OGRERR_NONE ? "" : "PROJ does not understand \"" + text + "\"";
}

}  // namespace rootzone::io
