#pragma once
#include <netcdf.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rootzone::io {

/// A number as a file stores it: 64-bit integers keep all their bits.
using StoredNumber = std::variant<std::int64_t, std::uint64_t, double>;
double as_double(const StoredNumber& number);

/// Throw Error(data) "FILE, WHERE: cannot OPERATION: what netCDF says" unless status is NC_NOERR;
/// Error(environment) for what a retry may cure. Call under NetcdfLock.
void check_netcdf(int status, const std::filesystem::path& file, std::string_view where,
                  std::string_view operation);

/// Make HDF5 keep its error stack to itself on this thread (the setting is per thread). Cheap to repeat.
void silence_hdf5_errors();

/// Numbers of an attribute, whatever its type; a text attribute gives the numbers it spells.
struct NetcdfAttribute {
  nc_type type = NC_NAT;
  std::string text;                   ///< NC_CHAR and NC_STRING, trimmed
  std::vector<StoredNumber> numbers;  ///< of a text: those it spells, separated by blanks or commas
};

/// One variable as the file declares it.
struct NetcdfVariable {
  std::string name;  ///< with its group path, if it is not in the root
  int group = 0;
  int id = 0;
  nc_type type = NC_NAT;
  std::vector<int> dimension_ids;
  std::vector<std::string> dimension_names;
  std::vector<std::int64_t> lengths;
  std::vector<std::int64_t> chunks;        ///< empty unless stored in chunks
  std::optional<StoredNumber> fill_value;  ///< what unwritten values hold; none in no-fill mode
};

/// An open NetCDF file, read only; closed on destruction. Every member takes NetcdfLock itself.
class NetcdfFile {
 public:
  /// Throws Error(data) for a file that is missing, not NetCDF, or truncated.
  explicit NetcdfFile(const std::filesystem::path& path);
  ~NetcdfFile();
  NetcdfFile(const NetcdfFile&) = delete;
  NetcdfFile& operator=(const NetcdfFile&) = delete;

  const std::filesystem::path& path() const { return m_path; }
  int id() const { return m_id; }
  /// True if HDF5 lies underneath (NetCDF-4).
  bool is_hdf5() const { return m_is_hdf5; }

  /// All variables, groups included, in the file's order.
  const std::vector<NetcdfVariable>& variables() const { return m_variables; }
  /// By name or full path, nullptr if there is none. `seen_from` prefers a variable of that group.
  const NetcdfVariable* find(std::string_view name, const NetcdfVariable* seen_from = nullptr) const;

  std::optional<NetcdfAttribute> attribute(const NetcdfVariable& variable, const char* name) const;
  /// Text of an attribute, or nothing if it is absent or numeric.
  std::optional<std::string> text(const NetcdfVariable& variable, const char* name) const;

  /// All values of a small variable as double, unpacked (scale_factor, add_offset) and with its fill values
  /// as NaN.
  std::vector<double> read_coordinate(const NetcdfVariable& variable) const;
  /// The stored bytes of a hyperslab, native byte order, row-major in the file's dimension order.
  void read_raw(const NetcdfVariable& variable, const std::vector<std::size_t>& start,
                const std::vector<std::size_t>& count, void* bytes) const;

 private:
  void list_group(int group, const std::string& prefix);
  NetcdfVariable describe(int group, int variable, const std::string& prefix) const;

  std::filesystem::path m_path;
  int m_id = -1;
  bool m_is_hdf5 = false;
  std::vector<NetcdfVariable> m_variables;
};

/// Bytes of one value, 0 for texts and compound types.
std::size_t stored_size(nc_type type);

}  // namespace rootzone::io
