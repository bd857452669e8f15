#include "demo_readme.hpp"

namespace rootzone::pipeline {

std::string demo_readme(const DemoContext& context) {
  const DemoOptions& o = context.options;
  const std::string storage =
      core::iso_date(context.storage_axis.first()) + " to " + core::iso_date(context.storage_axis.last());
  const std::string moisture =
      core::iso_date(context.moisture_axis.first()) + " to " + core::iso_date(context.moisture_axis.last());
  return "# Demo basin\n\n"
         "Synthetic: drawn from random fields and run through a layered water-balance model (docs/demo.md "
         "of\n"
         "rootzone). No place, no measurement. Made by `rootzone demo` with --rows " +
         std::to_string(o.rows) + " --cols " + std::to_string(o.cols) + " --days " + std::to_string(o.days) +
         "\n--storage-years " + std::to_string(o.storage_years) + " --stations " +
         std::to_string(o.stations) + " --seed " + std::to_string(o.seed) +
         (o.truth == study::DemoTruth::column ? " --truth column" : "") +
         ".\n\n"
         "The basin's grid: EPSG:32632, cells of 1 km. Weather and evaporation: " +
         storage + ".\nSurface soil moisture, stations and moisture truth: " + moisture +
         ". Days are UTC.\n\n"
         "`rootzone run demo.toml`, from any folder, makes its maps in `out/demo/` here: demo.toml is the "
         "pipeline\n"
         "that rootzone ships, with its paths and days set to this demo's.\n\n"
         "| file | what | grid, CRS | units, form | traps |\n"
         "|---|---|---|---|---|\n"
         "| `surface_soil_moisture/ssm_YYYYMMDD.tif` | top 5 cm as a satellite sees it | basin | m3 m-3; "
         "int16, scale 1e-4, nodata -9999 | a file a day, some days without; orbit gaps; bias (0.02 + 0.94 "
         "times the truth) and noise of about 0.025; senseless where frozen |\n"
         "| `surface_soil_moisture_flags/ssm_flag_YYYYMMDD.tif` | its quality bits | basin | uint8: 1 frozen "
         "or snow, 2 dense vegetation, 4 urban; 0 good, 255 not observed | keep where bit 1 is not set |\n"
         "| `weather/precipitation.nc` `pr` | daily precipitation | 5 km, EPSG:32632, beyond the basin | mm; "
         "int16 packed with scale 0.01 and offset 300 | rows south-up; hours since 1990; a day is labelled "
         "at its **end** (00:00 of the next day), no bounds: give `label = \"end\"` |\n"
         "| `weather/temperature.nc` `t2m` | daily mean air temperature, at the mean height of 5 km | 0.05° "
         "lat/lon, **no CRS in the file** (WGS 84) | K; float32 | kelvin; days since 1900, labelled at noon, "
         "with bounds |\n"
         "| `weather/potential_evapotranspiration.nc` | potential evapotranspiration (Oudin 2005) | 5 km, "
         "EPSG:32632 | mm per month (totals); float32 | stamped on the first of the month, with bounds |\n"
         "| `weather/leaf_area_index.nc` | leaf area index, 12 months | basin | 1; float32 | a climatology "
         "stamped in 2000: give `cadence = \"climatology_monthly\"` |\n"
         "| `evaporation/evaporation_8day.nc` | actual evaporation | basin | mm in 8 days (totals); int16 "
         "packed, scale 0.01 | periods begin anew each 1 January, the year's last has 5 or 6 days; error of "
         "5 % each; open water missing |\n"
         "| `soil/{sand,silt,clay}_{0-5,5-15,15-30,30-60,60-100}cm.tif` | texture | 1/480° (250 m), "
         "EPSG:4326 | %; int16, scale 0.1, nodata -32768 | map errors of about 2 %; open water missing |\n"
         "| `soil/bulk_density_….tif` | bulk density | the same | g cm-3; int16, scale 0.01 | |\n"
         "| `soil/depth_to_bedrock.tif` | depth to bedrock | the same | **cm**; int16 | regressions want m "
         "|\n"
         "| `hydraulics/{porosity,field_capacity,wilting_point}_….tif` | water content at saturation, 33 and "
         "1500 kPa, by horizon | 1 km, EPSG:3035 | m3 m-3; float32, nodata -9999 | error of 2.5 % |\n"
         "| `land_cover.tif` | 1 grass, 2 crop, 3 forest, 4 urban, 5 water | basin | uint8, nodata 0 | "
         "classes: never average |\n"
         "| `elevation.tif` | height | basin | m; int16 | |\n"
         "| `basin.gpkg` | layers `basin` and `sub_basins` (field `name`) | EPSG:32632 | polygons | the maps "
         "go beyond the outline |\n"
         "| `stations/DEMO/Site-…/*.stm` | hourly soil moisture at 5, 10, 20, 30 and 50 cm, ISMN formats, "
         "flags | WGS 84 in the files | m3 m-3, UTC | header + values, every eighth station CEOP, every "
         "eighth with CRLF, every eighth unchecked (U); gaps, spikes, frost; some without static variables "
         "|\n"
         "| `site_series.csv` | Site-01 without instrument errors: daily weather, evaporation, moisture | a "
         "point | mm, m3 m-3, °C | moisture columns are empty before " +
         core::iso_date(context.moisture_axis.first()) +
         " |\n"
         "| `truth/root_zone_soil_moisture.nc` | true mean of 10-50 cm, daily | basin | m3 m-3; int16 "
         "packed, scale 1e-4 | for judging only |\n"
         "| `truth/record_maximum_deficit.tif` | largest value of D = max(0, D + evaporation - rain - melt) "
         "with the true daily fluxes | basin | mm; float32 | for judging only |\n"
         "| `truth/available_water_capacity.tif` | field capacity less wilting point over the rooted depth | "
         "basin | mm; float32 | what soils and roots could hold, not the mass curve's answer |\n"
         "| `truth/soil/{saturated_water_content,water_content_33kpa,water_content_1500kpa,"
         "saturated_hydraulic_conductivity}.tif` | the process model's soil, mean of 0-10 cm | basin | m3 "
         "m-3, "
         "cm d-1; float32 | for judging only |\n";
}

}  // namespace rootzone::pipeline
