#pragma once

#include <catena/core/http.hpp>
#include <catena/core/signals_rule.hpp>
#include <catena/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace catena::codec {

/// Times beyond this are nonsense: no quota lasts longer than a year.
inline constexpr std::chrono::seconds longest_quota_time = std::chrono::hours(24 * 366);

[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;

/// A number of requests: "59", "59.0", "-3". A fraction is rounded down, below zero is zero.
[[nodiscard]] std::optional<std::uint64_t> read_count(std::string_view text);

/// Seconds that are no nonsense, as a duration.
[[nodiscard]] std::optional<duration> sane_seconds(std::int64_t n);

/** A length of time, rounded up. Nothing if it is zero.

    @param as Not a date. By size, a bare number is seconds where it is small or whole days.
*/
[[nodiscard]] std::optional<duration> read_window(std::string_view text, time_form as);

/// Reads when windows begin anew, against the answer's clock (see @ref read_retry_after).
class reset_reader {
public:
    reset_reader(const response_head& head, wall_time received);

    /** From now; past moments of the last day are now.

        @param window Tells apart by size what is unsure without it.
    */
    [[nodiscard]] std::optional<duration> read(std::string_view text, time_form as,
                                               std::optional<duration> window) const;

private:
    [[nodiscard]] std::optional<duration> until(std::chrono::sys_seconds at,
                                                std::chrono::nanoseconds rest) const;
    [[nodiscard]] std::optional<duration> read_date(std::string_view text) const;

    std::chrono::sys_seconds now_;
    wall_time received_;
};

}  // namespace catena::codec
