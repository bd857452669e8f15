#include "grid_mapping_attributes.hpp"

#include <ogr_srs_api.h>

#include <cmath>
#include <cstring>

#include "grid_crs.hpp"
#include "rootzone/io/csv.hpp"

namespace rootzone::io {
namespace {

using Attributes = std::vector<std::pair<std::string, CfValue>>;

struct Parameter {
  const char* ogr;
  const char* cf;
};

struct Projection {
  const char* ogr;
  const char* cf;
  std::vector<Parameter> parameters;
};

constexpr Parameter false_easting{SRS_PP_FALSE_EASTING, "false_easting"};
constexpr Parameter false_northing{SRS_PP_FALSE_NORTHING, "false_northing"};

/// CF-1.8, appendix F, against the parameter names of OGC WKT 1.
const std::vector<Projection>& projections() {
  static const std::vector<Projection> table{
      {SRS_PT_TRANSVERSE_MERCATOR,
       "transverse_mercator",
       {{SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
        {SRS_PP_SCALE_FACTOR, "scale_factor_at_central_meridian"},
        false_easting,
        false_northing}},
      {SRS_PT_LAMBERT_AZIMUTHAL_EQUAL_AREA,
       "lambert_azimuthal_equal_area",
       {{SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"},
        {SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_projection_origin"},
        false_easting,
        false_northing}},
      {SRS_PT_AZIMUTHAL_EQUIDISTANT,
       "azimuthal_equidistant",
       {{SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"},
        {SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_projection_origin"},
        false_easting,
        false_northing}},
      {SRS_PT_CYLINDRICAL_EQUAL_AREA,
       "lambert_cylindrical_equal_area",
       {{SRS_PP_STANDARD_PARALLEL_1, "standard_parallel"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
        false_easting,
        false_northing}},
      {SRS_PT_MERCATOR_1SP,
       "mercator",
       {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
        {SRS_PP_SCALE_FACTOR, "scale_factor_at_projection_origin"},
        false_easting,
        false_northing}},
      {SRS_PT_MERCATOR_2SP,
       "mercator",
       {{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
        {SRS_PP_STANDARD_PARALLEL_1, "standard_parallel"},
        false_easting,
        false_northing}},
      {SRS_PT_ORTHOGRAPHIC,
       "orthographic",
       {{SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
        false_easting,
        false_northing}},
      {SRS_PT_STEREOGRAPHIC,
       "stereographic",
       {{SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"},
        {SRS_PP_SCALE_FACTOR, "scale_factor_at_projection_origin"},
        false_easting,
        false_northing}},
      {SRS_PT_SINUSOIDAL,
       "sinusoidal",
       {{SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_projection_origin"}, false_easting, false_northing}},
      {SRS_PT_LAMBERT_CONFORMAL_CONIC_1SP,
       "lambert_conformal_conic",
       {{SRS_PP_LATITUDE_OF_ORIGIN, "standard_parallel"},
        {SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
        false_easting,
        false_northing}},
      {SRS_PT_LAMBERT_CONFORMAL_CONIC_2SP,
       "lambert_conformal_conic",
       {{SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"},
        {SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"},
        false_easting,
        false_northing}},
      {SRS_PT_ALBERS_CONIC_EQUAL_AREA,
       "albers_conical_equal_area",
       {{SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"},
        {SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_central_meridian"},
        false_easting,
        false_northing}},
  };
  return table;
}

/// CF wants the pole, and the standard parallel or the scale factor; WKT 1 keeps the parallel in
/// latitude_of_origin, or ±90 there with a scale factor.
void add_polar_stereographic(const OGRSpatialReference& crs, Attributes& out) {
  const double latitude = crs.GetNormProjParm(SRS_PP_LATITUDE_OF_ORIGIN, 90.0);
  out.emplace_back("grid_mapping_name", std::string("polar_stereographic"));
  out.emplace_back("latitude_of_projection_origin", latitude < 0.0 ? -90.0 : 90.0);
  out.emplace_back("straight_vertical_longitude_from_pole",
                   crs.GetNormProjParm(SRS_PP_CENTRAL_MERIDIAN, 0.0));
  if (std::abs(latitude) < 90.0)
    out.emplace_back("standard_parallel", latitude);
  else
    out.emplace_back("scale_factor_at_projection_origin", crs.GetNormProjParm(SRS_PP_SCALE_FACTOR, 1.0));
  out.emplace_back("false_easting", crs.GetProjParm(SRS_PP_FALSE_EASTING, 0.0));
  out.emplace_back("false_northing", crs.GetProjParm(SRS_PP_FALSE_NORTHING, 0.0));
}

/// Nothing for a projection CF has no name for: crs_wkt alone then carries it.
void add_projection(const OGRSpatialReference& crs, Attributes& out) {
  const char* name = crs.GetAttrValue("PROJECTION");
  if (name == nullptr) return;
  if (std::strcmp(name, SRS_PT_POLAR_STEREOGRAPHIC) == 0) return add_polar_stereographic(crs, out);
  for (const Projection& projection : projections()) {
    if (std::strcmp(name, projection.ogr) != 0) continue;
    out.emplace_back("grid_mapping_name", std::string(projection.cf));
    for (const Parameter& parameter : projection.parameters) {
      const double missing = std::strcmp(parameter.ogr, SRS_PP_SCALE_FACTOR) == 0 ? 1.0 : 0.0;
      const bool length = std::strncmp(parameter.ogr, "false_", 6) == 0;
      out.emplace_back(parameter.cf, length ? crs.GetProjParm(parameter.ogr, missing)
                                            : crs.GetNormProjParm(parameter.ogr, missing));
    }
    // Two parallels are one attribute of two numbers.
    if (std::strcmp(name, SRS_PT_LAMBERT_CONFORMAL_CONIC_2SP) == 0 ||
        std::strcmp(name, SRS_PT_ALBERS_CONIC_EQUAL_AREA) == 0)
      out.emplace_back("standard_parallel",
                       std::vector<double>{crs.GetNormProjParm(SRS_PP_STANDARD_PARALLEL_1, 0.0),
                                           crs.GetNormProjParm(SRS_PP_STANDARD_PARALLEL_2, 0.0)});
    return;
  }
}

void add_ellipsoid(const OGRSpatialReference& crs, Attributes& out) {
  OGRErr result = OGRERR_NONE;
  const double semi_major = crs.GetSemiMajor(&result);
  if (result != OGRERR_NONE) return;
  const double inverse_flattening = crs.GetInvFlattening(&result);
  if (inverse_flattening > 0.0) {
    out.emplace_back("semi_major_axis", semi_major);
    out.emplace_back("inverse_flattening", inverse_flattening);
  } else {
    out.emplace_back("earth_radius", semi_major);
  }
  out.emplace_back("longitude_of_prime_meridian", crs.GetPrimeMeridian());
}

/// UDUNITS' word for the length unit of projected coordinates.
std::string length_unit(const OGRSpatialReference& crs) {
  const char* name = nullptr;
  const double metres = crs.GetLinearUnits(&name);
  if (metres == 1.0) return "m";
  if (metres == 1000.0) return "km";
  if (metres == 0.3048) return "international_foot";
  if (std::abs(metres - 1200.0 / 3937.0) < 1e-12) return "US_survey_foot";
  return shortest_number(metres) + " m";
}

Attributes horizontal(const std::string& standard_name, const std::string& long_name,
                      const std::string& units, const char* axis) {
  Attributes out;
  if (!standard_name.empty()) out.emplace_back("standard_name", standard_name);
  out.emplace_back("long_name", long_name);
  if (!units.empty()) out.emplace_back("units", units);
  out.emplace_back("axis", std::string(axis));
  return out;
}

std::string geo_transform(const core::Grid& grid) {
  return shortest_number(grid.extent().xmin) + " " + shortest_number(grid.dx()) + " 0 " +
         shortest_number(grid.extent().ymax) + " 0 " + shortest_number(-grid.dy());
}

}  // namespace

CfGridMapping cf_grid_mapping(const core::Grid& grid) {
  const OGRSpatialReference crs = crs_of(grid);
  CfGridMapping mapping;
  if (crs.IsEmpty()) {
    mapping.x = horizontal("", "x of the cell centre", "", "X");
    mapping.y = horizontal("", "y of the cell centre", "", "Y");
    return mapping;
  }
  if (crs.IsGeographic()) {
    mapping.attributes.emplace_back("grid_mapping_name", std::string("latitude_longitude"));
    mapping.x = horizontal("longitude", "longitude of the cell centre", "degrees_east", "X");
    mapping.y = horizontal("latitude", "latitude of the cell centre", "degrees_north", "Y");
  } else {
    add_projection(crs, mapping.attributes);
    mapping.x = horizontal("projection_x_coordinate", "x of the cell centre", length_unit(crs), "X");
    mapping.y = horizontal("projection_y_coordinate", "y of the cell centre", length_unit(crs), "Y");
  }
  add_ellipsoid(crs, mapping.attributes);
  mapping.attributes.emplace_back("crs_wkt", wkt_of(crs, "WKT2_2018"));
  // Older readers know WKT 1 only; a CRS that cannot be said in it is left to crs_wkt.
  const std::string wkt1 = wkt_of(crs, "WKT1_GDAL");
  mapping.attributes.emplace_back("spatial_ref", wkt1.empty() ? wkt_of(crs, "WKT2_2018") : wkt1);
  mapping.attributes.emplace_back("GeoTransform", geo_transform(grid));
  return mapping;
}

}  // namespace rootzone::io
