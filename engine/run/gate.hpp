#pragma once

#include "run/alarm.hpp"
#include <catena/core/budget.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace catena {

/** The queue in front of a budget. Every request passes here.

    An urgent lane goes before a normal one, and that before one in the background. Within a lane
    those whose cursor dies soon go first, by the moment it dies; all others as they came. Repeats
    that the budget has no room for let first tries pass.
*/
class gate final : public alarm::sleeper {
public:
    /// A cursor that lives no longer than this goes first.
    static constexpr duration near_end = std::chrono::seconds(5);

    /// Derive from it and be granted. Must withdraw before it is destroyed.
    class waiter {
    public:
        /// `p` is yours: send, then release(). May ask for another one.
        virtual void granted(const budget::permit& p) = 0;

        /// Nothing will be granted before `t`. May withdraw.
        virtual void held(time_point t) = 0;

    protected:
        ~waiter() = default;

    private:
        friend class gate;
        std::uint64_t number_ = 0;  // 0: not in a queue
        time_point good_until_{};
        budget::request wants_;
        lane lane_ = lane::normal;
    };

    gate(timekeeper& clock, std::shared_ptr<alarm> wakes);
    ~gate();
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    /// A further connector shares this budget: all policies hold at once, the lower cap counts.
    budget::share add(const limits_rule& limits) { return budget_.add(limits); }

    /// Queue up. The grant may come within this call.
    void ask(waiter& w, const budget::request& r, lane l, time_point good_until);
    void withdraw(waiter& w) noexcept;

    /// The exchange that a permit was used for has ended. Grants nothing yet: its answer may ask
    /// for a hold. Call pump() when that is known.
    void release(const budget::permit& p, exchange_outcome how,
                 std::span<const quota_signal> told = {});

    /// Grant what may be granted now.
    void pump();

    /// Grant nothing before `t`. @return Whether that is later than it was.
    bool hold_until(time_point t);
    [[nodiscard]] time_point held_until() const noexcept { return budget_.held_until(); }

    /// Nothing waits, and forgetting it would forget neither a request nor a hold.
    [[nodiscard]] bool forgettable(time_point now) const noexcept
    {
        return waiting_ == 0 && budget_.quiet(now);
    }

private:
    struct queue {
        std::map<std::uint64_t, waiter*> in_turn;                            // by number
        std::map<std::pair<time_point, std::uint64_t>, waiter*> by_the_end;  // where it is known
    };

    void wake() override { pump(); }
    [[nodiscard]] queue& queue_of(const waiter& w) noexcept;
    [[nodiscard]] static waiter* first_of(const queue& q, time_point now) noexcept;

    budget budget_;
    timekeeper& clock_;
    std::shared_ptr<alarm> wakes_;
    std::array<std::array<queue, 2>, 3> lanes_;  // of each lane first tries, then repeats
    std::size_t waiting_ = 0;
    std::uint64_t last_number_ = 0;
    bool pumping_ = false;
};

}  // namespace catena
