#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tiny_basin.hpp"

namespace rootzone::app::test {

/// Bytes of everything a job makes that must not depend on how it was made: all but manifest.json,
/// report.html, rootzone.prom and stac/, which carry the clock or what was done when.
std::map<std::string, std::string> products_below(const std::filesystem::path& folder);
/// The same for what two differ in: names only, for a readable failure.
std::vector<std::string> differences(const std::map<std::string, std::string>& a,
                                     const std::map<std::string, std::string>& b);

/// The tiny basin with daily maps, ready for nights: files of days unless `split` says otherwise.
class NightlyBasin : public TinyBasin {
 public:
  explicit NightlyBasin(const std::string& split = "day");
  Outcome update(int day, std::vector<std::string> arguments = {}) const;
  Outcome rewind(int day, std::vector<std::string> arguments = {}) const;
  /// "2020-01-07"
  static std::string date(int day);
  std::filesystem::path state(int day) const;
};

/// 300 × 3 cells and four days, so that a plan has three tiles.
class TallBasin : public TinyBasin {
 public:
  TallBasin();
  Outcome command(const std::string& name, std::vector<std::string> arguments = {}) const;
};

}  // namespace rootzone::app::test
