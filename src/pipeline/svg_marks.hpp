#pragma once
#include <string>
#include <vector>

#include "rootzone/pipeline/svg_chart.hpp"
#include "svg_frame.hpp"

namespace rootzone::pipeline {

/// Throws core::Error(internal) naming the series.
void require_same_length(const std::string& name, std::size_t x, std::size_t y);

/// Path data of dots, one per place of a raster of the given step in pixels, so that a dense cloud stays
/// small.
std::string dots_path(const PlotArea& area, const std::vector<double>& x, const std::vector<double>& y,
                      double step);

/// A line with gaps at NaN (thinned to what a pixel column can show), or dots; empty if nothing is finite.
std::string draw_series(const PlotArea& area, const ChartSeries& series);
/// An area with gaps at NaN; empty if nothing is finite.
std::string draw_band(const PlotArea& area, const ChartBand& band);

}  // namespace rootzone::pipeline
