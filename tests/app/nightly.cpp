#include "nightly.hpp"

#include "rootzone/io/crs.hpp"

namespace rootzone::app::test {

std::map<std::string, std::string> products_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> all;
  for (const std::string& name : files_below(folder))
    if (name != "manifest.json" && name != "report.html" && name != "rootzone.prom" &&
        !name.starts_with("stac/"))
      all[name] = bytes_of(folder / name);
  return all;
}

std::vector<std::string> differences(const std::map<std::string, std::string>& a,
                                     const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : a)
    if (!b.contains(name) || b.at(name) != bytes) names.push_back(name);
  for (const auto& [name, bytes] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

NightlyBasin::NightlyBasin(const std::string& split) {
  const std::string key = "\nsplit = \"" + split + "\"\n";
  write_pipeline({{"cog_dates = \"first_last\"", "cog_dates = \"month_start\"" + key},
                  {"variable = \"soil_water_index\"", "variable = \"soil_water_index\"" + key}});
}

std::string NightlyBasin::date(int day) {
  return "2020-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
}

std::filesystem::path NightlyBasin::state(int day) const {
  return out() / "state" / ("tiny_202001" + date(day).substr(8) + ".rzstate");
}

Outcome NightlyBasin::update(int day, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"update", (*this / "tiny.toml").string(), "--through", date(day)});
  return rootzone(std::move(arguments));
}

Outcome NightlyBasin::rewind(int day, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"rewind", (*this / "tiny.toml").string(), "--before", date(day)});
  return rootzone(std::move(arguments));
}

TallBasin::TallBasin() {
  const core::Grid tall(io::parse_crs("EPSG:3035"), {4'000'000, 2'700'000, 4'003'000, 3'000'000}, 300, 3);
  for (int day = 1; day <= 4; ++day)
    write_map(*this / ("ssm/ssm_2020010" + std::to_string(day) + ".tif"), tall,
              [&](std::int64_t row, std::int64_t col) {
                return 0.20 + 0.01 * static_cast<double>((day * 7 + row * 3 + 2 * col) % 25);
              });
  for (int day = 5; day <= 10; ++day)
    std::filesystem::remove(
        *this / ("ssm/ssm_202001" + std::string(day < 10 ? "0" : "") + std::to_string(day) + ".tif"));
  write_map(*this / "porosity.tif", tall,
            [](std::int64_t row, std::int64_t) { return 0.4 + 0.0005 * static_cast<double>(row); });
  write_pipeline({{"end = 2020-01-10", "end = 2020-01-04"}});
}

Outcome TallBasin::command(const std::string& name, std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {name, (*this / "tiny.toml").string()});
  return rootzone(std::move(arguments));
}

}  // namespace rootzone::app::test
