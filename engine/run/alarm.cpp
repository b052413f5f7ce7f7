#include "run/alarm.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <utility>

namespace catena {

namespace asio = boost::asio;

void alarm::set(sleeper& s, time_point t)
{
    cancel(s);
    if (stopped_) return;
    s.place_ = sleepers_.emplace(t, &s);
    arm();
}

void alarm::cancel(sleeper& s) noexcept
{
    if (!s.place_) return;
    sleepers_.erase(*s.place_);
    s.place_.reset();
    if (sleepers_.empty()) disarm();
}

// A wait that nobody needs would keep the executor's context running.
void alarm::disarm() noexcept
{
    if (!armed_) return;
    armed_.reset();
    ++round_;
    disarm_.emit(asio::cancellation_type::all);
}

void alarm::stop()
{
    stopped_ = true;
    for (auto& [t, s] : sleepers_)
        s->place_.reset();
    sleepers_.clear();
    disarm();
}

// A wait that is armed for later than needed is replaced; one for earlier finds nothing to do.
void alarm::arm()
{
    if (stopped_ || sleepers_.empty()) return;
    const time_point first = sleepers_.begin()->first;
    if (armed_ && *armed_ <= first) return;

    disarm();
    const std::uint64_t round = ++round_;
    armed_ = first;
    auto tick = [self = weak_from_this(), round](error_code ec) {
        if (auto alive = self.lock()) alive->on_time(round, ec);
    };
    clock_.async_wait_until(first, asio::bind_cancellation_slot(disarm_.slot(), std::move(tick)));
}

void alarm::on_time(std::uint64_t round, error_code)
{
    if (round != round_ || stopped_) return;
    armed_.reset();

    // Armed anew also when a sleeper throws.
    struct rearm {
        std::shared_ptr<alarm> self;
        ~rearm() { self->arm(); }
    } const at_end{shared_from_this()};

    const time_point now = clock_.now();
    while (!stopped_ && !sleepers_.empty() && sleepers_.begin()->first <= now) {
        sleeper& s = *sleepers_.begin()->second;
        sleepers_.erase(*s.place_);
        s.place_.reset();
        s.wake();
    }
}

}  // namespace catena
