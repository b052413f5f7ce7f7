#include <catena/core/budget.hpp>

#include <algorithm>
#include <cassert>

namespace catena {

budget::budget(const limits_rule& l) { add(l); }

void budget::add(const limits_rule& l)
{
    for (const rate_policy& p : l.policies) {
        if (std::find(policies_.begin(), policies_.end(), p) != policies_.end()) continue;
        // Rounded up: never a fraction of a request too many.
        const duration interval((p.per.count() + p.requests - 1) / p.requests);
        buckets_.emplace_back(interval, p.burst);
        policies_.push_back(p);
    }
    if (l.concurrency != 0 && (concurrency_ == 0 || l.concurrency < concurrency_))
        concurrency_ = l.concurrency;
}

bool budget::quiet(time_point now) const noexcept
{
    return in_flight_ == 0 && held_ <= now &&
           std::all_of(buckets_.begin(), buckets_.end(),
                       [now](const token_bucket& b) { return b.full(now); });
}

time_point budget::earliest(time_point now) const noexcept
{
    if (concurrency_ != 0 && in_flight_ >= concurrency_) return time_point::max();

    time_point t = std::max(now, held_);
    for (const token_bucket& b : buckets_)
        t = std::max(t, b.earliest(now));
    return t;
}

void budget::take(time_point now) noexcept
{
    assert(earliest(now) == now);
    for (token_bucket& b : buckets_)
        b.take(now);
    ++in_flight_;
}

void budget::release() noexcept
{
    assert(in_flight_ > 0);
    --in_flight_;
}

void budget::hold_until(time_point t) noexcept { held_ = std::max(held_, t); }

}  // namespace catena
