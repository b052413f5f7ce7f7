#include "run/common_budget.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace catena {

std::shared_ptr<common_budget::member> common_budget::join(std::shared_ptr<doorbell> bell)
{
    auto me = std::make_shared<member>();
    me->bell = std::move(bell);
    const std::lock_guard lock(mutex_);
    members_.push_back(me);
    return me;
}

bells common_budget::leave(member& me)
{
    bells out;
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(members_.begin(), members_.end(),
                                 [&](const auto& m) { return m.get() == &me; });
    if (at == members_.end()) return out;
    const auto keep = *at;
    members_.erase(at);
    for (const member::award& a : me.aside)
        *a.to = ticket();
    me.aside.clear();
    for (ticket* const t : me.line.all()) {
        me.line.remove(*t);
        t->number = 0;
    }
    for (auto& [permit, times] : me.spent)
        for (; times > 0; --times)
            budget_.release({permit.first, permit.second}, exchange_outcome::unknown, {}, now_);
    me.spent.clear();
    call_waiting(now_, out);
    return out;
}

budget::share common_budget::add(const limits_rule& limits)
{
    const std::lock_guard lock(mutex_);
    return budget_.add(limits);
}

void common_budget::ask(member& me, ticket& t)
{
    const std::lock_guard lock(mutex_);
    t.number = ++last_number_;
    t.aside = false;
    try {
        me.line.add(t);
    } catch (...) {
        t.number = 0;
        throw;
    }
}

bool common_budget::withdraw(member& me, ticket& t, bells& to_ring) noexcept
{
    const std::lock_guard lock(mutex_);
    if (t.number == 0) return false;
    if (t.aside) {
        const auto a = std::find_if(me.aside.begin(), me.aside.end(),
                                    [&](const member::award& one) { return one.to == &t; });
        give_back(me, a->permit, now_);
        me.aside.erase(a);
        try {
            call_waiting(now_, to_ring);
        } catch (const std::bad_alloc&) {
            to_ring.clear();  // they come when they wake
        }
    } else {
        me.line.remove(t);
    }
    t.number = 0;
    if (me.line.size() == 0) me.wakes = time_point::max();
    return me.line.size() == 0;
}

time_point common_budget::advance(time_point now) noexcept { return now_ = std::max(now_, now); }

common_budget::lead common_budget::choose(const member& me, time_point now) const noexcept
{
    using kind = waiting_line::kind;
    lead out;
    for (std::size_t l = 0; l < waiting_line::lanes; ++l) {
        lead first, repeat;
        for (const auto& m : members_) {
            if (m.get() != &me && (m->absent || m->aside.size() >= most_aside)) continue;
            for (const kind k : {kind::first_try, kind::repeat}) {
                lead& best = k == kind::first_try ? first : repeat;
                ticket* const t = m->line.first(l, k, now);
                if (!waiting_line::before(t, best.who, now)) continue;
                best.who = t;
                best.of = m.get();
            }
        }
        const bool repeat_leads = waiting_line::before(repeat.who, first.who, now);
        for (const lead& one : {repeat_leads ? repeat : first, repeat_leads ? first : repeat}) {
            if (one.who == nullptr) continue;
            const time_point t = budget_.earliest(now, one.who->wants);
            if (t <= now) return one;
            out.then = std::min(out.then, t);
        }
        // What a lane could send now or later goes before all of the lanes behind it, but for
        // repeats that wait for their own quota.
        if (first.who != nullptr) break;
    }
    return out;
}

common_budget::decision common_budget::next(member& me, time_point now, bool woken)
{
    decision out;
    const std::lock_guard lock(mutex_);
    now = advance(now);
    me.called = time_point::max();
    me.absent = false;
    if (woken) me.wakes = time_point::max();
    if (!me.aside.empty()) {
        out.granted = me.aside.front().to;
        out.permit = me.aside.front().permit;
        out.granted->number = 0;
        me.aside.pop_front();
        return out;
    }
    take_back_late(me, now);
    lead best = choose(me, now);
    for (; best.who != nullptr; best = choose(me, now)) {
        if (best.of != &me) {
            put_aside(*best.of, *best.who, now, out.to_ring);
            continue;
        }
        spend(me, *best.who, now);
        me.line.remove(*best.who);
        best.who->number = 0;
        out.granted = best.who;
        out.permit = {now, best.who->wants.by};
        return out;
    }
    for (const auto& m : members_)
        if (!m->aside.empty()) best.then = std::min(best.then, saturating_add(m->called, patience));
    // Others sleep by themselves, so that nobody depends on this one's executor.
    for (const auto& m : members_) {
        if (m.get() == &me || m->line.size() == 0) continue;
        if (m->wakes > best.then) call(*m, now, out.to_ring);
    }
    if (me.line.size() == 0 || best.then == time_point::max()) {
        out.idle = std::exchange(me.wakes, time_point::max()) != time_point::max();
        return out;
    }
    if (me.wakes != best.then) out.wake = best.then;
    me.wakes = best.then;
    return out;
}

// What needs memory comes first.
void common_budget::spend(member& m, const ticket& t, time_point now)
{
    std::size_t& times = m.spent[{now, t.wants.by}];
    (void)budget_.take(now, t.wants);
    ++times;
}

void common_budget::give_back(member& m, const budget::permit& p, time_point now)
{
    const auto at = m.spent.find({p.sent, p.by});
    if (at == m.spent.end() || at->second == 0) return;
    if (--at->second == 0) m.spent.erase(at);
    budget_.release(p, exchange_outcome::unknown, {}, now);
}

void common_budget::put_aside(member& m, ticket& t, time_point now, bells& to_ring)
{
    m.aside.push_back({&t, {now, t.wants.by}});
    spend(m, t, now);
    m.line.remove(t);
    t.aside = true;
    call(m, now, to_ring);
}

void common_budget::take_back_late(const member& me, time_point now)
{
    for (const auto& m : members_) {
        if (m.get() == &me || m->aside.empty() || saturating_add(m->called, patience) > now)
            continue;
        m->absent = true;
        take_back(*m, now);
    }
}

void common_budget::take_back(member& m, time_point now)
{
    for (; !m.aside.empty(); m.aside.pop_back()) {
        const member::award& a = m.aside.back();
        a.to->aside = false;
        m.line.add(*a.to);
        give_back(m, a.permit, now);
    }
}

void common_budget::call(member& m, time_point now, bells& to_ring)
{
    if (m.called != time_point::max()) return;
    to_ring.push_back(m.bell);
    m.called = now;
}

void common_budget::call_waiting(time_point now, bells& to_ring)
{
    for (const auto& m : members_)
        if (m->line.size() != 0) call(*m, now, to_ring);
}

void common_budget::release(member& me, const budget::permit& p, exchange_outcome how,
                            std::span<const quota_signal> told, error_code why, time_point now,
                            bells& to_ring)
{
    const std::lock_guard lock(mutex_);
    now = advance(now);
    const auto at = me.spent.find({p.sent, p.by});
    if (at == me.spent.end()) return;  // it has left, and gave it back then
    if (--at->second == 0) me.spent.erase(at);
    budget_.release(p, how, told, now);
    if (how != exchange_outcome::trouble) return;
    last_failure_ = why;
    if (!budget_.health().down()) return;
    for (const auto& m : members_) {
        if (m.get() == &me) continue;
        m->failure_is_new = true;
        call(*m, now, to_ring);
    }
}

bool common_budget::hold_until(member& me, time_point t, duration later, bells& to_ring)
{
    const std::lock_guard lock(mutex_);
    if (t <= budget_.held_until()) return false;
    budget_.hold_until(t, later);
    for (const auto& m : members_) {
        take_back(*m, now_);
        if (m.get() == &me || m->line.size() == 0) continue;
        m->hold_is_new = true;
        call(*m, now_, to_ring);
    }
    return true;
}

time_point common_budget::shut_until(time_point now) const
{
    const std::lock_guard lock(mutex_);
    return budget_.shut_until(now);
}

budget_state common_budget::state(time_point now) const
{
    const std::lock_guard lock(mutex_);
    return budget_.state(now);
}

common_budget::news common_budget::came(member& me)
{
    const std::lock_guard lock(mutex_);
    me.called = time_point::max();
    news out;
    if (std::exchange(me.hold_is_new, false)) out.held = budget_.held_until();
    out.failure = std::exchange(me.failure_is_new, false);
    return out;
}

std::optional<outage> common_budget::down() const
{
    const std::lock_guard lock(mutex_);
    if (!budget_.health().down()) return std::nullopt;
    return outage{budget_.health().failing_since(), last_failure_};
}

void common_budget::cap(std::uint32_t n)
{
    const std::lock_guard lock(mutex_);
    budget_.cap(n);
}

std::vector<ticket*> common_budget::waiting(const member& me) const
{
    const std::lock_guard lock(mutex_);
    return me.line.all();
}

bool common_budget::quiet(time_point now) const
{
    const std::lock_guard lock(mutex_);
    return members_.empty() && budget_.quiet(now);
}

}  // namespace catena
