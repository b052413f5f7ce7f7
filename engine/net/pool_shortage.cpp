// What the pool does where no more sockets can be opened.
#include "net/pool.hpp"

#include <boost/asio/socket_base.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace catena::net {

namespace {

// A session's connection that rests for so long may be given up for others; what it costs is a
// query rebuilt. One in use every now and then must not be taken from under its chain.
constexpr duration rest_of_sessions = std::chrono::seconds(1);

// To use a connection again is cheaper than to open one for somebody else, who must not wait for
// ever because of that.
constexpr duration patience = std::chrono::seconds(1);

}  // namespace

bool pool::find_room(customer& c, bool abruptly, time_point now, std::unique_ptr<connection>& kept)
{
    kept = take(c.lane_->second, c, now);
    if (kept) {
        on_connected(c);
        return true;
    }
    if (close_idle(abruptly, now)) return true;
    if (!c.starving_) {
        c.hunger_ = starving_.insert(starving_.end(), &c);
        c.starving_ = true;
        c.starving_since_ = now;
    }
    c.woken_ = false;
    return false;
}

void pool::on_connected(customer& c)
{
    if (starving_.empty()) return;
    forget_hunger(c);
    relieve_next();
}

bool pool::close_idle(bool abruptly, time_point now)
{
    lane* oldest = nullptr;
    for (auto& [to, l] : lanes_) {
        if (l.idle.empty()) continue;
        if (oldest == nullptr || l.idle.front()->idle_since < oldest->idle.front()->idle_since)
            oldest = &l;
    }
    std::unique_ptr<connection> gone;
    if (oldest != nullptr) {
        gone = std::move(oldest->idle.front());
        oldest->idle.pop_front();
    } else {
        time_point least = now - rest_of_sessions;
        std::unique_ptr<connection>* found = nullptr;
        for (auto& [to, l] : lanes_) {
            for (auto& [session, own] : l.own) {
                if (own->idle_since > least) continue;
                least = own->idle_since;
                found = &own;
                oldest = &l;
            }
        }
        if (found == nullptr) return false;
        gone = std::move(*found);
        std::erase_if(oldest->own, [](const auto& own) { return own.second == nullptr; });
    }
    error_code ignored;
    if (abruptly) gone->socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    return true;
}

// Those who wait for a socket come before those who wait for a turn: they have had theirs. A
// connection that is of no use to them gives its socket, unless a session hangs on it.
void pool::feed(const customer& from, std::unique_ptr<connection>& kept, time_point now)
{
    customer* const first = next_starving();
    if (first == nullptr) return;
    if (kept) {
        const auto fits = [&](const customer* c) {
            return !c->woken_ && c->lane_ == from.lane_ && c->session_ == from.session_ &&
                   c->on_ != connection_choice::fresh;
        };
        const bool patient = now - first->starving_since_ < patience || from.session_ != 0;
        const auto end = patient ? starving_.end() : std::next(first->hunger_);
        const auto heir = std::find_if(first->hunger_, end, fits);
        if (heir != end) return relieve(**heir, std::move(kept));
        if (from.session_ == 0) kept.reset();
    }
    relieve(*first, nullptr);
}

customer* pool::next_starving() const
{
    const auto next = std::find_if(starving_.begin(), starving_.end(),
                                   [](const customer* c) { return !c->woken_; });
    return next == starving_.end() ? nullptr : *next;
}

void pool::relieve_next()
{
    if (customer* const next = next_starving()) relieve(*next, nullptr);
}

void pool::relieve(customer& c, std::unique_ptr<connection> kept)
{
    c.woken_ = true;
    if (kept) forget_hunger(c);
    c.on_relief(std::move(kept));
}

void pool::forget_hunger(customer& c) noexcept
{
    if (c.starving_) starving_.erase(c.hunger_);
    c.starving_ = false;
}

}  // namespace catena::net
