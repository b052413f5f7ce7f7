#include <catena/core/token_bucket.hpp>

#include <algorithm>
#include <cassert>

namespace catena {

token_bucket::token_bucket(duration interval, std::uint32_t burst) noexcept
    // A burst of more than seventy years' permits is as good as endless, and must not overflow.
    : interval_(interval),
      tolerance_(interval * std::min<duration::rep>(
                                burst, duration::max() / 4 / std::max(interval, duration(1))))
{
    assert(interval > duration::zero() && burst > 0);
}

time_point token_bucket::earliest(time_point now, std::uint32_t units) const noexcept
{
    if (line_ == time_point::min()) return now;
    const duration debt = std::min(interval_ * units, tolerance_);
    return std::max(now, line_ + debt - tolerance_);
}

void token_bucket::take(time_point now, std::uint32_t units) noexcept
{
    assert(now >= earliest(now, units));
    line_ = saturating_add(std::max(line_, now), interval_ * units);
}

}  // namespace catena
