#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cmath>
#include <cstring>
#include <random>
#include <thread>

#include "netcdf_fixture.hpp"
#include "netcdf_stack.hpp"

namespace rootzone::io {
namespace {

using test::CubeFile;
using test::input;
using test::read_all;
using test::read_window;
using test::ScratchFolder;

struct Coding {
  const char* name;
  std::vector<std::size_t> chunks;
  bool shuffle;
  int level;
  bool big_endian;
};

const std::vector<Coding> codings{{"maps", {1, 7, 11}, true, 4, false},
                                  {"edge chunks", {3, 4, 4}, true, 1, false},
                                  {"series", {10, 2, 3}, false, 5, false},
                                  {"shuffled, not deflated", {2, 3, 5}, true, 0, false},
                                  {"plain chunks", {4, 7, 3}, false, 0, false},
                                  {"big-endian", {3, 5, 4}, true, 2, true},
                                  {"big-endian plain", {2, 7, 11}, false, 0, true}};

constexpr std::size_t records = 10;
constexpr std::size_t rows = 7;
constexpr std::size_t cols = 11;

/// Random numbers, a tenth of them missing (99); records 4 and 5 are never written.
void write_coded(const std::filesystem::path& path, nc_type type, const Coding& coding, bool south_up) {
  CubeFile file(path, records, rows, cols, NC_NETCDF4, south_up);
  const int v = file.cube("v", type);
  file.writer.attribute(v, "_FillValue", type, {99});
  if (type == NC_SHORT) file.writer.attribute(v, "scale_factor", NC_DOUBLE, {0.1});
  file.writer.chunks(v, coding.chunks);
  file.writer.deflate(v, coding.shuffle, coding.level);
  if (coding.big_endian) file.writer.big_endian(v);
  file.put_coordinates();
  std::mt19937 random(7);
  std::uniform_int_distribution<int> number(0, 110);
  std::vector<double> stored(records * rows * cols);
  for (double& value : stored) {
    const int drawn = number(random);
    value = drawn > 99 ? 99.0 : drawn;
  }
  for (const std::size_t first : {std::size_t{0}, std::size_t{6}}) {
    const auto begin = stored.begin() + static_cast<std::ptrdiff_t>(first * rows * cols);
    file.writer.put_part(v, {first, 0, 0}, {4, rows, cols},
                         {begin, begin + static_cast<std::ptrdiff_t>(4 * rows * cols)});
  }
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// What netCDF-C gives by its own conversion, put north-up, with the fill value as NaN.
std::vector<float> by_netcdf(const std::filesystem::path& path, bool south_up, float scale) {
  int file = 0;
  int v = 0;
  test::FileWriter::check(nc_open(path.c_str(), NC_NOWRITE, &file));
  test::FileWriter::check(nc_inq_varid(file, "v", &v));
  std::vector<double> stored(records * rows * cols);
  test::FileWriter::check(nc_get_var_double(file, v, stored.data()));
  nc_close(file);
  std::vector<float> values(stored.size());
  for (std::size_t t = 0; t < records; ++t)
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < cols; ++c) {
        const double number = stored[(t * rows + (south_up ? rows - 1 - r : r)) * cols + c];
        values[(t * rows + r) * cols + c] =
            number == 99 ? std::nanf("") : static_cast<float>(scale == 1 ? number : number * 0.1);
      }
  return values;
}

TEST(NetcdfChunks, EqualNetcdfBitForBit) {
  const ScratchFolder folder;
  for (const nc_type type :
       {NC_BYTE, NC_UBYTE, NC_SHORT, NC_USHORT, NC_INT, NC_UINT, NC_INT64, NC_UINT64, NC_FLOAT, NC_DOUBLE})
    for (const Coding& coding : codings)
      for (const bool south_up : {false, true}) {
        SCOPED_TRACE(std::string(coding.name) + ", type " + std::to_string(type) +
                     (south_up ? ", south-up" : ""));
        const auto path = folder / "coded.nc";
        write_coded(path, type, coding, south_up);
        NetcdfStack fast(input(path, "v"));
        NetcdfStack plain(input(path, "v"), ReadPath::netcdf);
        const std::vector<float> expected = by_netcdf(path, south_up, type == NC_SHORT ? 0.1F : 1.0F);
        EXPECT_TRUE(same_bits(read_all(plain), expected));
        EXPECT_TRUE(same_bits(read_all(fast), expected));
        EXPECT_GT(fast.chunks_decoded(), 0) << "the fast path was not taken";
        EXPECT_EQ(plain.chunks_decoded(), 0);
      }
}

TEST(NetcdfChunks, WindowsEqualTheirPartOfTheWhole) {
  const ScratchFolder folder;
  const auto path = folder / "windows.nc";
  for (const bool south_up : {false, true}) {
    write_coded(path, NC_FLOAT, codings[1], south_up);
    for (const ReadPath read_path : {ReadPath::automatic, ReadPath::netcdf}) {
      NetcdfStack stack(input(path, "v"), read_path);
      const std::vector<float> all = read_all(stack);
      std::mt19937 random(11);
      const auto draw = [&](std::int64_t below) {
        return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random);
      };
      for (int i = 0; i < 40; ++i) {
        NativeWindow window{draw(10), 0, draw(7), 0, draw(11), 0};
        window.records = 1 + draw(10 - window.first_record);
        window.rows = 1 + draw(7 - window.first_row);
        window.cols = 1 + draw(11 - window.first_col);
        std::vector<float> expected;
        for (std::int64_t t = 0; t < window.records; ++t)
          for (std::int64_t r = 0; r < window.rows; ++r)
            for (std::int64_t c = 0; c < window.cols; ++c)
              expected.push_back(all[static_cast<std::size_t>(
                  ((window.first_record + t) * 7 + window.first_row + r) * 11 + window.first_col + c)]);
        ASSERT_TRUE(same_bits(read_window(stack, window), expected)) << "window " << i;
      }
    }
  }
}

TEST(NetcdfChunks, AlignedReadingDecodesEachChunkOnce) {
  const ScratchFolder folder;
  const auto path = folder / "aligned.nc";
  write_coded(path, NC_FLOAT, codings[1], true);  // (3, 4, 4) over (10, 7, 11), south-up
  NetcdfStack stack(input(path, "v"));
  const NativeDescription& described = stack.description();
  EXPECT_EQ(described.chunk_records, 3);
  EXPECT_EQ(described.chunk_rows, 4);
  EXPECT_EQ(described.chunk_cols, 4);
  EXPECT_EQ(described.first_chunk_row, 3) << "file rows 4 … 6 are north-up rows 0 … 2";
  for (std::int64_t t = 0; t < 10; t += 3)
    for (const auto& [row, count] : {std::pair<std::int64_t, std::int64_t>{0, 3}, {3, 4}})
      for (std::int64_t c = 0; c < 11; c += 4)
        read_window(stack,
                    {t, std::min<std::int64_t>(3, 10 - t), row, count, c, std::min<std::int64_t>(4, 11 - c)});
  EXPECT_EQ(stack.chunks_decoded(), 4 * 2 * 3);
}

TEST(NetcdfChunks, UnwrittenChunksHoldTheFillValueEvenIfItIsNoNumberMissing) {
  const ScratchFolder folder;
  const auto path = folder / "bytes.nc";
  {
    CubeFile file(path, 4, 4, 4);
    const int v = file.cube("v", NC_UBYTE);  // its default fill, 255, is a number like others
    file.writer.chunks(v, {1, 4, 4});
    file.writer.deflate(v, true, 1);
    file.put_coordinates();
    file.writer.put_part(v, {1, 0, 0}, {1, 4, 4}, std::vector<double>(16, 7.0));
  }
  NetcdfStack fast(input(path, "v"));
  NetcdfStack plain(input(path, "v"), ReadPath::netcdf);
  const auto values = read_all(fast);
  EXPECT_TRUE(same_bits(values, read_all(plain)));
  EXPECT_EQ(values.front(), 255.0F);
  EXPECT_EQ(values[16], 7.0F);
  EXPECT_EQ(fast.chunks_decoded(), 1);
}

TEST(NetcdfChunks, OtherFiltersGoThroughNetcdf) {
  const ScratchFolder folder;
  const auto path = folder / "checksummed.nc";
  {
    CubeFile file(path, 3, 4, 4);
    const int v = file.cube("v", NC_FLOAT);
    file.writer.chunks(v, {1, 4, 4});
    file.writer.deflate(v, true, 1);
    test::FileWriter::check(nc_def_var_fletcher32(file.writer.id(), v, NC_FLETCHER32));
    file.put_coordinates();
    file.writer.put(v, std::vector<double>(48, 2.5));
  }
  NetcdfStack stack(input(path, "v"));
  EXPECT_EQ(read_all(stack), std::vector<float>(48, 2.5F));
  EXPECT_EQ(stack.chunks_decoded(), 0);
}

TEST(NetcdfChunks, AChunkThatSkippedItsFiltersIsReadAsItLies) {
  const ScratchFolder folder;
  const auto path = folder / "skipped.nc";
  {
    CubeFile file(path, 2, 2, 2);
    const int v = file.cube("v", NC_FLOAT);
    file.writer.chunks(v, {1, 2, 2});
    file.writer.deflate(v, true, 1);
    file.put_coordinates();
    file.writer.put(v, {1, 2, 3, 4, 5, 6, 7, 8});
  }
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, "/v", H5P_DEFAULT);
  const hsize_t origin[3] = {1, 0, 0};
  const float raw[4] = {50, 60, 70, 80};
  ASSERT_GE(H5Dwrite_chunk(dataset, H5P_DEFAULT, 3, origin, sizeof raw, raw), 0);  // both filters skipped
  H5Dclose(dataset);
  H5Fclose(file);
  NetcdfStack stack(input(path, "v"));
  EXPECT_EQ(read_all(stack), (std::vector<float>{1, 2, 3, 4, 50, 60, 70, 80}));
  EXPECT_EQ(stack.chunks_decoded(), 2);
}

TEST(NetcdfChunks, FetchesDecodeBesideEachOther) {
  const ScratchFolder folder;
  const auto path = folder / "beside.nc";
  write_coded(path, NC_SHORT, codings[1], true);
  NetcdfStack stack(input(path, "v"));
  const std::vector<float> all = read_all(stack);
  std::vector<std::unique_ptr<NativeFetch>> fetches;
  for (std::int64_t t = 0; t < 10; ++t) fetches.push_back(stack.fetch({t, 1, 0, 7, 0, 11}));
  std::vector<float> values(all.size());
  const core::ParallelFor threads = [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
    std::vector<std::jthread> workers;
    for (std::int64_t i = 0; i < count; ++i) workers.emplace_back([&body, i] { body(i); });
  };
  threads(10, [&](std::int64_t t) {
    fetches[static_cast<std::size_t>(t)]->decode(
        std::span(values).subspan(static_cast<std::size_t>(t) * 77, 77), threads);
  });
  EXPECT_TRUE(same_bits(values, all));
}

TEST(NetcdfChunks, AnyOrderOfDimensionsIsRead) {
  const ScratchFolder folder;
  // v(time, lat, lon) = 100 time + 10 row + col, stored in each order.
  const std::vector<std::array<int, 3>> orders{{0, 1, 2}, {0, 2, 1}, {1, 2, 0}, {2, 1, 0}};
  for (const auto& order : orders)
    for (const bool chunked : {false, true}) {
      const auto path = folder / "ordered.nc";
      {
        CubeFile file(path, 3, 4, 5, NC_NETCDF4, true);
        const int ids[3] = {file.time_dimension, file.row_dimension, file.col_dimension};
        const std::size_t lengths[3] = {3, 4, 5};
        const auto at = [](int i) { return static_cast<std::size_t>(i); };
        const int v = file.writer.variable("v", NC_INT, {ids[order[0]], ids[order[1]], ids[order[2]]});
        if (chunked) {
          file.writer.chunks(v, {2, 2, 2});
          file.writer.deflate(v, true, 1);
        }
        file.put_coordinates();
        std::vector<double> stored;
        std::size_t index[3];
        for (index[at(order[0])] = 0; index[at(order[0])] < lengths[at(order[0])]; ++index[at(order[0])])
          for (index[at(order[1])] = 0; index[at(order[1])] < lengths[at(order[1])]; ++index[at(order[1])])
            for (index[at(order[2])] = 0; index[at(order[2])] < lengths[at(order[2])]; ++index[at(order[2])])
              stored.push_back(static_cast<double>(100 * index[0] + 10 * (3 - index[1]) + index[2]));
        file.writer.put(v, stored);
      }
      NetcdfStack stack(input(path, "v"));
      const auto values = read_all(stack);
      ASSERT_EQ(values.size(), 60U);
      for (std::size_t t = 0; t < 3; ++t)
        for (std::size_t r = 0; r < 4; ++r)
          for (std::size_t c = 0; c < 5; ++c)
            EXPECT_EQ(values[(t * 4 + r) * 5 + c], static_cast<float>(100 * t + 10 * r + c))
                << order[0] << order[1] << order[2];
      EXPECT_EQ(stack.chunks_decoded() > 0, chunked);
    }
}

}  // namespace
}  // namespace rootzone::io
