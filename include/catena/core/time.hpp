// layer: core
#pragma once

#include <chrono>

namespace catena {

/** The clock that catena computes with. It cannot be asked for the time.

    Every decision takes the time as an argument, so the core has no use for a clock that ticks,
    and leaving `now()` out makes that a fact the compiler checks. Only a @ref timekeeper knows
    what time it is.
*/
struct timeline {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<timeline>;
    static constexpr bool is_steady = true;
};

using duration = timeline::duration;

/// A moment on the steady timeline. Comparable only with moments of the same timekeeper.
using time_point = timeline::time_point;

/// A moment of the calendar, UTC. Used for HTTP dates only, never for waiting.
using wall_time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// `t + d`, or the end of time where that would overflow. @pre `d >= duration::zero()`.
[[nodiscard]] constexpr time_point saturating_add(time_point t, duration d) noexcept
{
    return t > time_point::max() - d ? time_point::max() : t + d;
}

}  // namespace catena
