#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "netcdf_fixture.hpp"

namespace rootzone::io {
namespace {

using test::CubeFile;
using test::input;
using test::read_all;
using test::ScratchFolder;
using ::testing::HasSubstr;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

MATCHER_P(SameValues, expected, "") {
  if (arg.size() != expected.size()) return false;
  for (std::size_t i = 0; i < arg.size(); ++i)
    if (!(arg[i] == expected[i] || (std::isnan(arg[i]) && std::isnan(expected[i])))) return false;
  return true;
}

/// A one-record file of one row with the given stored numbers; `attributes` may add what it likes.
template <typename Attributes>
std::vector<float> values_of(nc_type type, const std::vector<double>& stored, const Attributes& attributes,
                             InputSpec spec = {}, int flags = NC_NETCDF4,
                             std::vector<std::string>* warnings = nullptr) {
  const ScratchFolder folder;
  const auto path = folder / "values.nc";
  {
    CubeFile file(path, 1, 1, stored.size(), flags);
    const int variable = file.cube("v", type);
    attributes(file.writer, variable);
    file.put_coordinates();
    file.writer.put(variable, stored);
  }
  spec.paths = {path};
  spec.variable = "v";
  const auto stack = open_netcdf_stack(spec);
  if (warnings != nullptr) *warnings = stack->description().warnings;
  return read_all(*stack);
}

using test::FileWriter;
const auto nothing = [](FileWriter&, int) {};

TEST(NetcdfValues, ScaleAndOffsetAreAppliedOnce) {
  const auto packed = [](FileWriter& file, int v) { file.attribute(v, "scale_factor", NC_DOUBLE, {0.5}); };
  EXPECT_THAT(values_of(NC_SHORT, {100, 3}, packed), SameValues(std::vector{50.0F, 1.5F}));
  const auto shifted = [](FileWriter& file, int v) {
    file.attribute(v, "scale_factor", NC_FLOAT, {0.5});
    file.attribute(v, "add_offset", NC_FLOAT, {-10});
  };
  EXPECT_THAT(values_of(NC_BYTE, {100, -4}, shifted), SameValues(std::vector{40.0F, -12.0F}));
}

TEST(NetcdfValues, TheInputOverridesScaleOffsetAndNodata) {
  const auto packed = [](FileWriter& file, int v) { file.attribute(v, "scale_factor", NC_DOUBLE, {0.5}); };
  InputSpec spec;
  spec.scale = 2.0;
  spec.offset = 1.0;
  spec.nodata = 7.0;
  EXPECT_THAT(values_of(NC_SHORT, {100, 7}, packed, spec), SameValues(std::vector{201.0F, missing}));
}

TEST(NetcdfValues, EveryTypeKnowsItsFillValue) {
  for (const int flags : {NC_NETCDF4, NC_CLASSIC_MODEL | NC_NETCDF4, 0, NC_64BIT_OFFSET, NC_64BIT_DATA}) {
    std::vector<nc_type> types{NC_BYTE, NC_SHORT, NC_INT, NC_FLOAT, NC_DOUBLE};
    if (flags == NC_NETCDF4 || flags == NC_64BIT_DATA)
      types.insert(types.end(), {NC_UBYTE, NC_USHORT, NC_UINT, NC_INT64, NC_UINT64});
    for (const nc_type type : types) {
      const auto declared = [&](FileWriter& file, int v) { file.attribute(v, "_FillValue", type, {99}); };
      EXPECT_THAT(values_of(type, {1, 99, 3, 100}, declared, {}, flags),
                  SameValues(std::vector{1.0F, missing, 3.0F, 100.0F}))
          << "type " << type << " flags " << flags;
    }
  }
}

TEST(NetcdfValues, NetcdfsOwnFillIsMissingUnlessItIsAByte) {
  EXPECT_THAT(values_of(NC_SHORT, {5, NC_FILL_SHORT}, nothing), SameValues(std::vector{5.0F, missing}));
  EXPECT_THAT(values_of(NC_FLOAT, {5, static_cast<double>(NC_FILL_FLOAT)}, nothing),
              SameValues(std::vector{5.0F, missing}));
  EXPECT_THAT(values_of(NC_BYTE, {5, NC_FILL_BYTE}, nothing), SameValues(std::vector{5.0F, -127.0F}));
  EXPECT_THAT(values_of(NC_UBYTE, {5, 255}, nothing), SameValues(std::vector{5.0F, 255.0F}));
}

TEST(NetcdfValues, MissingValueMayBeAVectorAnotherTypeOrText) {
  const auto vector = [](FileWriter& file, int v) {
    file.attribute(v, "missing_value", NC_SHORT, {-1, -2, -3, -4});
  };
  EXPECT_THAT(values_of(NC_SHORT, {-1, -2, -3, -4, -5}, vector),
              SameValues(std::vector{missing, missing, missing, missing, -5.0F}));
  const auto as_double = [](FileWriter& file, int v) {
    file.attribute(v, "missing_value", NC_DOUBLE, {-9999.9});
  };
  EXPECT_THAT(values_of(NC_FLOAT, {-9999.9, 1}, as_double), SameValues(std::vector{missing, 1.0F}));
  const auto as_int = [](FileWriter& file, int v) { file.attribute(v, "missing_value", NC_INT, {-9999}); };
  EXPECT_THAT(values_of(NC_SHORT, {-9999, 1}, as_int), SameValues(std::vector{missing, 1.0F}));
  const auto as_text = [](FileWriter& file, int v) { file.text(v, "missing_value", "-9999."); };
  EXPECT_THAT(values_of(NC_DOUBLE, {-9999, 1}, as_text), SameValues(std::vector{missing, 1.0F}));
  const auto two_words = [](FileWriter& file, int v) { file.text(v, "missing_value", "-9999, 1e20f"); };
  EXPECT_THAT(values_of(NC_FLOAT, {-9999, 1e20, 1}, two_words),
              SameValues(std::vector{missing, missing, 1.0F}));
}

TEST(NetcdfValues, AMissingValueTheTypeCannotHoldIsReported) {
  std::vector<std::string> warnings;
  const auto too_wide = [](FileWriter& file, int v) {
    file.attribute(v, "missing_value", NC_DOUBLE, {-9999});
  };
  EXPECT_THAT(values_of(NC_BYTE, {15, -15}, too_wide, {}, NC_NETCDF4, &warnings),
              SameValues(std::vector{15.0F, -15.0F}))
      << "−9999 must not wrap to −15";
  EXPECT_THAT(warnings, ::testing::Contains(HasSubstr("missing_value")));
}

TEST(NetcdfValues, NanAndInfinityAreMissing) {
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_THAT(values_of(NC_DOUBLE, {std::nan(""), inf, -inf, 2}, nothing),
              SameValues(std::vector{missing, missing, missing, 2.0F}));
  EXPECT_THAT(values_of(NC_DOUBLE, {1e300, 2}, nothing), SameValues(std::vector{missing, 2.0F}))
      << "beyond a float";
  const auto nan_fill = [](FileWriter& file, int v) {
    file.attribute(v, "_FillValue", NC_FLOAT, {std::nan("")});
  };
  EXPECT_THAT(values_of(NC_FLOAT, {std::nan(""), 2}, nan_fill), SameValues(std::vector{missing, 2.0F}));
}

TEST(NetcdfValues, ValidRangeIsOfStoredNumbers) {
  const auto range = [](FileWriter& file, int v) {
    file.attribute(v, "scale_factor", NC_DOUBLE, {0.01});
    file.attribute(v, "valid_range", NC_SHORT, {0, 60});
  };
  EXPECT_THAT(values_of(NC_SHORT, {-1, 0, 60, 61}, range),
              SameValues(std::vector{missing, 0.0F, 0.6F, missing}));
  const auto ends = [](FileWriter& file, int v) {
    file.attribute(v, "valid_min", NC_FLOAT, {0.5});
    file.attribute(v, "valid_max", NC_FLOAT, {1.5});
  };
  EXPECT_THAT(values_of(NC_FLOAT, {0.4, 0.5, 1.5, 1.6}, ends),
              SameValues(std::vector{missing, 0.5F, 1.5F, missing}));
}

TEST(NetcdfValues, AValidRangeOfThePackingsTypeIsOfUnpackedValues) {
  const auto unpacked = [](FileWriter& file, int v) {
    file.attribute(v, "scale_factor", NC_DOUBLE, {0.001});
    file.attribute(v, "valid_range", NC_DOUBLE, {0.1, 0.3});
  };
  EXPECT_THAT(values_of(NC_SHORT, {99, 100, 300, 301}, unpacked),
              SameValues(std::vector{missing, 0.1F, 0.3F, missing}));
  const auto falling = [](FileWriter& file, int v) {
    file.attribute(v, "scale_factor", NC_DOUBLE, {-0.5});
    file.attribute(v, "valid_min", NC_DOUBLE, {-1.0});
  };
  EXPECT_THAT(values_of(NC_SHORT, {1, 2, 3}, falling), SameValues(std::vector{-0.5F, -1.0F, missing}));
}

TEST(NetcdfValues, UnsignedBytesInSignedClothes) {
  const auto attributes = [](FileWriter& file, int v) {
    file.text(v, "_Unsigned", "true");
    file.attribute(v, "_FillValue", NC_BYTE, {-1});
    file.attribute(v, "valid_range", NC_BYTE, {0, -2});
  };
  EXPECT_THAT(values_of(NC_BYTE, {-1, -2, 127, -128}, attributes, {}, 0),
              SameValues(std::vector{missing, 254.0F, 127.0F, 128.0F}));
}

TEST(NetcdfValues, UnwrittenUnsignedValuesAreMissing) {
  const auto attributes = [](FileWriter& file, int v) { file.text(v, "_Unsigned", "true"); };
  EXPECT_THAT(values_of(NC_SHORT, {NC_FILL_SHORT, -1, 7}, attributes),
              SameValues(std::vector{missing, 65535.0F, 7.0F}));
}

TEST(NetcdfValues, LargeIntegersCompareExactly) {
  // As doubles the two would be one number.
  const auto attributes = [](FileWriter& file, int v) {
    const long long fill = 9007199254740993LL;
    FileWriter::check(nc_put_att_longlong(file.id(), v, "_FillValue", NC_INT64, 1, &fill));
  };
  const auto values = values_of(NC_INT64, {9007199254740992.0, 1.0}, attributes);
  EXPECT_FALSE(std::isnan(values[0]));
}

TEST(NetcdfValues, AScaleOfZeroIsRefused) {
  const auto zero = [](FileWriter& file, int v) { file.attribute(v, "scale_factor", NC_DOUBLE, {0}); };
  const auto [kind, message] = test::error_of([&] { values_of(NC_SHORT, {1, 2}, zero); });
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, HasSubstr("scale"));
}

TEST(NetcdfValues, QualityFlagsOfTheSameFileMask) {
  const ScratchFolder folder;
  const auto path = folder / "masked.nc";
  {
    CubeFile file(path, 2, 1, 4);
    const int v = file.cube("v", NC_FLOAT);
    const int quality = file.cube("quality", NC_UBYTE);
    const int wide = file.cube("wide", NC_INT);
    const int land = file.writer.variable("land", NC_DOUBLE, {file.row_dimension, file.col_dimension});
    file.put_coordinates();
    file.writer.put(v, {1, 2, 3, 4, 5, 6, 7, 8});
    file.writer.put(quality, {0, 1, 2, 3, 3, 2, 1, 0});
    file.writer.put(wide, {0, -2147483647.0 - 1, 0, 0, 0, 0, 0, 1});
    file.writer.put(land, {1, 1, 0.2, 1});
  }
  InputSpec spec = input(path, "v");
  MaskSpec first_bit;
  first_bit.variable = "quality";
  first_bit.bits = 1U;
  first_bit.keep = {0};
  spec.masks = {first_bit};
  EXPECT_THAT(read_all(*open_netcdf_stack(spec)),
              SameValues(std::vector{1.0F, missing, 3.0F, missing, missing, 6.0F, missing, 8.0F}));
  MaskSpec static_land;
  static_land.variable = "land";
  static_land.keep_range = {{0.5, 1.0}};
  spec.masks.push_back(static_land);
  const auto stack = open_netcdf_stack(spec);
  EXPECT_THAT(read_all(*stack),
              SameValues(std::vector{1.0F, missing, missing, missing, missing, 6.0F, missing, 8.0F}));
  EXPECT_THAT(test::read_window(*stack, {1, 1, 0, 1, 1, 2}), SameValues(std::vector{6.0F, missing}));
  MaskSpec top_bit;
  top_bit.variable = "wide";
  top_bit.bits = 0x80000000U;
  top_bit.keep = {2147483648.0};
  spec.masks = {top_bit};
  EXPECT_THAT(read_all(*open_netcdf_stack(spec)),
              SameValues(std::vector{missing, 2.0F, missing, missing, missing, missing, missing, missing}));
}

}  // namespace
}  // namespace rootzone::io
