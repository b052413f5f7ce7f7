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
}

void gate::release()
{
    budget_.release();
    pump();
}

bool gate::hold_until(time_point t)
{
    const bool later = t > budget_.held_until();
    budget_.hold_until(t);
    return later;
}

void gate::pump()
{
    if (pumping_) return;  // a grant asked again: the loop below sees it
    pumping_ = true;
    while (!queue_.empty()) {
        const time_point now = clock_.now();
        const time_point then = budget_.earliest(now);
        if (then > now) {
            if (then != time_point::max()) wakes_->set(*this, then);
            break;
        }
        budget_.take(now);
        waiter& first = *queue_.front();
        withdraw(first);
        first.granted();
    }
    pumping_ = false;
}

}  // namespace catena
