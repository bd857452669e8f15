#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "raster_fixture.hpp"
#include "rootzone/io/file_pattern.hpp"

namespace rootzone::io {
namespace {

using core::ErrorKind;
using testing::HasSubstr;
using namespace test;

const core::Extent po{4.0e6, 2.0e6, 4.003e6, 2.002e6};  // 2 rows × 3 columns of 1 km

TEST(RasterStack, ReadsABandNorthUpWithItsGrid) {
  ScratchFolder folder;
  write_tiff(folder / "a.tif", "EPSG:3035", po, 2, 3, {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}},
             {.units = "mm"});
  InputSpec spec = raster_input(folder / "a.tif");
  const auto stack = open_raster_stack(spec);
  const NativeDescription& native = stack->description();
  EXPECT_EQ(native.grid.extent(), po);
  EXPECT_EQ(native.units, "mm");
  EXPECT_EQ(native.crs_note, "EPSG:3035 (from the file)");
  EXPECT_TRUE(native.times.empty());
  EXPECT_EQ(read_records(*stack), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  spec.band = 2;
  EXPECT_EQ(read_records(*open_raster_stack(spec)), (std::vector<float>{7, 8, 9, 10, 11, 12}));
  spec.band = 3;
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_raster_stack(spec); }), HasSubstr("only 2"));
}

TEST(FieldPains, Case05SouthUpRastersAreTurnedOver) {
  ScratchFolder folder;
  const std::vector<double> north_up = filled(
      700, 3, [](auto row, auto col) { return 10.0 * static_cast<double>(row) + static_cast<double>(col); });
  const core::Extent tall{4.0e6, 2.0e6, 4.003e6, 2.7e6};
  write_tiff(folder / "north.tif", "EPSG:3035", tall, 700, 3, {north_up}, {.creation = {"BLOCKYSIZE=16"}});
  write_tiff(folder / "south.tif", "EPSG:3035", tall, 700, 3, {north_up},
             {.south_up = true, .creation = {"BLOCKYSIZE=16"}});
  const auto north = open_raster_stack(raster_input(folder / "north.tif"));
  const auto south = open_raster_stack(raster_input(folder / "south.tif"));
  EXPECT_TRUE(south->description().grid.same_cells(north->description().grid));
  EXPECT_EQ(read_records(*south), read_records(*north));
  EXPECT_EQ(south->description().first_chunk_row, 700 % 16);
  std::vector<float> part(5 * 2);
  south->fetch({0, 1, 120, 5, 1, 2})->decode(part, core::serial_for);
  EXPECT_FLOAT_EQ(part[0], 1201.0F);
  EXPECT_FLOAT_EQ(part[9], 1242.0F);
}

TEST(FieldPains, Case07EveryTypeWithAndWithoutNodata) {
  ScratchFolder folder;
  struct Case {
    GDALDataType type;
    double nodata;
  };
  for (const auto& [type, nodata] : std::vector<Case>{{GDT_Byte, 255},
                                                      {GDT_Int16, -32768},
                                                      {GDT_UInt16, 65535},
                                                      {GDT_Int32, -2147483648.0},
                                                      {GDT_UInt32, 4294967295.0},
                                                      {GDT_Int64, -9007199254740992.0},
                                                      {GDT_UInt64, 9007199254740992.0},
                                                      {GDT_Float32, -9999},
                                                      {GDT_Float32, -3.4028234663852886e38},
                                                      {GDT_Float64, -1.7976931348623157e308},
                                                      {GDT_Float32, std::nan("")},
                                                      {GDT_Float64, std::nan("")}}) {
    const auto path = folder / ("type" + std::to_string(type) + ".tif");
    write_tiff(path, "EPSG:3035", po, 2, 3, {{nodata, 1, 2, 3, nodata, 0}}, {.type = type, .nodata = nodata});
    expect_same(read_records(*open_raster_stack(raster_input(path))), {missing, 1, 2, 3, missing, 0});
    if (std::isnan(nodata)) continue;
    // Not declared by the file, said by the input.
    write_tiff(path, "EPSG:3035", po, 2, 3, {{nodata, 1, 2, 3, nodata, 0}}, {.type = type});
    InputSpec spec = raster_input(path);
    spec.nodata = nodata;
    expect_same(read_records(*open_raster_stack(spec)), {missing, 1, 2, 3, missing, 0});
  }
  // NaN and infinity beside a numeric nodata, and the lowest float as text of six digits.
  const double inf = std::numeric_limits<double>::infinity();
  write_tiff(folder / "mixed.tif", "EPSG:3035", po, 2, 3,
             {{-9999, std::nan(""), inf, -inf, 5, -3.4028234663852886e38}}, {.nodata = -9999.0});
  InputSpec spec = raster_input(folder / "mixed.tif");
  spec.nodata = -3.40282e38;
  expect_same(read_records(*open_raster_stack(spec)), {missing, missing, missing, missing, 5, missing});
}

TEST(RasterStack, SignedBytesAreSigned) {
  ScratchFolder folder;
  write_tiff(folder / "s.tif", "EPSG:3035", po, 2, 3, {{156, 1, 2, 255, 127, 128}},
             {.type = GDT_Byte, .nodata = -128.0, .creation = {"PIXELTYPE=SIGNEDBYTE"}});
  expect_same(read_records(*open_raster_stack(raster_input(folder / "s.tif"))),
              {-100, 1, 2, -1, 127, missing});
}

TEST(FieldPains, Case09ScaleAndOffsetAreAppliedOnce) {
  ScratchFolder folder;
  const auto path = folder / "packed.tif";
  write_tiff(path, "EPSG:3035", po, 2, 3, {{100, 200, -1, 0, 2, 4}},
             {.type = GDT_Int16, .nodata = -1.0, .scale = 0.5, .offset = 0.0});
  expect_same(read_records(*open_raster_stack(raster_input(path))), {50, 100, missing, 0, 1, 2});
  write_tiff(path, "EPSG:3035", po, 2, 3, {{100, 200, -1, 0, 2, 4}}, {.type = GDT_Int16, .nodata = -1.0});
  InputSpec spec = raster_input(path);
  spec.scale = 0.01;
  spec.offset = -273.15;
  expect_same(read_records(*open_raster_stack(spec)),
              {-272.15F, -271.15F, missing, -273.15F, -273.13F, -273.11F}, 1e-4);
}

TEST(RasterStack, MaskBandHidesValues) {
  ScratchFolder folder;
  const auto path = folder / "masked.tif";
  write_tiff(path, "EPSG:3035", po, 2, 3, {{1, 2, 3, 4, 5, 6}});
  GDALDatasetH dataset = GDALOpen(path.c_str(), GA_Update);
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES");
  GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET);
  std::vector<unsigned char> mask{255, 0, 255, 255, 255, 0};
  ASSERT_EQ(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(dataset, 1)), GF_Write, 0, 0, 3, 2, mask.data(), 3,
                         2, GDT_Byte, 0, 0),
            CE_None);
  GDALClose(dataset);
  CPLSetThreadLocalConfigOption("GDAL_TIFF_INTERNAL_MASK", nullptr);
  expect_same(read_records(*open_raster_stack(raster_input(path))), {1, missing, 3, 4, 5, missing});
}

TEST(RasterStack, OneFilePerDateByEveryPattern) {
  for (const auto& [name, pattern] : std::vector<std::pair<std::string, std::string>>{
           {"ssm_%04d%02d%02d.tif", "ssm_{date}.tif"},
           {"ssm_%04d-%02d-%02d_v1.tif", "ssm_{date:%Y-%m-%d}_*.tif"},
           {"%04d.%02d.%02d.tif", "{year}.{month}.{day}.tif"},
           {"s%04d_%02d_%02d.tif", "s*.tif"},
           {"x%04d%02d%02dT0600.tif", "x{date:%Y%m%dT%H%M}.tif"}}) {
    ScratchFolder folder;
    for (const int day_of_month : {3, 1, 2}) {
      char file[64];
      std::snprintf(file, sizeof file, name.c_str(), 2016, 2, day_of_month);
      write_tiff(folder / file, "EPSG:3035", po, 2, 3, {std::vector<double>(6, day_of_month)});
    }
    const auto stack = open_stack(raster_input(folder / pattern));
    ASSERT_EQ(stack->description().times.size(), 3U) << pattern;
    const double hour = pattern.find("%H") != std::string::npos ? 0.25 : 0.0;
    EXPECT_DOUBLE_EQ(stack->description().times[0].stamp, day(2016, 2, 1) + hour);
    const auto values = read_records(*stack);
    EXPECT_EQ(values[0], 1.0F);
    EXPECT_EQ(values[6], 2.0F);
    EXPECT_EQ(values[17], 3.0F);
  }
}

TEST(RasterStack, FoldersByYearMustAgreeWithTheFileName) {
  ScratchFolder folder;
  for (const int year : {2015, 2016}) {
    std::filesystem::create_directory(folder / std::to_string(year));
    write_tiff(folder / (std::to_string(year) + "/p_" + std::to_string(year) + "001.tif"), "EPSG:3035", po, 2,
               3, {std::vector<double>(6, year)});
  }
  write_tiff(folder / "2016/p_2014001.tif", "EPSG:3035", po, 2, 3, {std::vector<double>(6, 0)});
  const auto stack = open_stack(raster_input(folder / "{year}/p_{date:%Y%j}.tif"));
  ASSERT_EQ(stack->description().times.size(), 2U);
  EXPECT_DOUBLE_EQ(stack->description().times[1].stamp, day(2016, 1, 1));
  EXPECT_THAT(message_of(ErrorKind::usage, [&] { open_stack(raster_input(folder / "{yaer}/p.tif")); }),
              HasSubstr("{yaer}"));
}

TEST(RasterStack, NamesWithoutADayAreTheWholeMonth) {
  ScratchFolder folder;
  for (const int month : {1, 2})
    write_tiff(folder / ("m_20160" + std::to_string(month) + ".tif"), "EPSG:3035", po, 2, 3,
               {std::vector<double>(6, month)});
  const auto stack = open_stack(raster_input(folder / "m_{year}{month}.tif"));
  ASSERT_EQ(stack->description().times.size(), 2U);
  EXPECT_TRUE(stack->description().times[1].has_bounds);
  EXPECT_DOUBLE_EQ(stack->description().times[1].end - stack->description().times[1].begin, 29.0);
}

TEST(RasterStack, DatesOfBandsGoBeforeANameWithoutADay) {
  ScratchFolder folder;
  for (const int month : {1, 2}) {
    const std::string text = "2016-0" + std::to_string(month);
    write_tiff(folder / ("m_20160" + std::to_string(month) + ".tif"), "EPSG:3035", po, 2, 3,
               {std::vector<double>(6, month), std::vector<double>(6, month + 0.5)},
               {.descriptions = {text + "-01", text + "-02"}});
  }
  for (const char* pattern : {"m_{year}{month}.tif", "m_*.tif"}) {
    const auto stack = open_stack(raster_input(folder / pattern));
    ASSERT_EQ(stack->description().times.size(), 4U) << pattern;
    EXPECT_DOUBLE_EQ(stack->description().times[3].stamp, day(2016, 2, 2)) << pattern;
    EXPECT_EQ(read_records(*stack)[18], 2.5F) << pattern;
  }
}

TEST(RasterStack, TheFirstFileOfAGlobHasItsDate) {
  ScratchFolder folder;
  write_tiff(folder / "s_20160203.tif", "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)});
  const auto stack = open_stack(raster_input(folder / "s_*.tif"));
  ASSERT_EQ(stack->description().times.size(), 1U);
  EXPECT_DOUBLE_EQ(stack->description().times[0].stamp, day(2016, 2, 3));
  EXPECT_TRUE(open_stack(raster_input(folder / "s_20160203.tif"))->description().times.empty());
}

TEST(RasterStack, BandsWithIsoDatesAreRecords) {
  for (const std::string interleave : {"BAND", "PIXEL"}) {
    ScratchFolder folder;
    write_tiff(folder / "cube.tif", "EPSG:3035", po, 2, 3,
               {{1, 1, 1, 1, 1, 1}, {2, 2, 2, 2, 2, 2}, {3, 3, 3, 3, 3, 3}},
               {.descriptions = {"2016-01-01", "2016-01-03", "2016-01-02T12:00"},
                .creation = {"INTERLEAVE=" + interleave}});
    const auto stack = open_stack(raster_input(folder / "cube.tif"));
    ASSERT_EQ(stack->description().times.size(), 3U);
    EXPECT_DOUBLE_EQ(stack->description().times[1].stamp, day(2016, 1, 2) + 0.5);
    const auto values = read_records(*stack);
    EXPECT_EQ(values[6], 3.0F);
    EXPECT_EQ(values[12], 2.0F);
    EXPECT_EQ(stack->description().chunk_records, interleave == "PIXEL" ? 3 : 1);
  }
}

TEST(RasterStack, TwoFilesClaimingOneDateAreBothNamed) {
  ScratchFolder folder;
  for (const char* name : {"a_20160101.tif", "b_20160101.tif"})
    write_tiff(folder / name, "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)});
  const std::string message =
      message_of(ErrorKind::data, [&] { open_raster_stack(raster_input(folder / "?_{date}.tif")); });
  EXPECT_THAT(message, HasSubstr("a_20160101.tif"));
  EXPECT_THAT(message, HasSubstr("b_20160101.tif"));
  EXPECT_THAT(message, HasSubstr("2016-01-01"));
}

TEST(RasterStack, FilesWithoutDatesOrWithOtherGridsAreRefused) {
  ScratchFolder folder;
  for (const char* name : {"one.tif", "two.tif"})
    write_tiff(folder / name, "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)});
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_raster_stack(raster_input(folder / "*.tif")); }),
              HasSubstr("{date}"));
  EXPECT_THAT(
      message_of(ErrorKind::data, [&] { open_raster_stack(raster_input(folder / "none_{date}.tif")); }),
      HasSubstr("none_{date}.tif"));
  for (const int d : {1, 2, 3})
    write_tiff(folder / ("s_2016010" + std::to_string(d) + ".tif"), "EPSG:3035",
               d == 2 ? core::Extent{4.0e6, 2.0e6, 4.0031e6, 2.002e6} : po, 2, 3,
               {std::vector<double>(6, 1)});
  const auto stack = open_raster_stack(raster_input(folder / "s_{date}.tif"));
  EXPECT_THAT(message_of(ErrorKind::data, [&] { read_records(*stack); }), HasSubstr("s_20160102.tif"));
}

TEST(RasterStack, TruncatedFilesAreNamed) {
  ScratchFolder folder;
  const auto cells = filled(
      300, 300, [](auto row, auto col) { return std::sin(static_cast<double>(row * 7919 + col * 104729)); });
  write_tiff(folder / "t_20160101.tif", "EPSG:3035", {4.0e6, 2.0e6, 4.3e6, 2.3e6}, 300, 300, {cells},
             {.creation = {"COMPRESS=DEFLATE"}});
  write_tiff(folder / "t_20160102.tif", "EPSG:3035", {4.0e6, 2.0e6, 4.3e6, 2.3e6}, 300, 300, {cells},
             {.creation = {"COMPRESS=DEFLATE"}});
  std::filesystem::resize_file(folder / "t_20160102.tif",
                               std::filesystem::file_size(folder / "t_20160102.tif") / 2);
  EXPECT_THAT(message_of(ErrorKind::data,
                         [&] { read_records(*open_raster_stack(raster_input(folder / "t_{date}.tif"))); }),
              HasSubstr("t_20160102.tif"));
  std::ofstream(folder / "t_20160103.tif") << "no raster";
  EXPECT_THAT(message_of(ErrorKind::data,
                         [&] { read_records(*open_raster_stack(raster_input(folder / "t_20160103.tif"))); }),
              HasSubstr("t_20160103.tif"));
}

TEST(RasterStack, RotatedAndUnplacedRastersAreRefused) {
  ScratchFolder folder;
  write_tiff(folder / "r.tif", "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)}, {.rotation = 100.0});
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_raster_stack(raster_input(folder / "r.tif")); }),
              HasSubstr("gdalwarp"));
  write_tiff(folder / "n.tif", "", po, 2, 3, {std::vector<double>(6, 1)}, {.georeferenced = false});
  EXPECT_THAT(message_of(ErrorKind::data, [&] { open_raster_stack(raster_input(folder / "n.tif")); }),
              HasSubstr("no georeference"));
}

TEST(FieldPains, Case04ARasterWithoutCrs) {
  ScratchFolder folder;
  write_tiff(folder / "degrees.tif", "", {8, 45, 11, 47}, 2, 3, {std::vector<double>(6, 1)});
  const auto degrees = open_raster_stack(raster_input(folder / "degrees.tif"));
  EXPECT_EQ(epsg_code(degrees->description().grid.crs_wkt()), 4326);
  ASSERT_EQ(degrees->description().warnings.size(), 1U);
  write_tiff(folder / "metres.tif", "", po, 2, 3, {std::vector<double>(6, 1)});
  InputSpec spec = raster_input(folder / "metres.tif");
  EXPECT_TRUE(open_raster_stack(spec)->description().grid.crs_wkt().empty());
  spec.crs = "EPSG:3035";
  EXPECT_EQ(epsg_code(open_raster_stack(spec)->description().grid.crs_wkt()), 3035);
  spec.crs = "EPSG:nonsense";
  EXPECT_THAT(message_of(ErrorKind::usage, [&] { open_raster_stack(spec); }), HasSubstr("EPSG:nonsense"));
}

TEST(FieldPains, Case11PixelIsPointAndTheMeaningOfCoordinates) {
  ScratchFolder folder;
  write_tiff(folder / "area.tif", "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)});
  write_tiff(folder / "point.tif", "EPSG:3035", po, 2, 3, {std::vector<double>(6, 1)}, {.point = true});
  EXPECT_EQ(open_raster_stack(raster_input(folder / "area.tif"))->description().grid.extent(), po);
  EXPECT_EQ(open_raster_stack(raster_input(folder / "point.tif"))->description().grid.extent(), po);
  InputSpec centre = raster_input(folder / "area.tif");
  centre.coordinates = CoordinateMeaning::centre;  // the tie point in the file names the first cell's centre
  EXPECT_DOUBLE_EQ(open_raster_stack(centre)->description().grid.extent().xmin, po.xmin - 500.0);
  EXPECT_DOUBLE_EQ(open_raster_stack(centre)->description().grid.extent().ymax, po.ymax + 500.0);
  InputSpec corner = raster_input(folder / "point.tif");
  corner.coordinates = CoordinateMeaning::corner;
  EXPECT_DOUBLE_EQ(open_raster_stack(corner)->description().grid.extent().xmin, po.xmin + 500.0);
  centre.paths = {folder / "point.tif"};
  EXPECT_EQ(open_raster_stack(centre)->description().grid.extent(), po);
}

TEST(RasterStack, QualityBandsAndFilesMaskValues) {
  ScratchFolder folder;
  write_tiff(folder / "v_20160101.tif", "EPSG:3035", po, 2, 3, {{1, 2, 3, 4, 5, 6}, {0, 1, 4, 5, 0, 2}},
             {.descriptions = {"value", "quality"}});
  write_tiff(folder / "q_20160101.tif", "EPSG:3035", po, 2, 3, {{4294967295.0, 2147483648.0, 0, 0, 1, 3}},
             {.type = GDT_UInt32});
  InputSpec spec = raster_input(folder / "v_{date}.tif");
  spec.variable = "value";
  MaskSpec band;
  band.variable = "quality";
  band.bits = 4U;
  band.keep = {0};
  spec.masks = {band};
  expect_same(read_records(*open_raster_stack(spec)), {1, 2, missing, missing, 5, 6});
  MaskSpec file;
  file.path = folder / "q_{date}.tif";
  file.bits = 2147483648U;  // the highest bit: no float holds its neighbours
  file.keep = {0};
  spec.masks = {file};
  expect_same(read_records(*open_raster_stack(spec)), {missing, missing, 3, 4, 5, 6});
  std::filesystem::rename(folder / "q_20160101.tif", folder / "q_20160102.tif");
  const auto stack = open_raster_stack(spec);
  ASSERT_EQ(stack->description().warnings.size(), 1U);
  expect_same(read_records(*stack), std::vector<float>(6, missing));
}

TEST(RasterStack, AMaskOfOneDateHidesALayerWithoutDate) {
  ScratchFolder folder;
  write_tiff(folder / "layer.tif", "EPSG:3035", po, 2, 3, {{1, 2, 3, 4, 5, 6}});
  write_tiff(folder / "q_20160101.tif", "EPSG:3035", po, 2, 3, {{0, 1, 0, 1, 0, 0}});
  InputSpec spec = raster_input(folder / "layer.tif");
  MaskSpec mask;
  mask.path = folder / "q_{date}.tif";
  mask.keep = {0};
  spec.masks = {mask};
  const auto stack = open_raster_stack(spec);
  EXPECT_TRUE(stack->description().warnings.empty());
  expect_same(read_records(*stack), {1, missing, 3, missing, 5, 6});
  write_tiff(folder / "q_20160102.tif", "EPSG:3035", po, 2, 3, {{0, 1, 0, 1, 0, 0}});
  const std::string two = message_of(core::ErrorKind::data, [&] { open_raster_stack(spec); });
  EXPECT_NE(two.find("several dates"), std::string::npos) << two;
}

TEST(RasterStack, AsciiGridsAndOtherDriversRead) {
  ScratchFolder folder;
  std::ofstream(folder / "g.asc") << "ncols 3\nnrows 2\nxllcorner 4000000\nyllcorner 2000000\ncellsize "
                                     "1000\nNODATA_value -9999\n1 2 3\n4 -9999 6\n";
  InputSpec spec = raster_input(folder / "g.asc");
  spec.crs = "EPSG:3035";
  const auto stack = open_stack(spec);
  EXPECT_EQ(stack->description().grid.extent(), po);
  expect_same(read_records(*stack), {1, 2, 3, 4, missing, 6});
}

TEST(RasterStack, ManyThreadsDecodeTheSameNumbers) {
  ScratchFolder folder;
  for (int d = 1; d <= 9; ++d)
    write_tiff(folder / ("d_2016010" + std::to_string(d) + ".tif"), "EPSG:3035", po, 2, 3,
               {std::vector<double>(6, d)}, {.creation = {"COMPRESS=DEFLATE"}});
  const auto stack = open_raster_stack(raster_input(folder / "d_{date}.tif"));
  const auto serial = read_records(*stack);
  std::vector<float> values(serial.size());
  stack->fetch({0, 9, 0, 2, 0, 3})
      ->decode(values, [](std::int64_t count, const std::function<void(std::int64_t)>& body) {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
          threads.emplace_back([&, t] {
            for (std::int64_t i = t; i < count; i += 3) body(i);
          });
      });
  EXPECT_EQ(values, serial);
}

TEST(FilePattern, DatesInPlainNames) {
  EXPECT_EQ(date_in_name("ssm_2016-02-29_v3.tif", core::Calendar::standard), (core::Date{2016, 2, 29}));
  EXPECT_EQ(date_in_name("h5_20160101_20160101.tif", core::Calendar::standard), (core::Date{2016, 1, 1}));
  EXPECT_EQ(date_in_name("h5_20160101_20160102.tif", core::Calendar::standard), std::nullopt);
  EXPECT_EQ(date_in_name("id_20161301.tif", core::Calendar::standard), std::nullopt);
  EXPECT_EQ(date_in_name("id_12016010112.tif", core::Calendar::standard), std::nullopt);
}

}  // namespace
}  // namespace rootzone::io
