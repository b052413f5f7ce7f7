#include "ui/latency.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

using namespace std::chrono_literals;

TEST_CASE("a quantile is never below the true one, and at most 6.25 % above", "[ui]")
{
    const unsigned seed = GENERATE(1u, 2u, 3u, 4u, 5u);
    CAPTURE(seed);
    std::mt19937_64 chance(seed);
    std::lognormal_distribution<double> spread(10, 2.5);
    ui::latency l;
    std::vector<double> all;
    for (int i = 0; i < 5'000; ++i) {
        const auto us = static_cast<std::int64_t>(spread(chance));
        l.add(std::chrono::microseconds(us));
        all.push_back(static_cast<double>(us) / 1e6);
    }
    std::sort(all.begin(), all.end());
    for (const double q : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        CAPTURE(q);
        const double truth =
            all[static_cast<std::size_t>(std::ceil(q * static_cast<double>(all.size()))) - 1];
        CHECK(l.quantile(q) >= truth);
        CHECK(l.quantile(q) <= truth * 1.0625 + 1e-9);
    }
    CHECK(l.quantile(1) == all.back());
    CHECK(l.count() == 5'000);
}

TEST_CASE("times of any length are counted", "[ui]")
{
    ui::latency l;
    CHECK(l.quantile(0.5) == 0);
    l.add(-1s);
    CHECK(l.quantile(0.5) == 0);
    for (const catena::duration d :
         {catena::duration(0), catena::duration(15us), catena::duration(16us),
          catena::duration(17us), catena::duration(31us), catena::duration(32us)}) {
        ui::latency one;
        one.add(d);
        CHECK(one.quantile(0.5) == std::chrono::duration<double>(d).count());
    }
    l.clear();
    CHECK(l.count() == 0);
    l.add(1'000'000h);
    CHECK(l.count() == 1);
    CHECK(l.quantile(1) > 19 * 3600.0);
}

TEST_CASE("steps are counted exactly, borders belong to the step below", "[ui]")
{
    ui::latency_steps s;
    s.add(5ms);
    s.add(5'000'001ns);
    s.add(60s);
    s.add(61s);
    CHECK(s.at(0) == 1);
    CHECK(s.at(1) == 1);
    CHECK(s.at(12) == 1);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < ui::latency_steps::borders.size(); ++i)
        sum += s.at(i);
    CHECK(sum == 3);
}
