#include <nlohmann/json.hpp>
#include <vector>

#include "fuzz.hpp"
#include "rootzone/pipeline/resolve.hpp"

using namespace rootzone;

// First line: an override; the rest: a pipeline file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::must_parse_or_refuse([&] {
    std::string_view text = fuzz::as_text(data, size);
    const std::string_view line = fuzz::take_line(text);
    const std::vector<std::string> overrides(line.empty() ? 0 : 1, std::string(line));
    static_cast<void>(
        pipeline::resolve_pipeline_text(std::string(text), "folder", "fuzz.toml", overrides).dump());
  });
  return 0;
}
