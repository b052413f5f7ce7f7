#include "testing/meter.hpp"

#include <algorithm>
#include <chrono>

namespace catena::testing {
namespace {

using window_kind = behaviour::window_kind;

std::string in_seconds(duration d)
{
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(d).count());
}

}  // namespace

meter::meter(const rate_policy& p, window_kind k)
    : rule_(p),
      kind_(k),
      interval_(p.per / std::max<std::uint32_t>(p.requests, 1)),
      tolerance_(interval_ * (std::max<std::uint32_t>(p.burst, 1) - 1))
{
}

// A fixed window begins at multiples of its length on the timeline.
void meter::forget(time_point now)
{
    const auto over = [&](time_point t) {
        if (kind_ == window_kind::sliding) return t + rule_.per <= now;
        return t.time_since_epoch() / rule_.per < now.time_since_epoch() / rule_.per;
    };
    while (!taken_.empty() && over(taken_.front()))
        taken_.pop_front();
}

time_point meter::open_at(time_point now)
{
    if (kind_ == window_kind::bucket) return line_ - tolerance_;
    forget(now);
    if (taken_.size() < rule_.requests) return now;
    return kind_ == window_kind::sliding ? taken_.front() + rule_.per : now + whole_in(now);
}

void meter::count(time_point now)
{
    if (kind_ == window_kind::bucket)
        line_ = std::max(line_, now) + interval_;
    else
        taken_.push_back(now);
}

std::uint64_t meter::limit() const noexcept
{
    return kind_ == window_kind::bucket ? std::max(rule_.burst, 1u) : rule_.requests;
}

std::uint64_t meter::left(time_point now)
{
    forget(now);
    if (kind_ != window_kind::bucket) return rule_.requests - taken_.size();
    const duration debt = std::max(line_, now) - now;
    return debt > tolerance_ ? 0 : static_cast<std::uint64_t>((tolerance_ - debt) / interval_) + 1;
}

duration meter::window() const noexcept
{
    return kind_ == window_kind::bucket ? tolerance_ + interval_ : rule_.per;
}

duration meter::whole_in(time_point now)
{
    forget(now);
    if (kind_ == window_kind::bucket) return std::max(line_, now) - now;
    if (kind_ == window_kind::fixed) return rule_.per - now.time_since_epoch() % rule_.per;
    return taken_.empty() ? duration::zero() : taken_.back() + rule_.per - now;
}

std::vector<header_field> told_limits(std::vector<meter>& all, behaviour::limit_words how,
                                      time_point now)
{
    if (all.empty() || how == behaviour::limit_words::none) return {};
    if (how == behaviour::limit_words::x_ratelimit) {
        // One family of fields has room for one limit: that of which the least is left.
        meter& least = *std::min_element(all.begin(), all.end(), [now](meter& a, meter& b) {
            return a.left(now) < b.left(now);
        });
        return {{"X-RateLimit-Limit", std::to_string(least.limit())},
                {"X-RateLimit-Remaining", std::to_string(least.left(now))},
                {"X-RateLimit-Reset", in_seconds(least.whole_in(now))}};
    }
    std::string policies, states;
    for (std::size_t i = 0; i < all.size(); ++i) {
        meter& m = all[i];
        const std::string name = (i == 0 ? "\"p" : ", \"p") + std::to_string(i) + '"';
        policies += name + ";q=" + std::to_string(m.limit()) + ";w=" + in_seconds(m.window());
        states += name + ";r=" + std::to_string(m.left(now)) + ";t=" + in_seconds(m.whole_in(now));
    }
    return {{"RateLimit-Policy", policies}, {"RateLimit", states}};
}

}  // namespace catena::testing
