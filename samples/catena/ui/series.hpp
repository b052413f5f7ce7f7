#pragma once

#include <catena/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ui {

/// What happened in one stretch of time.
struct point {
    double until = 0;  ///< Seconds since the run began; it begins where the one before ends.
    std::uint64_t records = 0;  ///< Committed.
    std::uint64_t requests = 0;
    std::uint64_t throttled = 0, recovered = 0, retried = 0;
    std::uint32_t in_flight = 0;  ///< The most that was seen.
    std::uint32_t bound = 0;      ///< The most that was allowed; 0: as many as one likes.
    bool held = false;            ///< The server had asked to wait, or a quota was used up.
    std::uint64_t answers = 0;
    double p50 = 0, p90 = 0, p99 = 0;  ///< Seconds; of nothing where `answers` is 0.
};

/** A run's points, as many as fit on a screen however long it takes.

    Points are a quarter of a second long; with the 1,201st all are joined two by two, and each is
    twice as long from then on. Counts add up, and of times, requests in flight and their bound a
    joined point has the larger ones: a peak stays, and looks like no breach.
*/
class series {
public:
    static constexpr std::size_t most = 1'200;
    static constexpr catena::duration shortest = std::chrono::milliseconds(250);

    [[nodiscard]] catena::duration step() const noexcept { return step_; }
    /// @param p `until` is its own; longer than step() only where nothing was looked at for long.
    void add(const point& p);
    [[nodiscard]] const std::vector<point>& points() const noexcept { return points_; }

private:
    std::vector<point> points_;
    catena::duration step_ = shortest;
};

}  // namespace ui
