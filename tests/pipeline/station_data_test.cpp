#include "station_data.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace rootzone::pipeline {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = ::testing::TempDir() + "rootzone_station_data_XXXXXX";
    m_path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(m_path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(m_path / name) << text;
    return m_path / name;
  }

 private:
  std::filesystem::path m_path;
};

// Two thirds of the run end on 2020-01-20, before the first measurement; two thirds of the days with data end
// later.
TEST(StationData, TheSplitFollowsTheDaysWithData) {
  const Folder folder;
  std::string rows = "station,date,10,40\n";
  for (int day = 22; day <= 30; ++day) rows += "A,2020-01-" + std::to_string(day) + ",0.2,0.3\n";
  ValidationSettings settings;
  settings.is_csv = true;
  settings.stations = folder.write("stations.csv", "A,50,8\n");
  settings.station_columns = {"id", "latitude", "longitude"};
  settings.data = folder.write("data.csv", rows);
  settings.root_zone_cm = {10.0, 40.0};
  settings.calibration_fraction = 2.0 / 3.0;
  const core::TimeAxis time({2020, 1, 1}, {2020, 1, 30});
  EXPECT_EQ(read_station_data(settings, time).calibration_days, 27);  // 22 to 27 January, then three days
  settings.calibration_fraction = 1.0;
  EXPECT_EQ(read_station_data(settings, time).calibration_days, 30);
}

}  // namespace
}  // namespace rootzone::pipeline
