#include "net/pool.hpp"

#include <utility>

namespace catena::net {

pool::entry pool::enter(customer& c, const http_request& ask, bool certified, time_point now,
                        std::unique_ptr<connection>& kept)
{
    sweep(now);
    c.session_ = ask.session;
    c.on_ = ask.on;
    const bool exempt = rule_ != address_rule::any && ask.own_address;
    c.lane_ = lanes_.try_emplace(lane_key{ask.to, certified, exempt}).first;
    lane& l = c.lane_->second;
    if (l.busy >= limits_.connections_per_origin) {
        c.place_ = l.queue.insert(l.queue.end(), &c);
        c.state_ = customer::state::queued;
        return entry::queued;
    }
    ++l.busy;
    c.state_ = customer::state::inside;
    kept = take(l, c, now);
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

    forget_hunger(c);
    if (kept && c.session_ == 0 && worn(*kept, now)) kept.reset();
    feed(c, kept, now);
    if (kept) keep(l, c.session_, std::move(kept), now);
    while (!l.queue.empty() && l.busy < limits_.connections_per_origin) {
        customer& next = *l.queue.front();
        l.queue.pop_front();
        ++l.busy;
        next.state_ = customer::state::inside;
        next.on_turn(take(l, next, now));
    }
    while (l.idle.size() > limits_.idle_per_origin)
        l.idle.pop_front();
    drop_old(l, now);
    if (l.busy == 0 && l.idle.empty() && l.own.empty()) lanes_.erase(at);
}

void pool::clear()
{
    // Customers under way still hold their lanes.
    for (auto& [to, l] : lanes_) {
        l.idle.clear();
        l.own.clear();
    }
}

std::unique_ptr<connection> pool::take(lane& l, const customer& c, time_point now)
{
    if (c.session_ != 0) return take_own(l, c, now);
    if (c.on_ == connection_choice::fresh) return nullptr;
    drop_old(l, now);
    while (!l.idle.empty()) {
        std::unique_ptr<connection> last = std::move(l.idle.back());
        l.idle.pop_back();
        if (!worn(*last, now) && last->is_quiet()) return last;
    }
    return nullptr;
}

// A session has one connection: a new one takes the place of that which stands idle.
std::unique_ptr<connection> pool::take_own(lane& l, const customer& c, time_point now)
{
    auto found = l.own.extract(c.session_);
    if (found.empty()) return nullptr;
    std::unique_ptr<connection> own = std::move(found.mapped());
    const bool good = c.on_ != connection_choice::fresh &&
                      now - own->idle_since < limits_.idle_time && own->is_quiet();
    if (!good) own.reset();
    return own;
}

void pool::keep(lane& l, std::uint64_t session, std::unique_ptr<connection> kept, time_point now)
{
    kept->idle_since = now;
    if (session != 0) {
        l.own.insert_or_assign(session, std::move(kept));
    } else {
        l.idle.push_back(std::move(kept));
    }
}

bool pool::worn(const connection& c, time_point now) const
{
    const bool old = limits_.most_age != duration::zero() && now - c.opened >= limits_.most_age;
    const bool used_up =
        limits_.requests_per_connection != 0 && c.exchanges >= limits_.requests_per_connection;
    return old || used_up;
}

void pool::drop_old(lane& l, time_point now)
{
    while (!l.idle.empty() && now - l.idle.front()->idle_since >= limits_.idle_time) {
        l.idle.pop_front();
        relieve_next();
    }
}

void pool::sweep(time_point now)
{
    if (now < next_sweep_) return;
    next_sweep_ = saturating_add(now, limits_.idle_time);
    for (auto at = lanes_.begin(); at != lanes_.end();) {
        lane& l = at->second;
        drop_old(l, now);
        std::erase_if(l.own, [&](const auto& kept) {
            return now - kept.second->idle_since >= limits_.idle_time;
        });
        const bool unused = l.busy == 0 && l.idle.empty() && l.own.empty();
        at = unused ? lanes_.erase(at) : std::next(at);
    }
}

}  // namespace catena::net
