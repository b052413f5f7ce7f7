// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace catena {

/** What one answer says of one quota of the server.

    Made by codec/rate_limit_fields out of headers and bodies; read by @ref budget. What could not
    be told apart for certain is left out: a wrong guess costs refusals, no guess costs nothing.
*/
struct quota_signal {
    std::string name;                        ///< The server's name of the quota, or "".
    std::optional<std::uint64_t> limit;      ///< Units in one window.
    std::optional<std::uint64_t> remaining;  ///< Units left in the current one.
    std::optional<duration> reset_in;  ///< From now, at the latest; the window begins anew then.
    std::optional<duration> window;    ///< Its length.

    friend bool operator==(const quota_signal&, const quota_signal&) = default;
};

/// A limit of the server that is not one of requests in a window.
struct other_limit {
    std::string name, unit;              ///< In the server's words.
    std::optional<std::uint64_t> limit;  ///< Units.

    friend bool operator==(const other_limit&, const other_limit&) = default;
};

}  // namespace catena
