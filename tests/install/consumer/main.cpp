#include <cmath>
#include <cstdio>
#include <rootzone/moisture/smar.hpp>
#include <vector>

// Two days of SMAR with numbers worked out by hand (see Moisture.FollowsSmarByHand).
int main() {
  const rootzone::moisture::SmarSite site{0.2, 0.5, 0.1, 0.3, 0.5, 0.5, 400.0, 0.5};
  const std::vector<float> surface{0.4F, 0.2F};
  const auto series = rootzone::moisture::smar_series(site, {}, surface);
  std::printf("%.6f %.6f\n", static_cast<double>(series.saturation[0]),
              static_cast<double>(series.saturation[1]));
  const bool right = std::abs(series.saturation[0] - 0.5434512F) < 1e-6F &&
                     std::abs(series.saturation[1] - 0.5107677F) < 1e-6F;
  return right ? 0 : 1;
}
