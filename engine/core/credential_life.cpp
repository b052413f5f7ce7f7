#include <catena/core/credential_life.hpp>

#include <algorithm>

namespace catena {

credential_life::step credential_life::ask(time_point now) noexcept
{
    const bool serves = good(now);
    if (fetching_) return serves ? step::use : step::wait;
    if (serves && now < renew_at_) return step::use;
    if (now < fetch_from_) return serves ? step::use : step::fail;
    fetching_ = true;
    return serves ? step::use_and_fetch : step::fetch;
}

void credential_life::fetched(time_point now, std::optional<duration> good_for) noexcept
{
    fetching_ = false;
    ++generation_;
    pause_ = first_pause;
    fetch_from_ = time_point::min();
    good_until_ = renew_at_ = time_point::max();
    if (!good_for) return;
    // One that is dead on arrival is used once all the same: the server may mean something else.
    const duration life = std::max(*good_for, first_pause);
    good_until_ = saturating_add(now, life);
    renew_at_ = saturating_add(now, life - std::min(ahead, life / 10));
}

void credential_life::failed(time_point now) noexcept
{
    fetching_ = false;
    fetch_from_ = saturating_add(now, pause_);
    pause_ = std::min(pause_ * 2, longest_pause);
}

void credential_life::refused(std::uint64_t g) noexcept
{
    if (g == generation_) good_until_ = time_point::min();
}

}  // namespace catena
