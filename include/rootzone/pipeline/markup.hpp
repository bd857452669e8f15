#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace rootzone::pipeline {

/// Text made safe inside XML or HTML, between tags and inside quoted attributes: & < > " ' become entities;
/// control characters that XML 1.0 forbids, and bytes that are not UTF-8, become "\uFFFD". Pure.
std::string escape_markup(std::string_view text);

/// Base64 of RFC 4648, with padding, on one line. Pure.
std::string base64(std::span<const std::byte> bytes);

}  // namespace rootzone::pipeline
