#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "rootzone/core/error.hpp"

namespace rootzone::io {

/// Error(environment) "cannot <action> <path>: <reason>[; <bytes> bytes …]; what to do". bytes < 0: not said.
core::Error system_error(const std::string& action, const std::filesystem::path& path, int error_number,
                         std::int64_t bytes = -1);

/// The reason that a library gives for a failed write to `path`; on a full disk, for which libraries have
/// words like "HDF error" or "Permission denied", that, with theirs behind it.
std::string reason_to_write(const std::filesystem::path& path, const std::string& reason);

/// Bytes free for this user on the file system of `path`, or −1 if that cannot be told.
std::int64_t free_bytes(const std::filesystem::path& path);

}  // namespace rootzone::io
