#include "support/catch.hpp"
#include <catena/core/budget.hpp>

#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using outcome = exchange_outcome;

namespace {

constexpr time_point t0{1000h};
const budget::request first_try{};
const budget::request repeat{budget::share{}, true};

budget::permit send(budget& b, time_point t, budget::request r = {})
{
    REQUIRE(b.earliest(t, r) == t);
    return b.take(t, r);
}

// A budget whose first request was answered long ago, and told nothing.
budget heard(const limits_rule& rule = {})
{
    budget b(rule);
    b.release(b.take(t0 - 48h, {}), outcome::good, {}, t0 - 48h);
    return b;
}

quota_signal left(std::uint64_t n, duration reset = 30s, std::uint64_t limit = 0)
{
    quota_signal s;
    s.remaining = n;
    if (reset > 0s) s.reset_in = reset;
    if (limit != 0) s.limit = limit;
    return s;
}

// One request sent and answered at `t`, whose answer tells `s`.
void learn(budget& b, const quota_signal& s, time_point t)
{
    const budget::permit p = b.take(t, {});
    b.release(p, outcome::good, std::span(&s, 1), t);
}

}  // namespace

TEST_CASE("a budget obeys all policies, its cap and its hold at once", "[R3][R13][R15]")
{
    limits_rule rule;
    rule.policies.emplace_back(10, 1s, 2);
    rule.policies.emplace_back(3, 1min, 3);
    rule.concurrency = 4;
    budget b = heard(rule);
    std::vector<duration> at;
    for (time_point now = t0; at.size() < 4;) {
        now = b.earliest(now);
        b.release(send(b, now), outcome::good, {}, now);
        at.push_back(now - t0);
    }
    CHECK(at == std::vector<duration>{0s, 0s, 100ms, 60s});

    b.hold_until(t0 + 1h);
    b.hold_until(t0 + 1min);
    CHECK(b.earliest(t0 + 30s) == t0 + 1h);
    CHECK(b.held_until() == t0 + 1h);
}

TEST_CASE("a bucket may hold its burst more in a span, if that is declared", "[R13]")
{
    limits_rule rule;
    rule.policies.emplace_back(3, 1min, 3);
    rule.policies[0].counts = rate_policy::window::bucket;
    budget b = heard(rule);
    std::vector<duration> at;
    for (time_point now = t0; at.size() < 5;) {
        now = b.earliest(now);
        b.release(send(b, now), outcome::good, {}, now);
        at.push_back(now - t0);
    }
    CHECK(at == std::vector<duration>{0s, 0s, 0s, 20s, 40s});
}

TEST_CASE("a request may cost more than one in a policy", "[R13]")
{
    limits_rule rule;
    rule.policies.emplace_back(10, 1s, 10);
    budget b = heard(rule);
    rule.policies[0].weight = 5;
    const budget::share heavy = b.add(rule);
    (void)send(b, t0, {heavy});
    (void)send(b, t0);
    CHECK(b.earliest(t0) == t0);
    CHECK(b.earliest(t0, {heavy}) > t0);
}

TEST_CASE("the first request goes alone, since its answer may tell of quotas", "[R6]")
{
    budget b;
    const budget::permit p = send(b, t0);
    CHECK(b.earliest(t0) == t0 + budget::head_start);  // a slow answer holds nobody for long
    const quota_signal two = left(2, 30s, 100);
    b.release(p, outcome::good, std::span(&two, 1), t0 + 1s);
    (void)send(b, t0 + 1s);
    (void)send(b, t0 + 1s);
    CHECK(b.earliest(t0 + 1s) == time_point::max());
}

TEST_CASE("requests in flight are capped until one is released", "[R15]")
{
    limits_rule rule;
    rule.concurrency = 2;
    budget b = heard(rule);
    const budget::permit one = send(b, t0);
    (void)send(b, t0);
    CHECK(b.earliest(t0) == time_point::max());
    b.release(one, outcome::good, {}, t0);
    CHECK(b.earliest(t0) == t0);
    CHECK(b.in_flight() == 1);
    CHECK(budget().earliest(t0) == t0);
}

TEST_CASE("a rate that does not divide is rounded against the caller", "[R13]")
{
    limits_rule rule;
    rule.policies.emplace_back(3, 10ns, 1);
    budget b = heard(rule);
    (void)send(b, t0);
    CHECK(b.earliest(t0) == t0 + 4ns);
}

TEST_CASE("limits added to a budget hold beside those it had", "[budget]")
{
    limits_rule first;
    first.policies.emplace_back(10, 1s);
    limits_rule second = first;
    second.policies.emplace_back(1, 60s);
    second.concurrency = 2;
    budget b = heard(first);
    (void)b.add(second);

    b.release(send(b, t0), outcome::good, {}, t0);
    CHECK(b.earliest(t0) == t0 + 60s);
    (void)send(b, t0 + 60s);
    CHECK(b.earliest(t0 + 60s) == t0 + 120s);
}

TEST_CASE("a budget is quiet only when forgetting it forgets nothing", "[budget]")
{
    limits_rule limits;
    limits.policies.emplace_back(1, 10s);
    budget b = heard(limits);
    CHECK(b.quiet(t0));
    const budget::permit p = send(b, t0);
    CHECK_FALSE(b.quiet(t0 + 1h));  // in flight
    b.release(p, outcome::good, {}, t0);
    CHECK_FALSE(b.quiet(t0 + 9s));
    CHECK(b.quiet(t0 + 10s));
    learn(b, left(0, 60s), t0 + 10s);
    CHECK_FALSE(b.quiet(t0 + 60s));
    CHECK(b.quiet(t0 + 70s + budget::rounding));
    b.hold_until(t0 + 5min);
    CHECK_FALSE(b.quiet(t0 + 4min));
    CHECK(b.quiet(t0 + 5min));
}

TEST_CASE("a quota that a good answer calls used up is waited for before a 429 comes", "[R6]")
{
    budget b = heard();
    learn(b, left(2, 30s, 100), t0);
    const budget::permit one = send(b, t0);
    const budget::permit two = send(b, t0);
    CHECK(b.earliest(t0) == time_point::max());  // the two may be all that is left

    const quota_signal last = left(0, 29s, 100);
    b.release(two, outcome::good, std::span(&last, 1), t0 + 1s);
    const quota_signal stale = left(1, 29s, 100);  // overtaken on its way
    b.release(one, outcome::good, std::span(&stale, 1), t0 + 1s);
    CHECK(b.earliest(t0 + 1s) == t0 + 31s);

    for (int i = 0; i < 100; ++i)  // a new window holds its limit
        (void)send(b, t0 + 31s);
    CHECK(b.earliest(t0 + 31s) == time_point::max());
}

TEST_CASE("a quota that is used up in a later window than the known one is believed", "[R6]")
{
    budget b = heard();
    learn(b, left(10, 1s, 100), t0);
    // Before our margin behind the old window has passed, the server speaks of the new one.
    learn(b, left(0, 3599s, 100), t0 + 1500ms);
    CHECK(b.earliest(t0 + 3s) >= t0 + 1500ms + 3599s);
}

TEST_CASE("where no limit is known the first of a new window asks alone", "[R6]")
{
    budget b = heard();
    learn(b, left(0, 30s), t0);
    CHECK(b.earliest(t0) == t0 + 31s);
    const budget::permit p = send(b, t0 + 31s);
    CHECK(b.earliest(t0 + 31s) == time_point::max());
    const quota_signal s = left(50);
    b.release(p, outcome::good, std::span(&s, 1), t0 + 32s);
    for (int i = 0; i < 50; ++i)
        (void)send(b, t0 + 32s);
    CHECK(b.earliest(t0 + 32s) == time_point::max());
}

TEST_CASE("requests that ended without a word count as spent", "[R6]")
{
    budget b = heard();
    learn(b, left(3), t0);
    for (int i = 0; i < 2; ++i)
        b.release(send(b, t0), outcome::trouble, {}, t0);
    (void)send(b, t0);
    CHECK(b.earliest(t0) == time_point::max());
}

TEST_CASE("a full bucket that tells no moment is left alone for a while", "[R6]")
{
    budget b = heard();
    learn(b, left(8, 0s, 40), t0);
    CHECK(b.earliest(t0) == t0);
    learn(b, left(0, 0s, 40), t0);
    CHECK(b.earliest(t0) == t0 + budget::blind_pause);
}

TEST_CASE("several quotas hold at once, and a server that makes up names teaches nothing", "[R6]")
{
    budget b = heard();
    std::vector<quota_signal> told;
    for (int i = 0; i < 100; ++i) {
        told.push_back(left(i == 3 ? 0 : 5, i == 3 ? 10h : 1h));
        told.back().name = "q" + std::to_string(i);
    }
    b.release(send(b, t0), outcome::good, told, t0);
    CHECK(b.earliest(t0) == t0 + 10h + budget::rounding);

    told = {left(0, 20h)};
    told[0].name = "q99";
    b.release(send(b, t0 + 10h + budget::rounding), outcome::good, told,
              t0 + 10h + budget::rounding);
    CHECK(b.earliest(t0 + 10h + budget::rounding) == t0 + 10h + budget::rounding);
}

TEST_CASE("after a hold requests come back one, two, four at a time", "[R3]")
{
    budget b = heard();
    std::vector<budget::permit> flying;
    for (int i = 0; i < 32; ++i)
        flying.push_back(send(b, t0));
    for (const budget::permit& p : flying)
        b.release(p, outcome::refused, {}, t0 + 1s);
    b.hold_until(t0 + 10s);
    CHECK(b.earliest(t0 + 1s) == t0 + 10s);

    std::vector<std::size_t> rounds;
    for (time_point t = t0 + 10s; rounds.size() < 5; t += 1s) {
        std::vector<budget::permit> round;
        while (b.earliest(t) == t)
            round.push_back(send(b, t));
        rounds.push_back(round.size());
        for (const budget::permit& p : round)
            b.release(p, outcome::good, {}, t);
    }
    CHECK(rounds == std::vector<std::size_t>{1, 2, 4, 8, 16});
}

TEST_CASE("repeats are a tenth of the traffic at most, and none is held for ever", "[R10]")
{
    budget b = heard();
    std::size_t repeats = 0;
    for (int i = 0; i < 1000; ++i) {
        b.release(send(b, t0), outcome::good, {}, t0);
        for (int k = 0; k < 3 && b.earliest(t0, repeat) == t0; ++k, ++repeats)
            b.release(b.take(t0, repeat), outcome::good, {}, t0);
    }
    CHECK(repeats <= 1000 / 10 + 20);
    CHECK(repeats >= 100);
    CHECK(b.earliest(t0, first_try) == t0);
    CHECK(b.earliest(t0, repeat) <= t0 + budget::repeat_pause);
}

TEST_CASE("while a server is down a thousand chains send one probe at a time", "[R10]")
{
    budget b = heard();
    std::vector<budget::permit> flying;
    for (int i = 0; i < 1000; ++i)
        flying.push_back(send(b, t0));
    for (const budget::permit& p : flying)
        b.release(p, outcome::trouble, {}, t0 + 1s);

    std::size_t sent = 0;
    for (time_point t = t0 + 1s; t < t0 + 10min; t += 100ms) {
        std::size_t at_once = 0;
        while (b.earliest(t, repeat) == t) {
            b.release(b.take(t, repeat), outcome::trouble, {}, t);
            ++at_once;
            ++sent;
        }
        REQUIRE(at_once <= 1);
    }
    CHECK(sent <= 26);
    CHECK(sent >= 20);
}

TEST_CASE("what chance adds to a hold is kept, told to nobody, and never makes one shorter", "[R3]")
{
    budget b = heard();
    b.hold_until(t0 + 10s, 1s);
    CHECK(b.held_until() == t0 + 10s);
    CHECK(b.earliest(t0) == t0 + 11s);
    CHECK(b.earliest(t0 + 10s) == t0 + 11s);
    b.hold_until(t0 + 10s, 5s);  // the same hold, told once more
    CHECK(b.earliest(t0) == t0 + 11s);
    b.hold_until(t0 + 10500ms, 0s);
    CHECK(b.held_until() == t0 + 10500ms);
    CHECK(b.earliest(t0) == t0 + 11s);
    b.hold_until(t0 + 20s, 100ms);
    CHECK(b.earliest(t0) == t0 + 20100ms);
    CHECK_FALSE(b.quiet(t0 + 20s));
    CHECK(b.quiet(t0 + 20100ms));
    b.hold_until(time_point::max(), 1s);
    CHECK(b.earliest(t0) == time_point::max());
}

TEST_CASE("the server's own cap may come and change, beside the declared one", "[R15]")
{
    limits_rule rule;
    rule.concurrency = 4;
    budget b = heard(rule);
    b.cap(2);
    const budget::permit first = send(b, t0);
    (void)send(b, t0);
    CHECK(b.earliest(t0) == time_point::max());
    b.cap(9);
    (void)send(b, t0);
    (void)send(b, t0);
    CHECK(b.earliest(t0) == time_point::max());
    b.release(first, outcome::good, {}, t0);
    CHECK(b.earliest(t0) == t0);
}

TEST_CASE("equal limits have one share, others one each", "[R13]")
{
    limits_rule heavy;
    heavy.policies.emplace_back(10, 1s, 10);
    heavy.policies[0].weight = 5;
    limits_rule light = heavy;
    light.policies[0].weight = 1;
    budget b;
    const budget::share first = b.add(heavy);
    const budget::share other = b.add(light);
    CHECK(first != other);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(b.add(heavy) == first);
        REQUIRE(b.add(light) == other);
    }
    b.release(b.take(t0, {other}), outcome::good, {}, t0);
    b.release(b.take(t0, {first}), outcome::good, {}, t0);
    CHECK(b.earliest(t0, {first}) > t0);
    CHECK(b.earliest(t0, {other}) == t0);
}
