#include "net/deadlines.hpp"

#include "net/steady.hpp"

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>

namespace catena::net {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration between_wakes = 5ms;

// A wake so late means that the host kept the loop busy; what came meanwhile is still unread.
constexpr duration held_up = 50ms;

}  // namespace

void deadlines::set(timed& t, time_point due)
{
    t.due_ = due;
    if (!t.listed_) {
        t.place_ = listed_.size();
        listed_.push_back(&t);
        t.listed_ = true;
    }
    if (due < armed_) arm(due);
}

void deadlines::remove(timed& t) noexcept
{
    if (!t.listed_) return;
    listed_[t.place_] = listed_.back();
    listed_[t.place_]->place_ = t.place_;
    listed_.pop_back();
    t.listed_ = false;
}

void deadlines::settle()
{
    if (!listed_.empty() || settling_ || armed_ == time_point::max()) return;
    settling_ = true;
    asio::post(ex_, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->settling_ = false;
        if (!self->listed_.empty() || !self->timer_) return;
        self->timer_->cancel();
        self->armed_ = time_point::max();
    });
}

void deadlines::stop(timed::stop why)
{
    std::vector<std::shared_ptr<timed>> all;
    for (timed* t : listed_)
        all.push_back(t->shared_from_this());
    timer_.reset();
    for (const auto& t : all)
        if (t->listed_) t->on_stop(why);
}

void deadlines::arm(time_point at)
{
    if (!timer_) return;
    armed_ = at;
    timer_->expires_at(to_steady(at));
    timer_->async_wait([weak = weak_from_this()](boost::system::error_code ec) {
        if (ec) return;
        if (const auto self = weak.lock()) self->wake();
    });
}

void deadlines::wake()
{
    const time_point now = steady_now();
    // Once, and not twice in a row: a host that is always late must not live without deadlines.
    pardoned_ = !pardoned_ && armed_ != time_point::max() && now - armed_ > held_up;
    armed_ = time_point::max();
    if (pardoned_) return arm(now + between_wakes);

    std::vector<std::shared_ptr<timed>> overdue;
    for (timed* t : listed_)
        if (t->due_ <= now) overdue.push_back(t->shared_from_this());
    for (const auto& t : overdue)
        if (t->listed_ && t->due_ <= now) t->on_overdue(now);

    time_point next = time_point::max();
    for (const timed* t : listed_)
        next = std::min(next, t->due_);
    if (next < armed_) arm(std::max(next, now + between_wakes));
}

}  // namespace catena::net
