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

    /// The exchange that a permit was used for has ended.
    void release();

    /// Grant nothing before `t`. @return Whether that is later than it was.
    bool hold_until(time_point t);

private:
    void wake() override { pump(); }
    void pump();

    budget budget_;
    timekeeper& clock_;
    std::shared_ptr<alarm> wakes_;
    std::list<waiter*> queue_;
    bool pumping_ = false;
};

}  // namespace catena
