#include <catena/core/budget.hpp>

#include <algorithm>
#include <cassert>
#include <limits>

namespace catena {

budget::share budget::add(const limits_rule& l)
{
    for (std::size_t i = 0; i < joined_.size(); ++i)
        if (joined_[i] == l) return share(i);
    const auto mine = share(joined_.size());
    joined_.push_back(l);
    for (policy& p : policies_)
        p.costs.push_back(1);
    for (const rate_policy& rule : l.policies) {
        rate_policy plain = rule;
        plain.weight = 1;
        auto known = std::find_if(policies_.begin(), policies_.end(),
                                  [&](const policy& p) { return p.rule == plain; });
        if (known == policies_.end()) {
            // Rounded up: never a fraction of a request too many.
            const duration interval((rule.per.count() + rule.requests - 1) / rule.requests);
            policies_.push_back({plain, token_bucket(interval, rule.burst), std::nullopt, {}});
            known = std::prev(policies_.end());
            known->costs.assign(joined_.size(), 1);
            if (rule.counts == rate_policy::window::sliding)
                known->window.emplace(rule.requests, rule.per);
        }
        known->costs.back() = std::clamp(rule.weight, 1u, rule.requests);
    }
    if (l.concurrency != 0 && (concurrency_ == 0 || l.concurrency < concurrency_))
        concurrency_ = l.concurrency;
    return mine;
}

bool budget::quiet(time_point now) const noexcept
{
    const auto at_rest = [now](const policy& p) {
        return p.pace.full(now) && (!p.window || p.window->quiet(now));
    };
    return in_flight() == 0 && saturating_add(held_, later_) <= now && flow_.free() &&
           std::all_of(policies_.begin(), policies_.end(), at_rest) &&
           std::all_of(quotas_.begin(), quotas_.end(),
                       [now](const quota& q) { return q.reset <= now; });
}

time_point budget::earliest(time_point now, const request& r) const noexcept
{
    if (concurrency_ != 0 && in_flight() >= concurrency_) return time_point::max();
    if (told_cap_ != 0 && in_flight() >= told_cap_) return time_point::max();

    time_point t = std::max(now, saturating_add(held_, later_));
    if (!heard_ && in_flight() > 0) t = std::max(t, saturating_add(first_, head_start));
    // The first one after a hold goes alone; see take().
    if (!hold_ends_ || t > now) t = std::max(t, flow_.earliest(now));
    for (const policy& p : policies_) {
        const std::uint32_t cost = p.cost_for(r.by);
        t = std::max(t, p.pace.earliest(now, cost));
        if (p.window) t = std::max(t, p.window->earliest(now, cost, pace_));
    }
    for (const quota& q : quotas_)
        t = std::max(t, allowed_by(q, now));
    return r.repeat ? std::max(t, repeat_at(now)) : t;
}

time_point budget::repeat_at(time_point now) const noexcept
{
    if (repeats_left_ >= 1 || last_repeat_ == time_point::min()) return now;
    return std::max(now, saturating_add(last_repeat_, repeat_pause));
}

// Answers overtake one another, so the fewest that any of them left counts; and whoever is in
// flight may have been counted in it or not.
time_point budget::allowed_by(const quota& q, time_point now) const noexcept
{
    const std::uint64_t pending = in_flight() + q.silent;
    if (now >= q.reset) {
        // A new window: as many as its limit, or one to ask how many.
        const std::uint64_t most = q.limit != 0 ? q.limit : 1;
        return in_flight() < most ? now : time_point::max();
    }
    if (pending < q.least) return now;
    return in_flight() > 0 && q.least > 0 ? time_point::max() : q.reset;
}

time_point budget::shut_until(time_point now) const noexcept
{
    time_point t = held_;
    for (const quota& q : quotas_)
        if (now < q.reset && allowed_by(q, now) == q.reset) t = std::max(t, q.reset - rounding);
    return t;
}

budget_state budget::state(time_point now) const noexcept
{
    constexpr std::uint32_t boundless = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t bound = flow_.bound();
    for (const std::uint32_t cap : {concurrency_, told_cap_})
        if (cap != 0) bound = std::min(bound, cap);
    return {in_flight(), bound == boundless ? 0 : bound, shut_until(now)};
}

budget::permit budget::take(time_point now, const request& r)
{
    assert(earliest(now, r) == now);
    if (hold_ends_) {
        hold_ends_ = false;
        flow_.start_slowly(now);
    }
    for (policy& p : policies_) {
        const std::uint32_t cost = p.cost_for(r.by);
        p.pace.take(now, cost);
        if (p.window) p.window->take(now, cost);
    }
    if (!heard_ && in_flight() == 0) first_ = now;
    flow_.sent(now);
    if (r.repeat) {
        repeats_left_ = std::max(0.0, repeats_left_ - 1);
        last_repeat_ = now;
    } else {
        repeats_left_ = std::min(repeats_left_ + repeats_a_request, repeats_in_reserve);
    }
    return {now, r.by};
}

void budget::release(const permit& p, exchange_outcome how, std::span<const quota_signal> told,
                     time_point now)
{
    for (policy& rule : policies_) {
        if (rule.window) rule.window->ended(p.sent, now, rule.cost_for(p.by));
    }
    if (how == exchange_outcome::good || how == exchange_outcome::refused) pace_.add(now - p.sent);
    flow_.ended(how, p.sent, now);
    heard_ = true;
    for (quota& q : quotas_) {
        const bool spoken = std::any_of(told.begin(), told.end(), [&](const quota_signal& s) {
            return s.name == q.name && s.remaining;
        });
        if (!spoken) ++q.silent;
    }
    for (const quota_signal& s : told)
        learn(s, now);
}

void budget::learn(const quota_signal& s, time_point now)
{
    if (!s.remaining) return;
    auto q = std::find_if(quotas_.begin(), quotas_.end(),
                          [&](const quota& known) { return known.name == s.name; });
    const bool first = q == quotas_.end();
    if (first) {
        constexpr std::size_t most = 16;  // a server that makes up names teaches nothing
        if (quotas_.size() == most) return;
        q = quotas_.insert(q, quota());
        q->name = s.name;
    }
    // A bucket that leaks tells no moment: where it is full, a while makes room for some.
    const duration blind = *s.remaining == 0 ? blind_pause : duration::zero();
    const duration margin = std::min(rounding, s.window.value_or(duration::max()) / 10);
    const time_point reset = saturating_add(now, s.reset_in ? *s.reset_in + margin : blind);
    // A window that is used up and ends later than the one that was known is another one.
    const bool later = *s.remaining == 0 && reset > saturating_add(q->reset, rounding);
    const bool anew = first || q->reset <= now || later;
    q->limit = s.limit.value_or(q->limit);
    q->least = anew ? *s.remaining : std::min(q->least, *s.remaining);
    if (anew) q->silent = 0;
    q->reset = anew ? reset : std::min(q->reset, std::max(reset, now));
}

void budget::hold_until(time_point t, duration later) noexcept
{
    if (t <= held_) return;
    // Never earlier than it was: what chance added to a shorter hold may reach beyond this one.
    later_ = std::max(later, saturating_add(std::max(held_, t - later_), later_) - t);
    held_ = t;
    hold_ends_ = true;
}

}  // namespace catena
