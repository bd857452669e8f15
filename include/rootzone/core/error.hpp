#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace rootzone::core {

/// What a failure means to the one who started the program; the values are the exit codes.
enum class ErrorKind {
  usage = 2,         ///< command line or pipeline file
  data = 3,          ///< input data
  environment = 4,   ///< disk full, permission, lock held: worth a retry
  memory = 5,        ///< memory budget
  state = 6,         ///< state refused
  internal = 70,     ///< our bug
  interrupted = 130  ///< stopped by SIGINT
};

/// The one family of exceptions. The message names the file, variable, band or line, what was expected,
/// what was found and what to do. Callers add where they were with `add_context`.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message);

  ErrorKind kind() const { return m_kind; }
  int exit_code() const { return m_exit_code; }
  const char* what() const noexcept override { return m_message.c_str(); }

  /// Put "where: " before the message. Returns *this, so that `throw error.add_context(...)` reads well;
  /// inside a catch block rethrow with a bare `throw;`.
  Error& add_context(std::string_view where);

 private:
  friend class Interrupted;
  ErrorKind m_kind;
  int m_exit_code;
  std::string m_message;
};

/// The run was stopped by a signal after everything was put in order.
class Interrupted : public Error {
 public:
  /// signal_number: SIGINT (exit code 130) or SIGTERM (143).
  explicit Interrupted(int signal_number);
};

}  // namespace rootzone::core
