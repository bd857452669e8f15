#include "fuzz.hpp"
#include "rootzone/io/csv.hpp"
#include "rootzone/io/series_csv.hpp"

using namespace rootzone;

// A table, read with its own separator, and as the series of a site.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  fuzz::must_parse_or_refuse([&] {
    const char separator = text.find(';') == text.npos ? ',' : ';';
    const io::CsvTable table = io::CsvTable::parse(text, "fuzz.csv", separator);
    for (std::size_t row = 0; row < table.rows(); ++row)
      for (std::size_t column = 0; column < table.header().size(); ++column)
        static_cast<void>(io::parse_number(table.text(row, column)));
    if (table.rows() > 0) static_cast<void>(table.number(0, 0));
  });
  fuzz::must_parse_or_refuse([&] {
    const io::SeriesTable series = io::parse_series_csv("fuzz.csv", text);
    if (series.dates.empty() || series.columns.empty()) return;
    const core::TimeAxis axis(series.dates.front(), series.dates.front(), core::Calendar::standard);
    static_cast<void>(io::series_on_axis(series, series.columns.front(), axis));
  });
  return 0;
}
