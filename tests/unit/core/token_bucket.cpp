#include "support/catch.hpp"
#include <catena/core/budget.hpp>

#include <random>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000h};

}  // namespace

TEST_CASE("no window ever holds more than its share", "[R3][property]")
{
    const auto seed = GENERATE(range(1u, 51u));
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const duration interval = std::chrono::milliseconds(1 + chance() % 9);
    const auto burst = static_cast<std::uint32_t>(1 + chance() % 9);
    token_bucket bucket(interval, burst);

    std::vector<time_point> granted;
    for (time_point now = t0; granted.size() < 200;
         now += std::chrono::microseconds(chance() % 20'000)) {
        now = bucket.earliest(now);
        bucket.take(now);
        granted.push_back(now);
    }

    for (std::size_t a = 0; a < granted.size(); ++a)
        for (std::size_t b = a; b < granted.size(); ++b)
            REQUIRE(b - a + 1 <= burst + std::size_t((granted[b] - granted[a]) / interval));
}

TEST_CASE("a bucket grants what its policy allows, and no burst overflows", "[R13]")
{
    token_bucket slow(10s, 1);
    slow.take(t0);
    CHECK(slow.earliest(t0) == t0 + 10s);
    CHECK(slow.earliest(t0 + 1h) == t0 + 1h);

    token_bucket vast(24h * 365, 4'000'000'000u);
    for (int i = 0; i < 5; ++i) {
        CHECK(vast.earliest(t0) == t0);
        vast.take(t0);
    }
}

TEST_CASE("a budget obeys all policies, its cap and its hold at once", "[R3][R13][R15]")
{
    limits_rule rule;
    rule.policies.emplace_back(10, 1s, 2);
    rule.policies.emplace_back(3, 1min, 3);
    rule.concurrency = 4;
    budget b(rule);
    std::vector<duration> at;
    for (time_point now = t0; at.size() < 4; b.release()) {
        now = b.earliest(now);
        b.take(now);
        at.push_back(now - t0);
    }
    CHECK(at == std::vector<duration>{0s, 0s, 100ms, 20s});

    b.hold_until(t0 + 1h);
    b.hold_until(t0 + 1min);
    CHECK(b.earliest(t0 + 30s) == t0 + 1h);
    CHECK(b.held_until() == t0 + 1h);
}

TEST_CASE("requests in flight are capped until one is released", "[R15]")
{
    limits_rule rule;
    rule.concurrency = 2;
    budget b(rule);
    b.take(t0);
    b.take(t0);
    CHECK(b.earliest(t0) == time_point::max());
    b.release();
    CHECK(b.earliest(t0) == t0);
    CHECK(b.in_flight() == 1);
    CHECK(budget().earliest(t0) == t0);
}

TEST_CASE("a rate that does not divide is rounded against the caller", "[R13]")
{
    limits_rule rule;
    rule.policies.emplace_back(3, 10ns, 1);
    budget b(rule);
    b.take(t0);
    CHECK(b.earliest(t0) == t0 + 4ns);
}

TEST_CASE("limits added to a budget hold beside those it had", "[budget]")
{
    limits_rule first;
    first.policies.emplace_back(10, std::chrono::seconds(1));
    limits_rule second = first;
    second.policies.emplace_back(1, std::chrono::seconds(60));
    second.concurrency = 2;
    budget b(first);
    b.add(second);

    CHECK(b.earliest(t0) == t0);
    b.take(t0);
    b.release();
    CHECK(b.earliest(t0) == t0 + std::chrono::seconds(60));
    b.take(t0 + std::chrono::seconds(60));
    b.take(t0 + std::chrono::seconds(120));
    CHECK(b.earliest(t0 + std::chrono::hours(1)) == time_point::max());
}

TEST_CASE("a budget is quiet only when forgetting it forgets nothing", "[budget]")
{
    limits_rule limits;
    limits.policies.emplace_back(1, std::chrono::seconds(10));
    budget b(limits);
    CHECK(b.quiet(t0));
    b.take(t0);
    CHECK_FALSE(b.quiet(t0 + std::chrono::hours(1)));  // in flight
    b.release();
    CHECK_FALSE(b.quiet(t0 + std::chrono::seconds(9)));
    CHECK(b.quiet(t0 + std::chrono::seconds(10)));
    b.hold_until(t0 + std::chrono::minutes(5));
    CHECK_FALSE(b.quiet(t0 + std::chrono::minutes(4)));
    CHECK(b.quiet(t0 + std::chrono::minutes(5)));
}
