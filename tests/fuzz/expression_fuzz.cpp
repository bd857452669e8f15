#include <vector>

#include "fuzz.hpp"
#include "rootzone/core/expression.hpp"

using namespace rootzone;

// A formula; what parses is evaluated, as arrays and as single numbers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::must_parse_or_refuse([&] {
    const core::Expression expression{std::string(fuzz::as_text(data, size))};
    const std::size_t names = expression.names().size();
    const std::vector<double> numbers(names, 0.5);
    static_cast<void>(expression.evaluate(numbers));
    const std::vector<float> layer{0.0F, 1.0F, -2.5F};
    const std::vector<std::span<const float>> layers(names, std::span<const float>(layer));
    std::vector<float> out(layer.size());
    expression.evaluate(layers, out);
    const std::vector<std::string> known{"clay", "f", "porosity"};
    expression.require_names(known);
  });
  return 0;
}
