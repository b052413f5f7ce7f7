#include "ui/latency.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace ui {

namespace {

std::uint64_t microseconds(catena::duration d)
{
    const auto n = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
    return n < 0 ? 0 : static_cast<std::uint64_t>(n);
}

}  // namespace

// Values below 16 have a place each; above, four bits behind the leading one choose the step.
void latency::add(catena::duration took) noexcept
{
    const std::uint64_t us = microseconds(took);
    std::size_t place = us;
    if (us >= steps) {
        const auto power = static_cast<std::size_t>(std::bit_width(us)) - 5;
        place = (power + 1) * steps + ((us >> power) - steps);
    }
    ++counts_[std::min(place, counts_.size() - 1)];
    ++count_;
    sum_ += us;
    longest_ = std::max(longest_, us);
}

double latency::quantile(double q) const noexcept
{
    if (count_ == 0) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
    std::uint64_t passed = 0;
    std::size_t place = 0;
    for (; place < counts_.size(); ++place) {
        passed += counts_[place];
        if (passed >= wanted) break;
    }
    std::uint64_t top = place;
    if (place >= steps) {
        const std::size_t power = place / steps - 1;
        top = ((place % steps + steps + 1) << power) - 1;
    }
    return static_cast<double>(std::min(top, longest_)) / 1e6;
}

void latency_steps::add(catena::duration took) noexcept
{
    const double seconds = std::chrono::duration<double>(took).count();
    const auto at = std::lower_bound(borders.begin(), borders.end(), seconds);
    if (at != borders.end()) ++counts_[static_cast<std::size_t>(at - borders.begin())];
}

}  // namespace ui
