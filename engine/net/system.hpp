#pragma once

#include <catena/core/request_rule.hpp>
#include <catena/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace catena {

/// A seed from the system's entropy.
[[nodiscard]] std::uint64_t system_seed();

/// An environment variable of this process; empty where there is none.
[[nodiscard]] std::string system_variable(const char* name);

/// A referenced secret from this process's environment or a file. errc::bad_secret if there is
/// none.
[[nodiscard]] std::optional<secret> system_secret(setting::source from, const std::string& name);

}  // namespace catena
