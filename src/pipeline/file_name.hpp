#pragma once
#include <string>

namespace rootzone::pipeline {

/// A station's name with letters that a file name can bear everywhere; two names may become one. Pure.
inline std::string safe_file_name(std::string name) {
  for (char& c : name)
    if (c == '/' || c == '\\' || c == ' ' || c == ':') c = '_';
  return name;
}

}  // namespace rootzone::pipeline
