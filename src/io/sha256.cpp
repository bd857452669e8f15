#include "rootzone/io/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

#include "rootzone/core/error.hpp"

namespace rootzone::io {
namespace {

void check(int result, const char* call) {
  if (result != 1) throw core::Error(core::ErrorKind::internal, std::string("OpenSSL failed in ") + call);
}

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

core::Error cannot_read(const std::filesystem::path& path) {
  return core::Error(core::ErrorKind::data, "cannot read " + path.string() + " for its SHA-256: " +
                                                std::generic_category().message(errno));
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(handle); }
};

Sha256::Sha256() : m_context(std::make_unique<Context>()) {
  check(m_context->handle != nullptr ? 1 : 0, "EVP_MD_CTX_new");
  check(EVP_DigestInit_ex(m_context->handle, EVP_sha256(), nullptr), "EVP_DigestInit_ex");
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(m_context->handle, bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

void Sha256::update(std::string_view text) {
  update(std::as_bytes(std::span(text.data(), text.size())));
}

std::string Sha256::hex_digest() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  check(EVP_DigestFinal_ex(m_context->handle, digest.data(), &length), "EVP_DigestFinal_ex");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += digits[digest[i] >> 4U];
    text += digits[digest[i] & 15U];
  }
  return text;
}

std::string sha256_of_bytes(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex_digest();
}

std::string sha256_of_text(std::string_view text) {
  return sha256_of_bytes(std::as_bytes(std::span(text.data(), text.size())));
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
  if (!file) throw cannot_read(path);
  Sha256 hash;
  std::vector<std::byte> piece(1 << 20);
  std::size_t count = 0;
  while ((count = std::fread(piece.data(), 1, piece.size(), file.get())) > 0)
    hash.update(std::span(piece).first(count));
  if (std::ferror(file.get()) != 0) throw cannot_read(path);
  return hash.hex_digest();
}

}  // namespace rootzone::io
