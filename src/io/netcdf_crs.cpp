#include "netcdf_crs.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>

#include "cf_grid_mapping.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

struct FoundCrs {
  OGRSpatialReference crs;
  std::string origin;  ///< "crs_wkt of crs", for the note
};

/// GDAL would print its own complaint; ours names the file.
class QuietGdal {
 public:
  QuietGdal() { CPLPushErrorHandler(CPLQuietErrorHandler); }
  ~QuietGdal() { CPLPopErrorHandler(); }
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
};

std::string place(const NetcdfFile& file, const NetcdfVariable& variable) {
  return file.path().string() + ", " + variable.name;
}

std::optional<FoundCrs> from_text(const std::string& text, const std::string& origin, bool is_esri) {
  FoundCrs found{OGRSpatialReference(), origin};
  const QuietGdal quiet;
  // ESRI's WKT has names of its own for projections and datums.
  if (found.crs.SetFromUserInput(((is_esri ? "ESRI::" : "") + text).c_str()) != OGRERR_NONE) return {};
  return found;
}

/// crs_wkt and its older spellings, of a grid mapping or of the variable itself.
std::optional<FoundCrs> from_texts(const NetcdfFile& file, const NetcdfVariable& holder) {
  for (const char* name : {"crs_wkt", "spatial_ref", "esri_pe_string", "epsg_code", "epsg", "proj4",
                           "proj4_params", "proj4text"}) {
    const auto attribute = file.attribute(holder, name);
    if (!attribute) continue;
    std::string text = attribute->text;
    const bool is_code = std::string(name).starts_with("epsg");
    if (is_code && !attribute->numbers.empty())
      text = "EPSG:" + std::to_string(std::lround(as_double(attribute->numbers.front())));
    if (text.empty()) continue;
    if (auto found = from_text(text, std::string(name), std::string(name) == "esri_pe_string")) return found;
  }
  return {};
}

/// The first variable named by grid_mapping: "crs", or "crs: x y other: lat lon".
std::string mapping_name(std::string text) {
  text.erase(std::min(text.find_first_of(": \t"), text.size()));
  return text;
}

std::optional<FoundCrs> from_grid_mapping(const NetcdfFile& file, const NetcdfVariable& variable,
                                          std::vector<std::string>& warnings) {
  const auto attribute = file.text(variable, "grid_mapping");
  if (!attribute || attribute->empty()) return {};
  const std::string name = mapping_name(*attribute);
  const NetcdfVariable* mapping = file.find(name, &variable);
  if (mapping == nullptr) {
    warnings.push_back(place(file, variable) + ": grid_mapping names the variable '" + name +
                       "', which the file does not have");
    return {};
  }
  if (auto found = from_texts(file, *mapping)) {
    found->origin += " of " + name;
    return found;
  }
  FoundCrs found{OGRSpatialReference(), "grid_mapping " + name};
  const std::string problem = crs_from_cf_parameters(file, *mapping, found.crs);
  if (problem.empty()) return found;
  warnings.push_back(place(file, variable) + ": grid_mapping '" + name + "' is not understood: " + problem);
  return {};
}

/// Replace a CRS spelled out by the registered one it is, if PROJ is sure: the products then carry its code.
void identify(OGRSpatialReference& crs) {
  if (crs.GetAuthorityCode(nullptr) != nullptr) return;
  const QuietGdal quiet;
  int count = 0;
  int* confidences = nullptr;
  OGRSpatialReferenceH* matches = crs.FindMatches(nullptr, &count, &confidences);
  if (matches == nullptr) return;
  const bool sure = count > 0 && confidences[0] >= 90 && (count == 1 || confidences[1] < confidences[0]);
  if (sure) crs = *OGRSpatialReference::FromHandle(matches[0]);
  OSRFreeSRSArray(matches);
  CPLFree(confidences);
}

std::string label(const OGRSpatialReference& crs) {
  const char* authority = crs.GetAuthorityName(nullptr);
  const char* code = crs.GetAuthorityCode(nullptr);
  if (authority != nullptr && code != nullptr) return std::string(authority) + ":" + code;
  const char* name = crs.GetName();
  return name != nullptr ? name : "unnamed CRS";
}

std::string wkt_of(const OGRSpatialReference& crs) {
  const std::array<const char*, 2> options{"FORMAT=WKT2_2019", nullptr};
  char* wkt = nullptr;
  const OGRErr status = crs.exportToWkt(&wkt, options.data());
  const std::string text = wkt == nullptr ? "" : wkt;
  CPLFree(wkt);
  if (status != OGRERR_NONE || text.empty())
    throw Error(ErrorKind::data, "the CRS " + label(crs) + " cannot be written as WKT");
  return text;
}

/// The same for thousands of daily files: a search of PROJ's register takes tens of milliseconds, so its
/// results are kept, by the text of the CRS.
OGRSpatialReference identified(const OGRSpatialReference& crs) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  constexpr std::size_t most_kept = 64;
  const std::string spelled = wkt_of(crs);
  {
    const std::scoped_lock lock(mutex);
    if (const auto found = known.find(spelled); found != known.end()) {
      OGRSpatialReference result;
      result.importFromWkt(found->second.c_str());
      return result;
    }
  }
  OGRSpatialReference result = crs;
  identify(result);
  const std::scoped_lock lock(mutex);
  if (known.size() >= most_kept) known.clear();
  known[spelled] = wkt_of(result);
  return result;
}

CrsChoice choice_of(const OGRSpatialReference& found, const std::string& origin) {
  const OGRSpatialReference crs = identified(found);
  CrsChoice choice{wkt_of(crs), label(crs) + " (" + origin + ")", crs.IsGeographic() != 0, 1.0};
  if (!choice.geographic) choice.metres_per_unit = crs.GetLinearUnits();
  return choice;
}

void check_kind(const CrsChoice& choice, CoordinateKind coordinates, const std::string& where) {
  const bool contradicts = (choice.geographic && coordinates == CoordinateKind::projected) ||
                           (!choice.geographic && coordinates == CoordinateKind::geographic);
  if (!contradicts) return;
  throw Error(ErrorKind::data,
              where + ": its coordinates are " +
                  (choice.geographic ? "projected, but the CRS " : "longitudes and latitudes, but the CRS ") +
                  choice.note + (choice.geographic ? " is geographic" : " is projected") +
                  "; set `crs` to the CRS of the coordinates or choose them with `use_latlon`");
}

OGRSpatialReference wgs84() {
  OGRSpatialReference crs;
  crs.importFromEPSG(4326);
  return crs;
}

}  // namespace

CrsChoice choose_crs(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                     CoordinateKind coordinates, std::vector<std::string>& warnings) {
  const std::string where = place(file, variable);
  if (!spec.crs.empty()) {
    const auto found = from_text(spec.crs, "", false);
    if (!found)
      throw Error(ErrorKind::usage, "[inputs." + spec.name + "] crs = \"" + spec.crs +
                                        "\" is not understood; give \"EPSG:3035\", a PROJ string or WKT");
    CrsChoice choice = choice_of(found->crs, "overrides the file");
    check_kind(choice, coordinates, where);
    return choice;
  }
  auto found = from_grid_mapping(file, variable, warnings);
  if (!found) found = from_texts(file, variable);
  if (found && coordinates == CoordinateKind::geographic && found->crs.IsProjected() != 0) {
    const std::unique_ptr<OGRSpatialReference> base(found->crs.CloneGeogCS());
    if (base) return choice_of(*base, "geographic base of " + found->origin);
  }
  if (found) {
    CrsChoice choice = choice_of(found->crs, found->origin);
    check_kind(choice, coordinates, where);
    return choice;
  }
  if (coordinates == CoordinateKind::geographic) {
    warnings.push_back(
        where + ": longitudes and latitudes without a CRS are taken as WGS 84; set `crs` if they are not");
    return choice_of(wgs84(), "assumed: the file names no CRS");
  }
  throw Error(ErrorKind::data,
              where + ": ambiguous CRS: its coordinates are " +
                  (coordinates == CoordinateKind::rotated     ? "of a rotated pole"
                   : coordinates == CoordinateKind::projected ? "projected"
                                                              : "of no stated kind") +
                  " and the file does not say in which CRS; set `crs = \"EPSG:…\"` for this input");
}

}  // namespace rootzone::io
