// layer: core
#pragma once

#include <catena/core/request_rule.hpp>
#include <catena/secret.hpp>

#include <functional>
#include <optional>
#include <string>

namespace catena {

/// Looks a secret up: the content of that variable or file, or nothing if there is none.
using secret_lookup =
    std::function<std::optional<secret>(setting::source from, const std::string& name)>;

}  // namespace catena
