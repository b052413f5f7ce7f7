#include "net/pool.hpp"

#include <utility>

namespace catena::net {

pool::entry pool::enter(customer& c, const origin& to, time_point now,
                        std::unique_ptr<connection>& kept)
{
    sweep(now);
    c.lane_ = lanes_.try_emplace(to).first;
    lane& l = c.lane_->second;
    if (l.busy >= limits_.connections_per_origin) {
        c.place_ = l.queue.insert(l.queue.end(), &c);
        c.state_ = customer::state::queued;
        return entry::queued;
    }
    ++l.busy;
    c.state_ = customer::state::inside;
    kept = take(l, now);
    return entry::admitted;
}

void pool::leave(customer& c, std::unique_ptr<connection> kept, time_point now)
{
    if (c.state_ == customer::state::outside) return;
    const auto at = c.lane_;
    lane& l = at->second;
    if (c.state_ == customer::state::queued) {
        l.queue.erase(c.place_);
    } else {
        --l.busy;
    }
    c.state_ = customer::state::outside;

    if (kept) {
        kept->idle_since = now;
        l.idle.push_back(std::move(kept));
        if (l.idle.size() > limits_.idle_per_origin && l.queue.empty()) l.idle.pop_front();
    }
    while (!l.queue.empty() && l.busy < limits_.connections_per_origin) {
        customer& next = *l.queue.front();
        l.queue.pop_front();
        ++l.busy;
        next.state_ = customer::state::inside;
        next.on_turn(take(l, now));
    }
    drop_old(l, now);
    if (l.busy == 0 && l.idle.empty()) lanes_.erase(at);
}

void pool::clear()
{
    // Customers under way still hold their lanes.
    for (auto& [to, l] : lanes_)
        l.idle.clear();
}

std::unique_ptr<connection> pool::take(lane& l, time_point now)
{
    drop_old(l, now);
    while (!l.idle.empty()) {
        std::unique_ptr<connection> last = std::move(l.idle.back());
        l.idle.pop_back();
        if (last->is_quiet()) return last;
    }
    return nullptr;
}

void pool::drop_old(lane& l, time_point now)
{
    while (!l.idle.empty() && now - l.idle.front()->idle_since >= limits_.idle_time)
        l.idle.pop_front();
}

void pool::sweep(time_point now)
{
    if (now < next_sweep_) return;
    next_sweep_ = saturating_add(now, limits_.idle_time);
    for (auto at = lanes_.begin(); at != lanes_.end();) {
        drop_old(at->second, now);
        const bool unused = at->second.busy == 0 && at->second.idle.empty();
        at = unused ? lanes_.erase(at) : std::next(at);
    }
}

}  // namespace catena::net
