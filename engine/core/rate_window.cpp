#include <catena/core/rate_window.hpp>

#include <algorithm>
#include <cassert>

namespace catena {

namespace {

constexpr duration::rep moments = 4096;  // kept apart in one span

}  // namespace

rate_window::rate_window(std::uint64_t most, duration per) noexcept : most_(most), per_(per)
{
    assert(most > 0 && per > duration::zero());
}

time_point rate_window::earliest(time_point now, std::uint64_t units,
                                 const exchange_times& pace) const noexcept
{
    assert(units > 0 && units <= most_);
    std::uint64_t left = ended_units_ + flying_units_ + units;
    if (left <= most_) return now;

    // Give back in the order in which they cease to count, until there is room.
    const bool known = pace.shortest != duration::max();
    const duration spread = known ? pace.longest - pace.shortest : duration::zero();
    // The quickest exchange to come may be quicker than any so far, and few say little of it.
    const duration quickest =
        known ? std::max(duration::zero(), pace.shortest - spread / 4) : duration::zero();
    const duration common = quickest / exchange_times::enough * pace.samples;
    auto e = ended_.begin();
    auto f = flying_.begin();
    time_point free = now;
    while (left > most_) {
        // What is in flight is taken to have come after the longest way that any took.
        const time_point flown =
            f != flying_.end() && known ? saturating_add(f->at, spread + per_) : time_point::max();
        const time_point over =
            e != ended_.end() ? saturating_add(e->at - common, per_) : time_point::max();
        if (flown == time_point::max() && over == time_point::max()) return time_point::max();
        auto& next = over <= flown ? e : f;
        free = std::max(free, std::min(over, flown));
        left -= next->units;
        ++next;
    }
    return free;
}

void rate_window::take(time_point now, std::uint64_t units)
{
    forget(now);
    flying_units_ += units;
    if (!flying_.empty() && flying_.back().at == now)
        flying_.back().units += units;
    else
        flying_.push_back({now, units});
}

void rate_window::ended(time_point sent, time_point now, std::uint64_t units)
{
    const auto at = std::lower_bound(flying_.begin(), flying_.end(), sent,
                                     [](const spent& s, time_point t) { return s.at < t; });
    assert(at != flying_.end() && at->at == sent && at->units >= units);
    at->units -= units;
    if (at->units == 0) flying_.erase(at);
    flying_units_ -= units;

    forget(now);
    ended_units_ += units;
    // Moments close together become the later one: a little too late is never too early.
    if (!ended_.empty() && now - ended_.back().first < per_ / moments) {
        ended_.back().at = now;
        ended_.back().units += units;
    } else {
        ended_.push_back({now, units});
    }
}

// What ended a whole span ago counts no more, however long its way was.
void rate_window::forget(time_point now) noexcept
{
    while (!ended_.empty() && saturating_add(ended_.front().at, per_) <= now) {
        ended_units_ -= ended_.front().units;
        ended_.pop_front();
    }
}

bool rate_window::quiet(time_point now) const noexcept
{
    return flying_.empty() && (ended_.empty() || saturating_add(ended_.back().at, per_) <= now);
}

}  // namespace catena
