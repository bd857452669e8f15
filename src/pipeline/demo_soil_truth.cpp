#include "demo_soil_truth.hpp"

#include <functional>
#include <limits>
#include <vector>

#include "rootzone/io/map_file.hpp"

namespace rootzone::pipeline {
namespace {

constexpr double truth_depth_cm = 10.0;

struct TrueProperty {
  const char* variable;
  const char* description;
  const char* units;
  std::function<double(const study::LayerSoil&)> value;
};

}  // namespace

void write_demo_soil_truth(const DemoContext& context) {
  make_demo_folder(context.dir / "truth" / "soil");
  const std::vector<TrueProperty> properties{
      {"saturated_water_content", "true porosity of 0-10 cm", "m3 m-3",
       [](const study::LayerSoil& soil) { return soil.porosity; }},
      {"water_content_33kpa", "true water content at 33 kPa of 0-10 cm", "m3 m-3",
       [](const study::LayerSoil& soil) { return soil.field_capacity(); }},
      {"water_content_1500kpa", "true water content at 1500 kPa of 0-10 cm", "m3 m-3",
       [](const study::LayerSoil& soil) { return soil.wilting_point(); }},
      {"saturated_hydraulic_conductivity", "true saturated hydraulic conductivity of 0-10 cm", "cm d-1",
       [](const study::LayerSoil& soil) { return soil.saturated_conductivity_mm_d / 10.0; }}};
  std::vector<std::vector<float>> maps(properties.size());
  for (std::int64_t cell = 0; cell < context.land.cells(); ++cell) {
    const bool land = context.land.cover()[static_cast<std::size_t>(cell)] != study::LandCover::water;
    const study::SoilSample soil = context.land.soil(cell, 0.0, truth_depth_cm);
    for (std::size_t i = 0; i < properties.size(); ++i)
      maps[i].push_back(land ? static_cast<float>(properties[i].value(soil.hydraulics))
                             : std::numeric_limits<float>::quiet_NaN());
  }
  for (std::size_t i = 0; i < properties.size(); ++i)
    io::write_map(context.dir / "truth" / "soil" / (std::string(properties[i].variable) + ".tif"),
                  {context.land.grid(),
                   io::MapType::float32,
                   -9999.0,
                   1.0,
                   0.0,
                   properties[i].description,
                   properties[i].units,
                   {}},
                  maps[i]);
}

}  // namespace rootzone::pipeline
