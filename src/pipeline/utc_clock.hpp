#pragma once
#include <string>

namespace rootzone::pipeline {

/// "2016-01-31T04:05:06Z", of the wall clock. For the manifest and for those who watch; never for a product.
std::string now_utc();

}  // namespace rootzone::pipeline
