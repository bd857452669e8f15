#pragma once
#include <map>
#include <string>
#include <vector>

#include "rootzone/pipeline/report.hpp"

namespace rootzone::pipeline {

/// The sections of the page; each is empty if there is nothing to say.
std::string report_css();
std::string summary_section(const ReportData& data);
std::string maps_section(const ReportData& data, const PngEncoder& encode_png);
std::string basin_section(const ReportData& data);
std::string station_metrics_section(const ReportData& data);
std::string station_series_section(const ReportData& data);
std::string flags_section(const ReportData& data);
std::string balance_section(const ReportData& data);
std::string inputs_section(const ReportData& data);
std::string provenance_section(const ReportData& data);
std::string extra_section(const ReportSection& section);

/// Warnings of the run and of every input, in order; those that say the same of several inputs or stations
/// are one, with the list of them in front.
std::vector<std::string> all_warnings(const ReportData& data);

/// `<section id="…"><h2>title</h2>body</section>`, or nothing for an empty body. title is escaped, body is
/// not.
std::string section(const std::string& id, const std::string& title, const std::string& body);
std::string paragraph(const std::string& text, const std::string& css_class = "");
std::string render_table(const ReportTable& table);
/// A chart that may be scrolled sideways where the screen is narrow.
std::string chart_box(const std::string& svg);

/// The same colour for the same product wherever it is drawn.
class ProductColours {
 public:
  explicit ProductColours(const ReportData& data);
  int of(const std::string& product) const;

 private:
  std::map<std::string, int> m_colours;
};

/// Of the finite values; NaN if there is none.
double median_of(std::vector<double> values);

/// References that say what is worth beating, not estimates of their own: drawn dashed, left out of scatter
/// plots.
bool is_reference(const std::string& product);

}  // namespace rootzone::pipeline
