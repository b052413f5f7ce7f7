// layer: codec
#pragma once

#include <catena/core/time.hpp>

#include <optional>
#include <span>
#include <string_view>

namespace catena {

/** How long a server asks to wait (RFC 9110, section 10.2.3), from its receipt.

    Seconds or any of the three HTTP dates. A date is measured against the answer's own Date header
    where that can be read, so that a wrong clock on either side does no harm; else against
    `received`. Past moments give zero. Of several values that differ the longest counts.

    @param values   Of the Retry-After lines, in order.
    @param date     Of the Date line; empty if there is none.
    @return Nothing where no line can be read: the caller's own backoff applies.
*/
[[nodiscard]] std::optional<duration> read_retry_after(std::span<const std::string_view> values,
                                                       std::string_view date, wall_time received);

/// An HTTP date in any of its three forms (RFC 9110, section 5.6.7).
[[nodiscard]] std::optional<wall_time> read_http_date(std::string_view text, wall_time received);

}  // namespace catena
