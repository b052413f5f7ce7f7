#pragma once

#include <catena/core/signals_rule.hpp>
#include <catena/core/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace catena::codec {

/// What a header field of the X-RateLimit-* kind says.
enum class quota_part {
    none,         ///< Nothing that could be told for certain.
    limit,        ///< Requests in a window.
    remaining,    ///< Requests left.
    used,         ///< Requests sent.
    reset,        ///< When the window begins anew, in an unnamed form.
    reset_after,  ///< The same in seconds from now.
    reset_again,  ///< The same once more: used where `reset` cannot be read.
    window,       ///< How long the window is.
    label,        ///< The server's name of the quota.
    pair,         ///< "used/limit".
};

struct quota_field {
    quota_part part = quota_part::none;
    std::string family;              ///< The same for fields that speak of one quota.
    std::string name;                ///< Words that tell quotas of one API apart, or "".
    std::optional<duration> period;  ///< The window that the name names.
    time_form form = time_form::by_size;
};

/** Take a field's name apart: "X-HubSpot-RateLimit-Daily-Remaining".

    Vendors' words may stand before "ratelimit", but behind it every word must be known: an unknown
    one may be a unit that is not requests, or an endpoint that this chain does not use.
*/
[[nodiscard]] quota_field read_quota_field(std::string_view header);

}  // namespace catena::codec
