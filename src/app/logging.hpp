#pragma once
#include <string>

namespace rootzone::app {

enum class LogFormat { text, json };

/// Send the log to standard error; standard output is for results. JSON: one object a line.
void start_logging(LogFormat format, bool quiet);

}  // namespace rootzone::app
