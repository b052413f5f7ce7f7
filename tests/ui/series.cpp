#include "ui/series.hpp"

#include "support/catch.hpp"

#include <numeric>

using namespace ui;

namespace {

template <class Member>
std::uint64_t sum(const series& s, Member m)
{
    return std::accumulate(s.points().begin(), s.points().end(), std::uint64_t(0),
                           [m](std::uint64_t a, const point& p) { return a + p.*m; });
}

point numbered(std::uint64_t i)
{
    point p;
    p.until = static_cast<double>(i + 1) / 4;
    p.records = i;
    p.requests = 1;
    p.in_flight = static_cast<std::uint32_t>(i % 7);
    return p;
}

}  // namespace

TEST_CASE("a run of any length has 1,200 points at most, and loses no count", "[ui]")
{
    series s;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        s.add(numbered(i));
        REQUIRE(s.points().size() <= series::most);
    }
    CHECK(s.points().size() > series::most / 2);
    CHECK(sum(s, &point::records) == 20'000ull * 19'999 / 2);
    CHECK(sum(s, &point::requests) == 20'000);
    CHECK(s.points().back().until == 5'000);
    for (std::size_t i = 1; i < s.points().size(); ++i)
        REQUIRE(s.points()[i].until > s.points()[i - 1].until);
    CHECK(s.step() > series::shortest);
}

TEST_CASE("where points are joined, peaks and troubles stay", "[ui]")
{
    series s;
    for (std::uint64_t i = 0; i < series::most; ++i)
        s.add(point());
    CHECK(s.step() == series::shortest);
    series t;
    point quiet;
    quiet.until = 1;
    quiet.bound = 3;
    quiet.answers = 1;
    quiet.p99 = 0.25;
    point loud;
    loud.until = 2;
    loud.throttled = 2;
    loud.recovered = 3;
    loud.retried = 4;
    loud.in_flight = 9;
    loud.bound = 5;
    loud.held = true;
    loud.answers = 2;
    loud.p50 = 1;
    loud.p90 = 2;
    loud.p99 = 0.125;
    for (std::size_t i = 0; i < series::most / 2; ++i) {
        t.add(quiet);
        t.add(loud);
    }
    t.add(quiet);
    CHECK(t.step() == 2 * series::shortest);
    REQUIRE(t.points().size() == series::most / 2 + 1);
    const point& both = t.points().front();
    CHECK(both.until == 2);
    CHECK(both.throttled == 2);
    CHECK(both.recovered == 3);
    CHECK(both.retried == 4);
    CHECK(both.in_flight == 9);
    CHECK(both.bound == 5);
    CHECK(both.held);
    CHECK(both.answers == 3);
    CHECK(both.p50 == 1);
    CHECK(both.p90 == 2);
    CHECK(both.p99 == 0.25);
}

TEST_CASE("of two bounds the higher one is kept, and none is higher than any", "[ui]")
{
    series s;
    point p;
    for (std::size_t i = 0; i < series::most; ++i) {
        p.bound = i % 2 == 0 ? 8 : i < 600 ? 4 : 0;
        s.add(p);
    }
    s.add(p);
    CHECK(s.points().front().bound == 8);
    CHECK(s.points()[400].bound == 0);
}
