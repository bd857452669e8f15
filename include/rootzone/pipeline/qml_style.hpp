#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rootzone/core/calendar.hpp"
#include "rootzone/core/flags.hpp"
#include "rootzone/pipeline/colour_ramp.hpp"

namespace rootzone::pipeline {

/// Days a raster holds for, both included, so that QGIS' temporal controller shows it on these days. QGIS
/// takes dates of the standard calendar: leave it out for others.
struct DateRange {
  core::Date first;
  core::Date last;
};

/// A QGIS layer style (`.qml`, QGIS 3.22 and later) for band 1 of a float raster: singleband pseudocolour,
/// interpolated between the stops of the style, range fixed by the style, nodata transparent. Put it beside
/// the raster under the same name and QGIS takes it by itself. The same text for the same input. Pure.
std::string qml_for_values(const VariableStyle& style, const std::optional<DateRange>& dates = std::nullopt);

/// The style for band 1 of a raster of flag bits: paletted, one class for each of `flag_classes(found)`.
/// QGIS draws values without a class as nothing: pass the values that occur in the raster, if known.
std::string qml_for_flags(std::span<const core::FlagBits> found = {},
                          const std::optional<DateRange>& dates = std::nullopt);

/// The style of a product's raster, whatever its kind: flags (`…_flags`), a shipped style by variable and
/// units, or a range fitted to [minimum, maximum] of the data where no fixed range is known.
std::string qml_for_product(std::string_view variable, std::string_view units, double minimum, double maximum,
                            const std::optional<DateRange>& dates = std::nullopt);

/// The files of data/styles: every shipped style and `flags.qml`.
struct StyleFile {
  std::string name;
  std::string content;
};
std::vector<StyleFile> shipped_style_files();

}  // namespace rootzone::pipeline
