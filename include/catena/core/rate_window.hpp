// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>

namespace catena {

/// What exchanges took, by which it is judged when a request came to the server.
struct exchange_times {
    duration shortest = duration::max();  ///< max(): no exchange has ended yet.
    duration longest = duration::zero();
    std::uint32_t samples = 0;  ///< Up to `enough`.
    static constexpr std::uint32_t enough = 8;

    void add(duration took) noexcept
    {
        samples = std::min(samples + 1, enough);
        shortest = std::min(shortest, took);
        longest = std::max(longest, took);
    }
};

/** At most `most` units in every span of `per`, as a strict server counts them.

    A server counts a request when it arrives, which nobody here sees. It is between sending and
    answer, and what the quickest exchange took is common to all: so a request counts from its
    sending until `per` after it can have arrived at the latest. On a network without jitter that
    costs nothing; with jitter it costs just the jitter.

    @par Guarantee
    Where each request arrives after its sending and, shifted by what is common to all, before its
    answer, no span of `per` holds more than `most` units on the server's side.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.

    @par Complexity
    O(1) amortised for units alike; memory for at most 4,096 moments and what is in flight.
*/
class rate_window {
public:
    /// @pre `most > 0` and `per > 0`.
    rate_window(std::uint64_t most, duration per) noexcept;

    /** When `units` may be spent: never before `now`.

        time_point::max() means: not before a request in flight has ended.

        @pre `0 < units <= most`.
    */
    [[nodiscard]] time_point earliest(time_point now, std::uint64_t units,
                                      const exchange_times& pace) const noexcept;

    /// Send a request. @pre `earliest(now, units, pace) == now`.
    void take(time_point now, std::uint64_t units);

    /// A request that was sent at `sent` has ended, with an answer or without.
    void ended(time_point sent, time_point now, std::uint64_t units);

    /// Forgetting it would forget nothing.
    [[nodiscard]] bool quiet(time_point now) const noexcept;

private:
    struct spent {
        time_point at;
        std::uint64_t units;
        time_point first = at;  // of the moments that became one
    };

    void forget(time_point now) noexcept;

    std::uint64_t most_;
    duration per_;
    std::deque<spent> ended_;   // by the moment they ended, ascending
    std::deque<spent> flying_;  // by the moment they were sent, ascending
    std::uint64_t ended_units_ = 0;
    std::uint64_t flying_units_ = 0;
};

}  // namespace catena
