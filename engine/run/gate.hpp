#pragma once

#include "run/alarm.hpp"
#include <catena/core/budget.hpp>
#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>

#include <list>
#include <memory>
#include <optional>

namespace catena {

/** The queue in front of a budget: first come, first granted. Every request passes here. */
class gate final : public alarm::sleeper {
public:
    /// Derive from it and be granted. Must withdraw before it is destroyed.
    class waiter {
    public:
        /// A permit is yours: send, then release(). May ask for another one.
        virtual void granted() = 0;

        /// Nothing will be granted before `t`. May withdraw.
        virtual void held(time_point t) = 0;

    protected:
        ~waiter() = default;

    private:
        friend class gate;
        std::optional<std::list<waiter*>::iterator> place_;
    };

    gate(const limits_rule& limits, timekeeper& clock, std::shared_ptr<alarm> wakes);
    ~gate();
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    /// Queue up. The grant may come within this call.
    void ask(waiter& w);
    void withdraw(waiter& w) noexcept;

    /// The exchange that a permit was used for has ended. Grants nothing yet: its answer may ask
    /// for a hold. Call pump() when that is known.
    void release() noexcept { budget_.release(); }

    /// Grant what may be granted now.
    void pump();

    /// Grant nothing before `t`. @return Whether that is later than it was.
    bool hold_until(time_point t);
    [[nodiscard]] time_point held_until() const noexcept { return budget_.held_until(); }

    /// A further connector shares this budget: all policies hold at once, the lower cap counts.
    void add(const limits_rule& limits) { budget_.add(limits); }

    /// Nothing waits, and forgetting it would forget neither a request nor a hold.
    [[nodiscard]] bool forgettable(time_point now) const noexcept
    {
        return queue_.empty() && budget_.quiet(now);
    }

private:
    void wake() override { pump(); }

    budget budget_;
    timekeeper& clock_;
    std::shared_ptr<alarm> wakes_;
    std::list<waiter*> queue_;
    bool pumping_ = false;
};

}  // namespace catena
