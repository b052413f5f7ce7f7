#include <catena/core/flow.hpp>

#include <algorithm>
#include <cassert>
#include <limits>

namespace catena {

namespace {

constexpr double too_slow = 8;          // times what is usual
constexpr std::uint32_t enough = 20;    // samples before that is known
constexpr double of_late = 1.0 / 8;     // weight of one exchange
constexpr double of_long = 1.0 / 1024;  // of as many as are in flight at once

}  // namespace

std::uint32_t flow::bound() const noexcept
{
    return bound_ >= boundless ? std::numeric_limits<std::uint32_t>::max()
                               : static_cast<std::uint32_t>(bound_);
}

time_point flow::earliest(time_point now) const noexcept
{
    if (in_flight_ >= bound()) return time_point::max();
    return down() ? std::max(now, probe_at_) : now;
}

void flow::sent(time_point now) noexcept
{
    if (++in_flight_ >= bound()) full_ = now;
    if (!down()) return;
    probe_at_ = saturating_add(now, probe_pause_);
    probe_pause_ = std::min(probe_pause_ * 2, longest_probe);
}

void flow::ended(exchange_outcome how, time_point begun, time_point now) noexcept
{
    assert(in_flight_ > 0);
    const double before = in_flight_--;
    switch (how) {
        case exchange_outcome::good: return good(begun, now, true);
        case exchange_outcome::light: return good(begun, now, false);
        case exchange_outcome::refused:
            failures_ = 0;
            // Those that were sent before the last refusal came tell nothing new.
            if (begun >= shrunk_) shrink(before / 2, now);
            return;
        case exchange_outcome::trouble: return trouble(begun, now);
        case exchange_outcome::unknown: return;
    }
}

void flow::start_slowly(time_point now) noexcept
{
    if (bound_ >= boundless) gentle_from_ = std::max(1.0, double(in_flight_) / 2);
    bound_ = 1;
    shrunk_ = now;
}

void flow::shrink(double to, time_point now) noexcept
{
    bound_ = gentle_from_ = std::max(1.0, to);
    shrunk_ = now;
}

void flow::trouble(time_point begun, time_point now) noexcept
{
    const bool was_down = down();
    if (failures_ == 0) failing_since_ = now;
    if (failures_ < failures_to_probe) ++failures_;
    if (down() && !was_down) {
        gentle_from_ = std::max(1.0, double(in_flight_ + 1) / 2);
        bound_ = 1;
        shrunk_ = now;
        probe_pause_ = first_probe;
        probe_at_ = saturating_add(now, probe_pause_);
    } else if (!was_down && begun >= shrunk_ && bound_ < boundless) {
        shrink(bound_ / 2, now);
    }
}

bool flow::is_slow(duration took) noexcept
{
    const double ns = static_cast<double>(took.count());
    if (samples_ == 0) usual_ = recent_ = ns;
    if (samples_ < enough) ++samples_;
    recent_ += (ns - recent_) * of_late;
    // What many requests tell at one time is one fact: a server that is slow for a while must not
    // look usual the sooner, the more it is asked.
    const double at_once = in_flight_ + 1.0;
    usual_ += (ns - usual_) * (ns < usual_ ? of_late : of_long / at_once);
    return samples_ == enough && recent_ > usual_ * too_slow;
}

void flow::good(time_point begun, time_point now, bool timed) noexcept
{
    const duration took = now - begun;
    failures_ = 0;
    probe_pause_ = first_probe;

    const bool slow = timed && is_slow(took);
    if (slow && now > saturating_add(shrunk_, took) && in_flight_ > 0)
        return shrink(double(in_flight_ + 1) * 0.8, now);

    if (bound_ >= boundless || slow) return;
    if (begun > full_) return;  // a bound that is not reached proves nothing
    bound_ += bound_ < gentle_from_ ? 1.0 : 1.0 / bound_;
}

}  // namespace catena
