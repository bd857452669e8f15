#include "rootzone/core/error.hpp"

namespace rootzone::core {

Error::Error(ErrorKind kind, const std::string& message)
    : std::runtime_error(message), m_kind(kind), m_exit_code(static_cast<int>(kind)), m_message(message) {}

Error& Error::add_context(std::string_view where) {
  m_message = std::string(where) + ": " + m_message;
  return *this;
}

Interrupted::Interrupted(int signal_number)
    : Error(ErrorKind::interrupted, "stopped by signal " + std::to_string(signal_number) +
                                        "; nothing half-written was left, start again when you like") {
  m_exit_code = 128 + signal_number;
}

}  // namespace rootzone::core
