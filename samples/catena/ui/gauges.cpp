#include "ui/gauges.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ui {

using catena::duration;
using catena::time_point;
using kind = catena::notice::kind;

gauges::gauges(std::string name, time_point begun)
    : name_(std::move(name)), begun_(begun), now_(begun), opened_(begun)
{
}

double gauges::since(time_point t) const noexcept
{
    return std::chrono::duration<double>(t - begun_).count();
}

void gauges::on_request() noexcept
{
    ++sums_.requests;
    ++open_.requests;
}

void gauges::on_answer(const catena::observer::answer_received& a, time_point now)
{
    const int digit = a.status / 100;
    ++sums_.answers[digit >= 1 && digit <= 5 ? static_cast<std::size_t>(digit) : 0];
    sums_.octets += a.octets;
    if (a.status == 429) {
        ++sums_.throttled;
        ++open_.throttled;
        strips_.on_trouble(a.chain, trouble::throttled, since(now));
    }
    if (a.status == 0) return;
    times_.add(a.took);
    recent_.add(a.took);
    steps_.add(a.took);
}

void gauges::on_notice(catena::chain_id walk, kind what, time_point now)
{
    if (what == kind::retry) {
        ++sums_.retries;
        ++open_.retried;
        strips_.on_trouble(walk, trouble::retried, since(now));
    } else if (what == kind::recovered) {
        ++sums_.recoveries;
        ++open_.recovered;
        strips_.on_trouble(walk, trouble::recovered, since(now));
    }
}

void gauges::on_hold(duration span, time_point now) noexcept
{
    ++sums_.holds;
    held_until_ = std::max(held_until_, catena::saturating_add(now, span));
    open_.held = true;
}

void gauges::on_chain(const catena::job_chain& c, time_point now)
{
    if (c.is == catena::job_chain::state::stopped) ++stopped_;
    keys_.on_chain(c);
    open_.records += strips_.on_chain(c, since(now));
}

double gauges::shut_for() const noexcept
{
    const time_point until = std::max(held_until_, budget_.shut_until);
    if (ended_ || until <= now_) return 0;
    return std::chrono::duration<double>(until - now_).count();
}

void gauges::on_state(const catena::job_progress& p, const catena::budget_state& b, time_point now)
{
    if (ended_) return;
    now_ = now;
    job_ = p;
    budget_ = b;
    open_.in_flight = std::max(open_.in_flight, b.in_flight);
    open_.bound = std::max(open_.bound, b.bound);
    boundless_ = boundless_ || b.bound == 0;
    open_.held = open_.held || shut_for() > 0;
    if (now - opened_ >= series_.step()) close_point(now);
}

void gauges::close_point(time_point until)
{
    open_.until = since(until);
    if (boundless_) open_.bound = 0;
    open_.answers = recent_.count();
    open_.p50 = recent_.quantile(0.5);
    open_.p90 = recent_.quantile(0.9);
    open_.p99 = recent_.quantile(0.99);
    series_.add(open_);
    open_ = point();
    boundless_ = false;
    recent_.clear();
    opened_ = until;
}

void gauges::on_end(std::string outcome, time_point now)
{
    if (ended_) return;
    now_ = now;
    if (now > opened_) close_point(now);
    ended_ = true;
    outcome_ = std::move(outcome);
}

}  // namespace ui
