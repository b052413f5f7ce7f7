#include "chain_world.hpp"
#include "support/catch.hpp"
#include <catena/plan.hpp>

#include <cmath>
#include <limits>
#include <random>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

connector of_hundred()
{
    connector c = plain();
    c.page_size.to = token_target(token_target::place::query, "limit");
    c.page_size.value = 100;
    return c;
}

estimate thousand()
{
    estimate e;
    e.records = 1000;
    e.rtt = 50ms;
    e.server_time = 150ms;
    return e;
}

plan with(const connector& c, std::uint32_t ranges)
{
    estimate e = thousand();
    e.ranges = ranges;
    return make_plan(c, e);
}

rate_policy policy(std::uint32_t n, duration per, std::uint32_t burst, rate_policy::window w,
                   std::uint32_t weight = 1)
{
    rate_policy p(n, per, burst);
    p.counts = w;
    p.weight = weight;
    return p;
}

constexpr auto sliding = rate_policy::window::sliding;
constexpr auto bucket = rate_policy::window::bucket;

}  // namespace

TEST_CASE("a plan of one chain is pages times the time of one", "[plan]")
{
    const plan p = make_plan(of_hundred(), thousand());
    CHECK(p.pages == 10u);
    CHECK(p.requests == 10u);
    CHECK(p.sequential == 2s);
    CHECK(p.time == 2s);
    CHECK(p.at_limit == 0s);
    CHECK(p.speed_up == 1.0);
    CHECK(p.bound_by == plan::bound::walk);
    CHECK(p.between_pages == 200ms);
    CHECK(p.chain_fails == 0.0);
    CHECK(p.deadline == plan::verdict::none);
}

TEST_CASE("pages are counted for each range, with what lies behind the last record", "[plan]")
{
    struct row {
        std::uint64_t records;
        std::uint32_t ranges;
        bool inclusive, behind;
        std::uint64_t pages;
    };
    const row rows[] = {{1000, 1, false, false, 10}, {1001, 1, false, false, 11},
                        {1000, 4, false, false, 12}, {1000, 3, false, true, 15},
                        {1000, 1, true, false, 11},  {0, 1, false, false, 1},
                        {0, 7, false, true, 14},     {5, 7, false, false, 7}};
    for (const row& r : rows) {
        CAPTURE(r.records, r.ranges, r.inclusive, r.behind);
        connector c = of_hundred();
        c.next.inclusive = r.inclusive;
        if (r.behind) c.end = {end_rule::kind::empty_page};
        estimate e = thousand();
        e.records = r.records;
        e.ranges = r.ranges;
        CHECK(make_plan(c, e).pages == r.pages);
    }
    estimate capped = thousand();
    capped.page_records = 30;
    CHECK(make_plan(of_hundred(), capped).pages == 34u);
    capped.page_records = 300;
    CHECK(make_plan(of_hundred(), capped).pages == 10u);
}

TEST_CASE("the strictest policy says how soon so many requests may go", "[plan][R13]")
{
    struct row {
        std::vector<rate_policy> policies;
        duration last;  // of ten requests
    };
    const row rows[] = {
        {{policy(5, 1s, 5, sliding)}, 1s},
        {{policy(5, 1s, 1, sliding)}, 1800ms},
        {{policy(4, 1s, 4, sliding)}, 2s},
        {{policy(4, 1s, 2, sliding)}, 2s},
        {{policy(4, 1s, 4, bucket)}, 1500ms},
        {{policy(10, 1min, 1, bucket, 2)}, 108s},
        {{policy(10, 1min, 10, bucket, 2)}, 60s},
        {{policy(4, 1min, 4, sliding, 2)}, 4min},
        {{policy(1, 10s, 1, sliding)}, 90s},
        {{policy(100, 1s, 100, sliding), policy(3, 1s, 3, sliding)}, 3s},
        {{policy(1'000'000, 1s, 1'000'000, sliding)}, 0s},
    };
    for (const row& r : rows) {
        CAPTURE(&r - rows);
        connector c = of_hundred();
        c.limits.policies = r.policies;
        CHECK(with(c, 10).at_limit == r.last + 200ms);
        CHECK(with(c, 10).time == r.last + 200ms);
    }
}

TEST_CASE("ranges divide the walk until the limit or the concurrency bounds it", "[plan]")
{
    connector c = of_hundred();
    CHECK(with(c, 4).time == 600ms);
    CHECK(with(c, 10).speed_up == 10.0);
    c.limits.concurrency = 2;
    CHECK(with(c, 4).time == 1200ms);
    CHECK(with(c, 4).bound_by == plan::bound::concurrency);
    c.limits.concurrency = 0;
    c.limits.policies = {policy(5, 1s, 5, sliding)};
    CHECK(with(c, 10).time == 1200ms);
    CHECK(with(c, 10).bound_by == plan::bound::limit);
    CHECK(with(c, 10).speed_up == Approx(2.0 / 1.2));
    CHECK(with(c, 1).bound_by == plan::bound::walk);
}

TEST_CASE("failures cost repeats and pauses, and in the end the chain", "[plan]")
{
    estimate e = thousand();
    e.failure = 0.5;
    chain_limits twice;
    twice.attempts = 2;
    const plan p = make_plan(of_hundred(), e, twice);
    CHECK(p.requests == 15u);
    CHECK(p.time == 10'500ms);
    CHECK(p.sequential == 2s);
    CHECK(*p.chain_fails == Approx(1 - std::pow(0.75, 10)));
    e.ranges = 5;
    CHECK(*make_plan(of_hundred(), e, twice).chain_fails == Approx(1 - std::pow(0.75, 2)));
    CHECK(*make_plan(of_hundred(), e, twice).any_fails == Approx(1 - std::pow(0.75, 10)));
    e.failure = 1;
    CHECK(make_plan(of_hundred(), e).requests == 50u);
    CHECK(make_plan(of_hundred(), e).any_fails == 1.0);
    e.failure = 1e-6;
    CHECK(*make_plan(of_hundred(), e).any_fails == Approx(1e-29));
}

TEST_CASE("a token's life is held against the time until its turn", "[plan][P7]")
{
    connector c = of_hundred();
    c.limits.policies = {policy(1, 10s, 1, sliding)};
    c.expiry.ttl = 30s;
    CHECK(with(c, 1).between_pages == 9020ms);
    CHECK(with(c, 1).token_outlived == false);
    CHECK(with(c, 5).between_pages == 45'100ms);
    CHECK(with(c, 5).token_outlived == true);
    CHECK(with(c, 10).token_outlived == false);  // no chain has a second page
    c.expiry.counts = expiry_rule::clock::chain;
    CHECK(with(c, 1).token_outlived == true);
    c.expiry.ttl = 0s;
    CHECK_FALSE(with(c, 1).token_outlived.has_value());
}

TEST_CASE("a deadline is met by the fewest ranges, or the reason is named", "[plan]")
{
    using verdict = plan::verdict;
    struct row {
        duration wanted;
        std::uint32_t concurrency;
        std::vector<rate_policy> policies;
        verdict says;
        std::uint32_t ranges;
    };
    const rate_policy tight = policy(5, 1s, 5, sliding);
    const row rows[] = {
        {2s, 0, {}, verdict::met, 1},
        {1999ms, 0, {}, verdict::met, 2},
        {1s, 0, {}, verdict::met, 2},
        {600ms, 0, {}, verdict::met, 4},
        {200ms, 0, {}, verdict::met, 10},
        {199ms, 0, {}, verdict::beyond_page, 0},
        {600ms, 3, {}, verdict::beyond_concurrency, 0},
        {1s, 3, {}, verdict::met, 2},
        {1200ms, 0, {tight}, verdict::met, 2},
        {1199ms, 0, {tight}, verdict::beyond_limit, 0},
        {100ms, 0, {tight}, verdict::beyond_limit, 0},
    };
    for (const row& r : rows) {
        CAPTURE(&r - rows);
        connector c = of_hundred();
        c.limits.concurrency = r.concurrency;
        c.limits.policies = r.policies;
        estimate e = thousand();
        e.deadline = r.wanted;
        const plan p = make_plan(c, e);
        CHECK(p.deadline == r.says);
        CHECK(p.ranges_needed.value_or(0) == r.ranges);
    }
    estimate e = thousand();
    e.deadline = 1s;
    e.rtt.reset();
    CHECK(make_plan(of_hundred(), e).deadline == verdict::unknown);
}

TEST_CASE("what is not known stays unknown, and the text says so", "[plan]")
{
    const plan none = make_plan(plain(), {});
    CHECK_FALSE(none.pages);
    CHECK_FALSE(none.time);
    CHECK_FALSE(none.chain_fails);
    CHECK(none.bound_by == plan::bound::unknown);
    CHECK(none.text() ==
          "pages: unknown, requests: unknown\n"
          "one chain, without limits and failures: unknown\n"
          "1 range: unknown\n"
          "chance that a chain gives up: unknown");

    connector c = of_hundred();
    c.limits.policies = {policy(5, 1s, 5, sliding)};
    c.expiry.ttl = 1min;
    estimate e = thousand();
    e.ranges = 4;
    e.octets_per_record = 1200;
    e.failure = 0.1;
    e.deadline = 1s;
    CHECK(make_plan(c, e).text() ==
          "pages: 12, requests: 14, 1.2 MB\n"
          "one chain, without limits and failures: 2 s\n"
          "4 ranges: 2.2 s, bound by limits.policies; 1.77 times as fast as one\n"
          "limits alone: 2.2 s\n"
          "between two pages of a chain: 733 ms; its token lives longer\n"
          "chance that a chain gives up: 0.003 %, that any does: 0.012 %\n"
          "deadline: not met with any number of ranges: limits.policies alone take longer");
}

TEST_CASE("a plan never wraps around, divides by zero or gives a number that is none", "[plan]")
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    const double odd[] = {0, 1, -1, 2, 0.3, 1e300, std::nan(""), HUGE_VAL, -HUGE_VAL, 5e-324};
    const std::uint64_t counts[] = {0, 1, 99, most / 3, most - 1, most};
    const duration times[] = {duration::min(), -1s, 0s, 1ns, 1s, duration::max()};
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const auto any = [&](const auto& from) { return from[chance() % std::size(from)]; };
    for (int round = 0; round < 20'000; ++round) {
        connector c = of_hundred();
        c.page_size.value = static_cast<std::uint32_t>(any(counts));
        c.next.inclusive = chance() % 2 == 0;
        c.limits.concurrency = static_cast<std::uint32_t>(any(counts));
        c.expiry.ttl = any(times);
        if (chance() % 2 == 0)
            c.limits.policies = {policy(static_cast<std::uint32_t>(std::max(any(counts), {1})),
                                        std::max(any(times), duration(1)),
                                        static_cast<std::uint32_t>(std::max(any(counts), {1})),
                                        chance() % 2 == 0 ? sliding : bucket,
                                        static_cast<std::uint32_t>(any(counts)))};
        estimate e;
        e.records = any(counts);
        if (chance() % 2 == 0) e.page_records = any(counts);
        e.rtt = any(times);
        e.server_time = any(times);
        e.octets_per_record = any(odd);
        e.failure = any(odd);
        e.ranges = static_cast<std::uint32_t>(any(counts));
        e.deadline = any(times);
        chain_limits l;
        l.attempts = static_cast<std::uint32_t>(any(counts));
        l.first_backoff = any(times);
        const plan p = make_plan(c, e, l);
        CHECK_FALSE(p.text().empty());
        for (const auto& d : {p.time, p.at_limit, p.sequential, p.between_pages})
            if (d) REQUIRE(*d >= 0s);
        for (const auto& n : {p.speed_up, p.chain_fails, p.any_fails})
            if (n) REQUIRE((*n >= 0 && std::isfinite(*n)));
        if (p.chain_fails) REQUIRE(*p.chain_fails <= *p.any_fails + 1e-12);
        if (p.any_fails) REQUIRE(*p.any_fails <= 1);
    }
}

TEST_CASE("more records, slower pages and stricter limits never make a plan shorter", "[plan]")
{
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 chance(seed);
    for (int round = 0; round < 5000; ++round) {
        connector c = of_hundred();
        c.limits.concurrency = static_cast<std::uint32_t>(chance() % 8);
        const auto n = 1 + chance() % 20;
        c.limits.policies = {policy(static_cast<std::uint32_t>(n), 1s,
                                    static_cast<std::uint32_t>(1 + chance() % n),
                                    chance() % 2 == 0 ? sliding : bucket)};
        estimate e;
        e.records = chance() % 100'000;
        e.rtt = std::chrono::milliseconds(chance() % 500);
        e.server_time = std::chrono::milliseconds(chance() % 500);
        e.failure = static_cast<double>(chance() % 100) / 200;
        e.ranges = static_cast<std::uint32_t>(1 + chance() % 20);
        CAPTURE(round, *e.records, e.ranges, n, c.limits.concurrency);
        const plan p = make_plan(c, e);
        const auto longer = [&](auto change) {
            connector d = c;
            estimate f = e;
            change(d, f);
            REQUIRE(*make_plan(d, f).time >= *p.time);
            REQUIRE(*make_plan(d, f).requests >= *p.requests);
        };
        longer([](connector&, estimate& f) { *f.records += 150; });
        longer([](connector&, estimate& f) { *f.rtt += 10ms; });
        longer([](connector&, estimate& f) { f.failure += 0.1; });
        longer([](connector& d, estimate&) { d.page_size.value = 60; });
        longer([](connector& d, estimate&) { d.limits.policies.push_back(rate_policy(1, 1s)); });
        longer([](connector& d, estimate&) { d.limits.concurrency = 1; });

        estimate sooner = e;
        sooner.deadline = 20s;
        const plan needed = make_plan(c, sooner);
        if (!needed.ranges_needed) continue;
        sooner.ranges = *needed.ranges_needed;
        REQUIRE(*make_plan(c, sooner).time <= 20s);
        if (--sooner.ranges > 0) REQUIRE(*make_plan(c, sooner).time > 20s);
    }
}
