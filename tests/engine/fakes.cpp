#include "fakes.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace rootzone::engine::fakes {

ScratchFolder::ScratchFolder(const std::string& name)
    : m_path(std::filesystem::path(::testing::TempDir()) /
             ("rootzone-engine-" + name + "-" + std::to_string(getpid()))) {
  std::filesystem::create_directories(m_path);
}

}  // namespace rootzone::engine::fakes
