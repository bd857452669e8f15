#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace rootzone::io {

/// SHA-256 (FIPS 180-4, by OpenSSL) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// 64 lower-case hexadecimal digits. Call once, last.
  std::string hex_digest();

 private:
  struct Context;
  std::unique_ptr<Context> m_context;
};

std::string sha256_of_bytes(std::span<const std::byte> bytes);
std::string sha256_of_text(std::string_view text);
/// Reads the file in pieces of 1 MiB. Throws Error(data) if it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace rootzone::io
