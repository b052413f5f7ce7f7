#pragma once

#include <catena/core/range_rule.hpp>
#include <catena/core/time.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catena::core {

__extension__ typedef __int128 wide;  // nanoseconds of ten thousand years

/// A moment of the calendar, exact to 18 digits of a second, rounded by nobody.
struct moment {
    std::int64_t seconds = 0;  ///< Since 1970, rounded down.
    std::int64_t atto = 0;     ///< What is above that, in 10^-18 s.

    friend std::strong_ordering operator<=>(const moment&, const moment&) = default;
};

/** An RFC 3339 date-time, or a number since 1970.

    An offset may stand without its colon. A date-time without an offset is no moment, nor is a leap
    second, which numbers since 1970 cannot tell from the second after.

    @param numbers_as What a number means; of moment_form::rfc3339 a number is nothing.
    @return Nothing for a text that is neither, more than 18 digits of a fraction, or more than 15
    of whole seconds.
*/
[[nodiscard]] std::optional<moment> read_moment(std::string_view text, moment_form numbers_as);

/// Whether `text` is surely a date-time in UTC of the plainest kind, "2026-01-05T00:00:00Z" with a
/// fraction or without: two of them whose first 19 octets differ compare as those do.
[[nodiscard]] bool is_plain_utc(std::string_view text) noexcept;

/// Whole steps of `step` up to `m`, rounded down or up. @pre step > 0.
[[nodiscard]] wide steps_down(const moment& m, duration step) noexcept;
[[nodiscard]] wide steps_up(const moment& m, duration step) noexcept;

/// `steps * step` since 1970 as `form` writes it, in UTC, with the digits that `step` needs.
/// Nothing for what has no four digits of a year in RFC 3339.
[[nodiscard]] std::optional<std::string> write_moment(wide steps, duration step, moment_form form);

}  // namespace catena::core
