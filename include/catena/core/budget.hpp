// layer: core
#pragma once

#include <catena/connector.hpp>
#include <catena/core/time.hpp>
#include <catena/core/token_bucket.hpp>

#include <cstdint>
#include <vector>

namespace catena {

/** What all chains that share one set of credentials may send together.

    Several rate policies, a cap on requests in flight and holds, all at once. It queues nobody:
    the engine's gate keeps the waiters in order and asks here for each.

    @par Guarantee
    No request is granted before the end of a hold, above any policy, or above the cap.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class budget {
public:
    /// No policy and concurrency 0 grant everything at once.
    explicit budget(const limits_rule& l = {});

    /** When the next request may go: `now` itself if it may go now.

        time_point::max() means: not before one in flight is released.
    */
    [[nodiscard]] time_point earliest(time_point now) const noexcept;

    /// Spend a permit of each policy and a place in flight. @pre `earliest(now) == now`.
    void take(time_point now) noexcept;

    /// The exchange that a permit was spent for has ended.
    void release() noexcept;

    /// Grant nothing before `t`: the server said so (429 or 503 with Retry-After). Holds only grow.
    void hold_until(time_point t) noexcept;

    /// Keep these limits too: policies that are not known yet, and the lower cap.
    void add(const limits_rule& l);

    /// Nothing is in flight, nothing held and every burst whole: a new budget would be the same.
    [[nodiscard]] bool quiet(time_point now) const noexcept;

    [[nodiscard]] time_point held_until() const noexcept { return held_; }
    [[nodiscard]] std::uint32_t in_flight() const noexcept { return in_flight_; }

private:
    std::vector<rate_policy> policies_;
    std::vector<token_bucket> buckets_;  // one for each policy
    time_point held_ = time_point::min();
    std::uint32_t concurrency_ = 0;  // 0: no cap
    std::uint32_t in_flight_ = 0;
};

}  // namespace catena
