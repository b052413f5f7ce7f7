#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <optional>

namespace catena::testing {

/// A request that carries the query and headers of `discovery`, as it would be for the records;
/// nothing if `ask` does not carry them.
[[nodiscard]] std::optional<http_request> request_for_records(const connector& c,
                                                              const http_request& ask);

}  // namespace catena::testing
