#include "run/gate.hpp"

#include <utility>

namespace catena {

gate::gate(const limits_rule& limits, timekeeper& clock, std::shared_ptr<alarm> wakes)
    : budget_(limits), clock_(clock), wakes_(std::move(wakes))
{
}

gate::~gate() { wakes_->cancel(*this); }

void gate::ask(waiter& w)
{
    w.place_ = queue_.insert(queue_.end(), &w);
    pump();
}

void gate::withdraw(waiter& w) noexcept
{
    if (!w.place_) return;
    queue_.erase(*w.place_);
    w.place_.reset();
    if (queue_.empty()) wakes_->cancel(*this);
}

bool gate::hold_until(time_point t)
{
    if (t <= budget_.held_until()) return false;
    budget_.hold_until(t);
    const std::list<waiter*> waiting = queue_;  // those that are told may leave
    for (waiter* w : waiting)
        w->held(t);
    return true;
}

void gate::pump()
{
    if (pumping_) return;  // a grant asked again: the loop below sees it
    pumping_ = true;
    struct reset {
        bool& flag;
        ~reset() { flag = false; }
    } const at_end{pumping_};

    while (!queue_.empty()) {
        const time_point now = clock_.now();
        const time_point then = budget_.earliest(now);
        if (then > now) {
            if (then != time_point::max()) wakes_->set(*this, then);
            return;
        }
        budget_.take(now);
        waiter& first = *queue_.front();
        withdraw(first);
        first.granted();
    }
}

}  // namespace catena
