#include "rootzone/io/geopackage.hpp"

#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <limits>

#include "io/output_folder.hpp"
#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

using testing::bytes_of;
using testing::OutputFolder;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

PointTable two_stations() {
  PointTable table{"metrics", {7.25, nan}, {50.5, 45.0}, {}};
  table.columns.push_back({"station", std::vector<std::string>{"Trier \"Süd\"", "b"}});
  table.columns.push_back({"rmse", std::vector<double>{0.03, nan}});
  table.columns.push_back({"remark", std::vector<std::string>{"", "dry"}});
  return table;
}

TEST(GeoPackage, HasPointsInWgs84AndNullForNaN) {
  const OutputFolder folder;
  write_geopackage(folder / "metrics.gpkg", two_stations());
  EXPECT_EQ(folder.files(), (std::set<std::string>{"metrics.gpkg"}));
  GDALAllRegister();
  const std::unique_ptr<GDALDataset> dataset(
      GDALDataset::Open((folder / "metrics.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
  ASSERT_TRUE(dataset);
  OGRLayer* layer = dataset->GetLayerByName("metrics");
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(std::string(layer->GetSpatialRef()->GetAuthorityCode(nullptr)), "4326");
  const std::unique_ptr<OGRFeature> first(layer->GetNextFeature());
  const std::unique_ptr<OGRFeature> second(layer->GetNextFeature());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->GetGeometryRef()->toPoint()->getX(), 7.25);
  EXPECT_EQ(first->GetGeometryRef()->toPoint()->getY(), 50.5);
  EXPECT_EQ(std::string(first->GetFieldAsString("station")), "Trier \"Süd\"");
  EXPECT_EQ(first->GetFieldAsDouble("rmse"), 0.03);
  EXPECT_TRUE(first->IsFieldNull(first->GetFieldIndex("remark")));
  EXPECT_EQ(second->GetGeometryRef(), nullptr);
  EXPECT_TRUE(second->IsFieldNull(second->GetFieldIndex("rmse")));
  EXPECT_EQ(std::string(second->GetFieldAsString("remark")), "dry");
}

TEST(GeoPackage, TheSameTableGivesTheSameBytesAtAnyTime) {
  const OutputFolder folder;
  write_geopackage(folder / "a.gpkg", two_stations());
  ::usleep(20'000);  // last_change counts milliseconds
  write_geopackage(folder / "b.gpkg", two_stations());
  EXPECT_FALSE(bytes_of(folder / "a.gpkg").empty());
  EXPECT_TRUE(bytes_of(folder / "a.gpkg") == bytes_of(folder / "b.gpkg"));
  EXPECT_NE(bytes_of(folder / "a.gpkg").find("1970-01-01T00:00:00.000Z"), std::string::npos);
}

TEST(GeoPackage, ATableWithoutRowsIsStillALayer) {
  const OutputFolder folder;
  PointTable table{"metrics", {}, {}, {{"rmse", std::vector<double>{}}}};
  write_geopackage(folder / "m.gpkg", table);
  if (!testing::has_program("ogrinfo")) GTEST_SKIP() << "ogrinfo is not installed";
  const auto result = testing::run_program("ogrinfo -so '" + (folder / "m.gpkg").string() + "' metrics");
  EXPECT_NE(result.output.find("Feature Count: 0"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("rmse: Real"), std::string::npos) << result.output;
}

TEST(GeoPackage, RefusesTablesThatDoNotFit) {
  const OutputFolder folder;
  PointTable shorter = two_stations();
  shorter.columns.push_back({"bias", std::vector<double>{1.0}});
  EXPECT_THROW(write_geopackage(folder / "m.gpkg", shorter), core::Error);
  PointTable twice = two_stations();
  twice.columns.push_back({"RMSE", std::vector<double>{1.0, 2.0}});
  EXPECT_THROW(write_geopackage(folder / "m.gpkg", twice), core::Error);
  EXPECT_TRUE(folder.files().empty());
}

}  // namespace
}  // namespace rootzone::io
