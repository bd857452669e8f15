#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "demo_context.hpp"
#include "rootzone/study/demo_basin.hpp"

namespace rootzone::pipeline {

/// A measuring site: its cell and where in it it stands.
struct DemoStation {
  std::string name;
  std::int64_t cell = 0;
  double longitude_deg = 0.0;
  double latitude_deg = 0.0;
};

/// Choose cells inside the outline, on farmland, grass or in the woods below 1500 m, that differ from one
/// another in soil, height and place: each next one is the candidate farthest from all before.
/// Throws Error(usage) if there are fewer candidates than stations.
std::vector<DemoStation> choose_demo_stations(const study::DemoLand& land, const DemoOptions& options);

/// What the stations and the one site's series need of the simulation.
class DemoStationRecord {
 public:
  DemoStationRecord(const DemoContext& context, std::vector<DemoStation> stations);
  const std::vector<DemoStation>& stations() const { return m_stations; }
  /// The cells to trace, in order of the stations.
  std::vector<std::int64_t> cells() const;
  void add(std::span<const study::BasinDay> days);
  /// ISMN files of every station (see docs/demo.md), and `site_series.csv` of the first.
  void write() const;

 private:
  std::string site_series() const;

  const DemoContext& m_context;
  std::vector<DemoStation> m_stations;
  std::vector<std::vector<study::CellTrace>> m_traces;  ///< [station][moisture day]
  std::vector<study::CellTrace> m_site;                 ///< first station, every storage day
};

}  // namespace rootzone::pipeline
