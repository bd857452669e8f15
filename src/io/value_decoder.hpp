#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "netcdf_file.hpp"
#include "rootzone/io/input_spec.hpp"

namespace rootzone::io {

/// How stored numbers become values: value = stored · scale + offset, NaN where the stored number is one of
/// `missing`, lies outside [low, high], or is not finite.
struct ValueRules {
  nc_type type = NC_FLOAT;  ///< as read: the unsigned twin where `_Unsigned` says so
  std::vector<StoredNumber> missing;
  std::optional<double> low;  ///< of the stored numbers
  std::optional<double> high;
  double scale = 1.0;
  double offset = 0.0;
};

/// The rules of a variable by its attributes (scale_factor, add_offset, _FillValue, missing_value, valid_min,
/// valid_max, valid_range, _Unsigned; NetCDF Users' Guide, appendix A "Attribute Conventions") and the
/// overrides of the input. `nodata` is a stored number and comes beside those of the file. Without a declared
/// _FillValue netCDF's default counts as missing, save for bytes. A valid range of the type of scale_factor,
/// wider than the stored one, is of unpacked values. Appends to `warnings` what it could not use.
/// Throws Error(data) for a scale of 0.
ValueRules value_rules(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                       std::vector<std::string>& warnings);

/// Turns runs of stored numbers into values. Immutable: safe from any thread.
class ValueDecoder {
 public:
  virtual ~ValueDecoder() = default;
  /// stored: aligned for its type, native byte order, `count` numbers.
  virtual void decode(const std::byte* stored, std::int64_t count, float* values) const = 0;
  virtual void decode(const std::byte* stored, std::int64_t count, double* values) const = 0;
};
std::unique_ptr<const ValueDecoder> make_value_decoder(const ValueRules& rules);

/// The bytes of a number in a stored type.
std::vector<std::byte> stored_bytes(const StoredNumber& number, nc_type type);

}  // namespace rootzone::io
