#pragma once

#include "run/doorbell.hpp"
#include "run/waiting_line.hpp"
#include <catena/core/budget.hpp>
#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace catena {

/// The server answers nothing good.
struct outage {
    time_point since;
    error_code last;  ///< What the last request failed with.
};

/** One budget, and the lines of all engines that share it.

    Whoever comes serves all: the ticket that leads over all lines is granted first. One of another
    engine gets its permit put aside, and that engine is called to its own executor for it. An
    engine that does not come in time loses what was put aside, and others pass its line until it
    comes again; so a context that stands still holds nobody up.

    @par Guarantee
    Nobody polls: engines sleep until the moment when the first of all tickets may go, or until they
    are called.

    @par Thread safety
    Shared objects: safe; each member belongs to its engine's executor. Nothing is called with a
    lock held: bells are given back to be rung.
*/
class common_budget {
public:
    /// How long an engine has to come for a permit.
    static constexpr duration patience = std::chrono::seconds(1);
    /// Permits put aside for one engine. More would be lost with one that does not come.
    static constexpr std::size_t most_aside = 1;

    /// One engine's place. Only common_budget looks into it.
    class member {
        friend class common_budget;
        struct award {
            ticket* to;
            budget::permit permit;
        };

        std::shared_ptr<doorbell> bell;
        waiting_line line;
        std::deque<award> aside;  // tickets in it stand in no line
        std::map<std::pair<time_point, budget::share>, std::size_t> spent;  // not given back yet
        time_point wakes = time_point::max();                               // by itself
        time_point called = time_point::max();  // and has not come since
        bool absent = false;                    // did not come in time
        bool hold_is_new = false;
        bool failure_is_new = false;
    };

    /// What a member is to do.
    struct decision {
        ticket* granted = nullptr;  ///< Serve it, then ask again.
        budget::permit permit;
        std::optional<time_point> wake;  ///< Else come again then; none: as before.
        bool idle = false;               ///< And what was to wake is not needed any more.
        bells to_ring;
    };

    [[nodiscard]] std::shared_ptr<member> join(std::shared_ptr<doorbell> bell);

    /// Gives back all that `me` has. What it had in flight counts as sent.
    [[nodiscard]] bells leave(member& me);

    [[nodiscard]] budget::share add(const limits_rule& limits);

    void ask(member& me, ticket& t);
    /// @return Whether nobody of `me` waits any more.
    [[nodiscard]] bool withdraw(member& me, ticket& t, bells& to_ring) noexcept;

    /// @param woken The moment has come that the last decision named.
    [[nodiscard]] decision next(member& me, time_point now, bool woken);

    void release(member& me, const budget::permit& p, exchange_outcome how,
                 std::span<const quota_signal> told, error_code why, time_point now,
                 bells& to_ring);

    /// @return Whether `t` is later than it was.
    [[nodiscard]] bool hold_until(member& me, time_point t, duration later, bells& to_ring);
    [[nodiscard]] time_point shut_until(time_point now) const;
    [[nodiscard]] budget_state state(time_point now) const;

    /// What `me` has not heard of yet.
    struct news {
        std::optional<time_point> held;
        bool failure = false;  ///< A request has failed while the server is down.
    };
    /// `me` came, perhaps because it was called.
    [[nodiscard]] news came(member& me);

    [[nodiscard]] std::optional<outage> down() const;

    /// See budget::cap().
    void cap(std::uint32_t n);

    [[nodiscard]] std::vector<ticket*> waiting(const member& me) const;
    [[nodiscard]] bool quiet(time_point now) const;

private:
    struct lead {
        ticket* who = nullptr;
        member* of = nullptr;
        time_point then = time_point::max();
    };

    // Clocks of several threads are read before the lock is had.
    [[nodiscard]] time_point advance(time_point now) noexcept;
    [[nodiscard]] lead choose(const member& me, time_point now) const noexcept;
    void put_aside(member& m, ticket& t, time_point now, bells& to_ring);
    void give_back(member& m, const budget::permit& p, time_point now);
    void take_back(member& m, time_point now);
    void take_back_late(const member& me, time_point now);
    void spend(member& m, const ticket& t, time_point now);
    static void call(member& m, time_point now, bells& to_ring);
    void call_waiting(time_point now, bells& to_ring);

    mutable std::mutex mutex_;
    budget budget_;
    std::vector<std::shared_ptr<member>> members_;
    std::uint64_t last_number_ = 0;
    time_point now_ = time_point::min();
    error_code last_failure_;
};

}  // namespace catena
