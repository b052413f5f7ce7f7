// layer: core
#pragma once

#include <catena/connector.hpp>
#include <catena/core/budget_state.hpp>
#include <catena/core/flow.hpp>
#include <catena/core/quota_signal.hpp>
#include <catena/core/rate_window.hpp>
#include <catena/core/time.hpp>
#include <catena/core/token_bucket.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace catena {

/** What all chains that share one set of credentials may send together.

    Everything holds at once: declared policies, a cap on requests in flight, the quotas that the
    server tells of in its answers, holds, what the server's health allows (@ref flow), and a quota
    of repeats. It queues nobody: the engine's gate keeps the waiters in order and asks here for
    each.

    @par Guarantee
    The first request goes alone, since its answer may tell of quotas, unless it takes longer than
    the head start. No request is granted before
    the end of a hold, above any policy, above the cap, or while a
    quota that the server told of is used up.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class budget {
public:
    /// Who asks: what one request costs in each policy depends on the connector.
    enum class share : std::uint32_t {};

    struct request {
        share by{};
        bool repeat = false;  ///< It was sent before, and failed.
    };

    /// What was granted; give it back when the exchange has ended.
    struct permit {
        time_point sent;
        share by{};
    };

    /// Repeats are a tenth of all requests at most, beyond a reserve; without any, one in so long.
    static constexpr double repeats_a_request = 0.1;
    static constexpr double repeats_in_reserve = 20;
    static constexpr duration repeat_pause = std::chrono::seconds(10);

    /// How long all others wait for the first answer.
    static constexpr duration head_start = std::chrono::seconds(1);

    /// Servers count seconds to a window's end, and round them as they like.
    static constexpr duration rounding = std::chrono::seconds(1);

    /// Where a quota is used up and nobody says until when.
    static constexpr duration blind_pause = std::chrono::seconds(1);

    /// No policy and concurrency 0 grant everything at once.
    budget() = default;
    explicit budget(const limits_rule& l) { (void)add(l); }

    /// Keep these limits too: policies that are not known yet, and the lower cap. Equal limits have
    /// one share, however often they are added.
    share add(const limits_rule& l);

    /** When such a request may go: `now` itself if it may go now.

        time_point::max() means: not before one in flight has ended.
    */
    [[nodiscard]] time_point earliest(time_point now, const request& r) const noexcept;
    [[nodiscard]] time_point earliest(time_point now) const noexcept
    {
        return earliest(now, request());
    }

    /// Spend what it costs and a place in flight. @pre `earliest(now, r) == now`.
    permit take(time_point now, const request& r);

    /** The exchange that `p` was spent for has ended.

        @param told The quotas that its answer told of.
    */
    void release(const permit& p, exchange_outcome how, std::span<const quota_signal> told,
                 time_point now);

    /** Grant nothing before `t`: the server said so (429 or 503 with Retry-After). Holds only grow.

        @param later Chance, so that processes which share a quota do not all return at once: as
                     much longer nothing is granted. Counts in no comparison of holds.
    */
    void hold_until(time_point t, duration later = duration::zero()) noexcept;

    /// The server says how many requests may be in flight; its latest word counts. @pre `n > 0`.
    void cap(std::uint32_t n) noexcept { told_cap_ = n; }

    /// Nothing is in flight, nothing held and every window empty: a new budget would be the same.
    [[nodiscard]] bool quiet(time_point now) const noexcept;

    /// As the server said, without what chance added.
    [[nodiscard]] time_point held_until() const noexcept { return held_; }

    /// The same, or later the moment at which a quota that is used up begins anew.
    [[nodiscard]] time_point shut_until(time_point now) const noexcept;
    [[nodiscard]] std::uint32_t in_flight() const noexcept { return flow_.in_flight(); }
    [[nodiscard]] const flow& health() const noexcept { return flow_; }
    [[nodiscard]] budget_state state(time_point now) const noexcept;

private:
    struct policy {
        rate_policy rule;
        token_bucket pace;
        std::optional<rate_window> window;
        std::vector<std::uint32_t> costs;  // by share

        [[nodiscard]] std::uint32_t cost_for(share s) const noexcept
        {
            return costs[static_cast<std::size_t>(s)];
        }
    };
    struct quota {
        std::string name;
        std::uint64_t least = 0;   // the fewest that an answer of this window left
        std::uint64_t silent = 0;  // ended since without a word on it
        std::uint64_t limit = 0;   // of a window; 0: unknown
        time_point reset = time_point::max();
    };

    void learn(const quota_signal& s, time_point now);
    [[nodiscard]] time_point allowed_by(const quota& q, time_point now) const noexcept;
    [[nodiscard]] time_point repeat_at(time_point now) const noexcept;

    std::vector<policy> policies_;
    std::vector<quota> quotas_;
    flow flow_;
    exchange_times pace_;
    std::vector<limits_rule> joined_;  // by share
    time_point held_ = time_point::min();
    duration later_{};  // than held_, by chance
    time_point last_repeat_ = time_point::min();
    double repeats_left_ = repeats_in_reserve;
    std::uint32_t concurrency_ = 0;  // 0: no cap
    std::uint32_t told_cap_ = 0;     // the server's own
    bool hold_ends_ = false;         // nothing was sent since the last hold
    bool heard_ = false;             // some exchange has ended
    time_point first_{};             // when the first request was sent
};

}  // namespace catena
