#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstring>
#include <fstream>
#include <vector>

#include "netcdf_fixture.hpp"

namespace rootzone::io {
namespace {

using test::CubeFile;
using test::error_of;
using test::input;
using test::ScratchFolder;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

std::filesystem::path write_cube(const std::filesystem::path& path, int flags) {
  CubeFile file(path, 5, 20, 30, flags);
  const int v = file.cube("v", NC_FLOAT);
  if ((flags & NC_NETCDF4) != 0) {
    file.writer.chunks(v, {1, 20, 30});
    file.writer.deflate(v, true, 1);
  }
  file.put_coordinates();
  std::vector<double> values(5 * 20 * 30);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i * 7919 % 1000);
  file.writer.put(v, values);
  return path;
}

std::pair<core::ErrorKind, std::string> opening_and_reading(const std::filesystem::path& path) {
  return error_of([&] {
    const auto stack = open_netcdf_stack(input(path, "v"));
    test::read_all(*stack);
  });
}

TEST(NetcdfDamage, TruncatedFilesOfEveryFormatAreNamed) {
  const ScratchFolder folder;
  for (const int flags : {NC_NETCDF4, 0, NC_64BIT_OFFSET, NC_64BIT_DATA})
    for (const double share : {0.999, 0.5, 0.1, 0.02}) {
      const auto path = write_cube(folder / "cut_short.nc", flags);
      std::filesystem::resize_file(
          path, static_cast<std::uintmax_t>(share * static_cast<double>(std::filesystem::file_size(path))));
      const auto [kind, message] = opening_and_reading(path);
      EXPECT_EQ(kind, core::ErrorKind::data) << flags << " " << share;
      EXPECT_THAT(message, AllOf(HasSubstr("cut_short.nc"), HasSubstr("truncated"))) << flags << " " << share;
    }
}

TEST(NetcdfDamage, WholeClassicFilesAreNotTakenForTruncated) {
  const ScratchFolder folder;
  for (const int flags : {0, NC_64BIT_OFFSET, NC_64BIT_DATA})
    for (const bool several : {false, true}) {
      // Unlimited, with one record variable of odd size (unpadded records) or several (padded ones).
      const auto path = folder / "whole.nc";
      {
        test::FileWriter file(path, flags);
        const int time = file.dimension("time", NC_UNLIMITED);
        const int rows = file.dimension("lat", 1);
        const int cols = file.dimension("lon", 3);
        const int lon = file.variable("lon", NC_DOUBLE, {cols});
        const int lat = file.variable("lat", NC_DOUBLE, {rows});
        const int v = file.variable("v", NC_BYTE, {time, rows, cols});
        const int stamp =
            several ? file.variable("time", NC_SHORT, {time}) : file.variable("time", NC_DOUBLE, {});
        file.text(stamp, "units", "days since 2000-01-01");
        file.put(lon, {1, 2, 3});
        file.put(lat, {1});
        const std::size_t records = several ? 3 : 1;
        file.put_part(v, {0, 0, 0}, {records, 1, 3}, std::vector<double>(3 * records, 4.0));
        if (several) file.put_part(stamp, {0}, {3}, {0, 1, 2});
      }
      EXPECT_EQ(test::read_all(*open_netcdf_stack(input(path, "v"))),
                std::vector<float>(several ? 9 : 3, 4.0F))
          << flags;
    }
}

TEST(NetcdfDamage, FilesThatAreNotNetcdfSaySo) {
  const ScratchFolder folder;
  std::ofstream(folder / "text.nc") << "date,value\n2000-01-01,3\n";
  EXPECT_THAT(opening_and_reading(folder / "text.nc").second,
              AllOf(HasSubstr("text.nc"), HasSubstr("not a NetCDF file")));
  std::ofstream(folder / "empty.nc").flush();
  EXPECT_THAT(opening_and_reading(folder / "empty.nc").second, HasSubstr("the file is empty"));
  const auto [kind, message] = opening_and_reading(folder / "nowhere.nc");
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("nowhere.nc"), HasSubstr("no such file")));
  std::filesystem::create_directory(folder / "folder.nc");
  EXPECT_THAT(opening_and_reading(folder / "folder.nc").second, HasSubstr("is a folder"));
}

TEST(NetcdfDamage, AChunkThatDoesNotInflateNamesFileAndVariable) {
  const ScratchFolder folder;
  const auto path = write_cube(folder / "bad_chunk.nc", NC_NETCDF4);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, "/v", H5P_DEFAULT);
  const hsize_t origin[3] = {2, 0, 0};
  const std::vector<char> rubbish(300, 'x');
  ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, origin, rubbish.size(), rubbish.data()), 0);
  H5Dclose(dataset);
  H5Fclose(file);
  const auto [kind, message] = opening_and_reading(path);
  EXPECT_EQ(kind, core::ErrorKind::data);
  EXPECT_THAT(message, AllOf(HasSubstr("bad_chunk.nc"), HasSubstr(", v"), HasSubstr("damaged")));
}

TEST(NetcdfDamage, NoByteOfTheHeaderCrashesTheReader) {
  const ScratchFolder folder;
  const auto good = write_cube(folder / "good.nc", 0);
  std::ifstream stream(good, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  int refused = 0;
  for (std::size_t at = 4; at < 400; at += 3) {
    std::vector<char> spoiled = bytes;
    spoiled[at] = static_cast<char>(spoiled[at] ^ 0x55);
    std::ofstream(folder / "spoiled.nc", std::ios::binary)
        .write(spoiled.data(), static_cast<std::streamsize>(spoiled.size()));
    try {
      open_netcdf_stack(input(folder / "spoiled.nc", "v"));
    } catch (const core::Error& error) {
      EXPECT_THAT(error.what(), AnyOf(HasSubstr("spoiled.nc"), HasSubstr("[inputs.test]")));
      ++refused;
    }
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace rootzone::io
