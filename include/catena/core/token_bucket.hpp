// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <cstdint>

namespace catena {

/** The request rate of one policy: `burst` at once, then one each `interval`.

    Holds no clock and starts no timer: the caller passes the time in. One bucket is 24 bytes
    however large the burst, and every call is O(1) without allocation (the generic cell rate
    algorithm, ITU-T I.371).

    @par Guarantee
    Over any span of length `s`, at most `burst + s / interval` permits are granted, whatever the
    order of calls. Rounding is against the caller: the rate is never exceeded by a fraction.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe; the engine keeps each bucket on its executor.
*/
class token_bucket {
public:
    /** @param interval Time for one permit to come back. At 10 requests a second, 100 ms.
        @param burst    Permits that may be spent at once after a quiet spell.
        @pre `interval > 0` and `burst > 0`.
    */
    token_bucket(duration interval, std::uint32_t burst) noexcept;

    /** When the next `units` permits may be used: never before `now`. Takes nothing.

        More units than the burst wait for a whole bucket.
    */
    [[nodiscard]] time_point earliest(time_point now, std::uint32_t units = 1) const noexcept;

    /// The whole burst may be spent at once.
    [[nodiscard]] bool full(time_point now) const noexcept { return line_ <= now; }

    /// Spend them. @pre `now >= earliest(now, units)`.
    void take(time_point now, std::uint32_t units = 1) noexcept;

private:
    duration interval_;
    duration tolerance_;                   // how far ahead of the line a full burst may run
    time_point line_ = time_point::min();  // when the bucket would next be empty of debt
};

}  // namespace catena
