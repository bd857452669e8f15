#include "value_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using core::Error;
using core::ErrorKind;

/// The number as T, or nothing if T cannot hold it. To float it is rounded: a missing_value of −9999.9
/// written as a double means the nearest float.
template <typename T>
std::optional<T> as_stored(const StoredNumber& number) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(as_double(number));
  } else {
    if (const auto* real = std::get_if<double>(&number)) {
      // 2^digits is exact as a double, max() of 64 bits is not.
      const double beyond = std::ldexp(1.0, std::numeric_limits<T>::digits);
      if (*real != std::floor(*real) || *real >= beyond ||
          *real < static_cast<double>(std::numeric_limits<T>::min()))
        return {};
      return static_cast<T>(*real);
    }
    const auto fits = [](auto value) { return std::in_range<T>(value); };
    if (const auto* value = std::get_if<std::int64_t>(&number))
      return fits(*value) ? std::optional<T>(static_cast<T>(*value)) : std::nullopt;
    const auto value = std::get<std::uint64_t>(number);
    return fits(value) ? std::optional<T>(static_cast<T>(value)) : std::nullopt;
  }
}

template <typename T>
T lower_bound_of(const std::optional<double>& low) {
  if constexpr (std::is_floating_point_v<T>) {
    return low ? static_cast<T>(*low) : -std::numeric_limits<T>::infinity();
  } else {
    constexpr T least = std::numeric_limits<T>::min();
    if (!low || *low <= static_cast<double>(least)) return least;
    return as_stored<T>(std::ceil(*low)).value_or(std::numeric_limits<T>::max());
  }
}

template <typename T>
T upper_bound_of(const std::optional<double>& high) {
  if constexpr (std::is_floating_point_v<T>) {
    return high ? static_cast<T>(*high) : std::numeric_limits<T>::infinity();
  } else {
    if (!high || *high >= std::ldexp(1.0, std::numeric_limits<T>::digits))
      return std::numeric_limits<T>::max();
    return as_stored<T>(std::floor(*high)).value_or(std::numeric_limits<T>::min());
  }
}

template <typename T>
struct Limits {
  T first{};
  T second{};
  bool use_first = false;
  bool use_second = false;
  T low{};
  T high{};
};

/// One plain pass, so that the compiler turns it into vector code.
template <bool Scaled, typename T, typename Out>
void decode_run(const T* stored, std::int64_t count, Out* values, const Limits<T> limits, double scale,
                double offset) {
  constexpr Out missing = std::numeric_limits<Out>::quiet_NaN();
  for (std::int64_t i = 0; i < count; ++i) {
    const T number = stored[i];
    Out value;
    if constexpr (Scaled)
      value = static_cast<Out>(static_cast<double>(number) * scale + offset);
    else
      value = static_cast<Out>(number);
    bool drop = ((number == limits.first) & limits.use_first) |
                ((number == limits.second) & limits.use_second) | (number < limits.low) |
                (number > limits.high);
    drop = drop | !(value - value == Out{0});  // NaN and infinity
    values[i] = drop ? missing : value;
  }
}

template <typename T>
class TypedDecoder final : public ValueDecoder {
 public:
  explicit TypedDecoder(const ValueRules& rules) : m_scale(rules.scale), m_offset(rules.offset) {
    for (const StoredNumber& number : rules.missing)
      if (const auto value = as_stored<T>(number);
          value && std::find(m_missing.begin(), m_missing.end(), *value) == m_missing.end())
        m_missing.push_back(*value);
    m_limits.use_first = !m_missing.empty();
    m_limits.use_second = m_missing.size() > 1;
    if (m_limits.use_first) m_limits.first = m_missing[0];
    if (m_limits.use_second) m_limits.second = m_missing[1];
    m_limits.low = lower_bound_of<T>(rules.low);
    m_limits.high = upper_bound_of<T>(rules.high);
  }

  void decode(const std::byte* stored, std::int64_t count, float* values) const override {
    run(stored, count, values);
  }
  void decode(const std::byte* stored, std::int64_t count, double* values) const override {
    run(stored, count, values);
  }

 private:
  template <typename Out>
  void run(const std::byte* bytes, std::int64_t count, Out* values) const {
    const T* stored = reinterpret_cast<const T*>(bytes);
    if (m_scale == 1.0 && m_offset == 0.0)
      decode_run<false>(stored, count, values, m_limits, m_scale, m_offset);
    else
      decode_run<true>(stored, count, values, m_limits, m_scale, m_offset);
    for (std::size_t extra = 2; extra < m_missing.size(); ++extra)
      for (std::int64_t i = 0; i < count; ++i)
        if (stored[i] == m_missing[extra]) values[i] = std::numeric_limits<Out>::quiet_NaN();
  }

  double m_scale;
  double m_offset;
  std::vector<T> m_missing;
  Limits<T> m_limits;
};

template <typename Visitor>
auto with_type(nc_type type, const Visitor& visit) {
  switch (type) {
    case NC_BYTE:
      return visit(std::int8_t{});
    case NC_UBYTE:
      return visit(std::uint8_t{});
    case NC_SHORT:
      return visit(std::int16_t{});
    case NC_USHORT:
      return visit(std::uint16_t{});
    case NC_INT:
      return visit(std::int32_t{});
    case NC_UINT:
      return visit(std::uint32_t{});
    case NC_INT64:
      return visit(std::int64_t{});
    case NC_UINT64:
      return visit(std::uint64_t{});
    case NC_FLOAT:
      return visit(float{});
    case NC_DOUBLE:
      return visit(double{});
    default:
      throw Error(ErrorKind::internal, "no decoder for netCDF type " + std::to_string(type));
  }
}

nc_type unsigned_twin(nc_type type) {
  switch (type) {
    case NC_BYTE:
      return NC_UBYTE;
    case NC_SHORT:
      return NC_USHORT;
    case NC_INT:
      return NC_UINT;
    case NC_INT64:
      return NC_UINT64;
    default:
      return type;
  }
}

/// Under `_Unsigned` the attributes are as signed as the variable: −1 stands for the greatest value.
StoredNumber reread_unsigned(const StoredNumber& number, nc_type type) {
  const auto* value = std::get_if<std::int64_t>(&number);
  if (value == nullptr || *value >= 0) return number;
  const std::size_t bits = 8 * stored_size(type);
  const auto wide = static_cast<std::uint64_t>(*value);
  return bits == 64 ? wide : wide & ((std::uint64_t{1} << bits) - 1);
}

class RuleReader {
 public:
  RuleReader(const NetcdfFile& file, const NetcdfVariable& variable, std::vector<std::string>& warnings)
      : m_file(file), m_variable(variable), m_warnings(warnings) {
    const auto text = file.text(variable, "_Unsigned");
    m_unsigned = text && (*text == "true" || *text == "True" || *text == "TRUE" || *text == "1");
  }

  nc_type type() const { return m_unsigned ? unsigned_twin(m_variable.type) : m_variable.type; }

  std::vector<StoredNumber> numbers(const char* name) {
    const auto attribute = m_file.attribute(m_variable, name);
    if (!attribute) return {};
    if (attribute->numbers.empty())
      warn(std::string(name) + " \"" + attribute->text + "\" is not a number: ignored");
    std::vector<StoredNumber> found = attribute->numbers;
    if (m_unsigned)
      for (StoredNumber& number : found) number = reread_unsigned(number, m_variable.type);
    return found;
  }
  double number(const char* name, double otherwise) {
    const auto found = numbers(name);
    return found.empty() ? otherwise : as_double(found.front());
  }
  std::vector<StoredNumber> missing() {
    std::vector<StoredNumber> all = numbers("_FillValue");
    if (all.empty() && m_variable.fill_value && stored_size(m_variable.type) > 1)
      all.push_back(m_unsigned ? reread_unsigned(*m_variable.fill_value, m_variable.type)
                               : *m_variable.fill_value);
    for (const char* name : {"missing_value", "fill_value"})
      for (const StoredNumber& number : numbers(name)) {
        const bool held =
            with_type(type(), [&](auto tag) { return as_stored<decltype(tag)>(number).has_value(); });
        if (held)
          all.push_back(number);
        else
          warn(std::string(name) + " " + std::to_string(as_double(number)) +
               " is none the stored type can hold: ignored");
      }
    return all;
  }
  /// True if the range is of unpacked values: its type is that of the packing and wider than the stored one.
  bool is_unpacked(const char* name) const {
    const auto range = m_file.attribute(m_variable, name);
    const auto scale = m_file.attribute(m_variable, "scale_factor");
    return range && scale && range->type == scale->type &&
           stored_size(range->type) > stored_size(m_variable.type);
  }
  void warn(const std::string& what) {
    m_warnings.push_back(m_file.path().string() + ", " + m_variable.name + ": " + what);
  }

 private:
  const NetcdfFile& m_file;
  const NetcdfVariable& m_variable;
  std::vector<std::string>& m_warnings;
  bool m_unsigned = false;
};

void set_range(RuleReader& reader, ValueRules& rules) {
  const double packed_scale = reader.number("scale_factor", 1.0);
  const double packed_offset = reader.number("add_offset", 0.0);
  bool unpacked = false;
  const auto stored = [&](const char* name, double limit) {
    if (!reader.is_unpacked(name)) return limit;
    unpacked = true;
    const double number = (limit - packed_offset) / packed_scale;
    // 0.3 / 0.1 is a hair above 3: a limit meant for a whole stored number is that number.
    return std::abs(number - std::round(number)) < 1e-6 ? std::round(number) : number;
  };
  if (const auto low = reader.numbers("valid_min"); !low.empty())
    rules.low = stored("valid_min", as_double(low[0]));
  if (const auto high = reader.numbers("valid_max"); !high.empty())
    rules.high = stored("valid_max", as_double(high[0]));
  if (const auto range = reader.numbers("valid_range"); range.size() == 2) {
    rules.low = stored("valid_range", as_double(range[0]));
    rules.high = stored("valid_range", as_double(range[1]));
  } else if (!range.empty()) {
    reader.warn("valid_range has " + std::to_string(range.size()) + " numbers, expected 2: ignored");
  }
  if (unpacked && packed_scale < 0.0) std::swap(rules.low, rules.high);
  if (rules.low && rules.high && *rules.low > *rules.high) {
    reader.warn("the valid range is empty: ignored");
    rules.low.reset();
    rules.high.reset();
  }
}

}  // namespace

ValueRules value_rules(const NetcdfFile& file, const NetcdfVariable& variable, const InputSpec& spec,
                       std::vector<std::string>& warnings) {
  RuleReader reader(file, variable, warnings);
  ValueRules rules;
  rules.type = reader.type();
  rules.missing = reader.missing();
  if (spec.nodata) rules.missing.emplace_back(*spec.nodata);
  rules.scale = spec.scale.value_or(reader.number("scale_factor", 1.0));
  rules.offset = spec.offset.value_or(reader.number("add_offset", 0.0));
  if (rules.scale == 0.0 || !std::isfinite(rules.scale) || !std::isfinite(rules.offset))
    throw Error(ErrorKind::data, file.path().string() + ", " + variable.name + ": scale " +
                                     std::to_string(rules.scale) + " and offset " +
                                     std::to_string(rules.offset) +
                                     " make no values; set `scale` and `offset` for this input");
  set_range(reader, rules);
  return rules;
}

std::unique_ptr<const ValueDecoder> make_value_decoder(const ValueRules& rules) {
  return with_type(rules.type, [&](auto tag) -> std::unique_ptr<const ValueDecoder> {
    return std::make_unique<TypedDecoder<decltype(tag)>>(rules);
  });
}

std::vector<std::byte> stored_bytes(const StoredNumber& number, nc_type type) {
  return with_type(type, [&](auto tag) {
    using T = decltype(tag);
    const T value = as_stored<T>(number).value_or(T{});
    std::vector<std::byte> bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
  });
}

}  // namespace rootzone::io
