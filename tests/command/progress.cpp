#include "progress.hpp"

#include "support/catch.hpp"

#include <chrono>

using namespace command;
using namespace std::chrono_literals;

namespace {

progress busy()
{
    progress p;
    p.records = 1'234'567;
    p.total = 2'000'000;
    p.a_second = 1530.4;
    p.chains = 64;
    p.ended = 12;
    p.recoveries = 2;
    p.retries = 1;
    return p;
}

catena::time_point at(catena::duration d) { return catena::time_point(d); }

}  // namespace

TEST_CASE("a progress line tells records, share, pace, time left, chains and troubles", "[command]")
{
    CHECK(to_line(busy(), 200) ==
          "1,234,567 records of 2,000,000 (61 %)  1,530/s  about 8 min 21 s left  12 of 64 chains  "
          "2 recoveries  1 retry");
}

TEST_CASE("a progress line leaves out what it would have to guess", "[command]")
{
    progress p = busy();
    p.chains = 1;
    p.recoveries = p.retries = 0;

    SECTION("no total, no time left")
    {
        p.total.reset();
        CHECK(to_line(p, 200) == "1,234,567 records  1,530/s");
    }
    SECTION("a total that has proved wrong is none")
    {
        p.total = 1'000'000;
        CHECK(to_line(p, 200) == "1,234,567 records  1,530/s");
    }
    SECTION("while the server asks to wait nobody knows when it ends")
    {
        p.hold = 2500ms;
        CHECK(to_line(p, 200) ==
              "1,234,567 records of 2,000,000 (61 %)  the server asks to wait: 3 s  1,530/s");
    }
    SECTION("a pace of nothing")
    {
        p.a_second = 0.0;
        CHECK(to_line(p, 200) == "1,234,567 records of 2,000,000 (61 %)  0.0/s");
    }
}

TEST_CASE("a progress line tells how the budget is used", "[command]")
{
    progress p;
    p.records = 70;
    SECTION("a pace that is declared")
    {
        p.budget.in_flight = 3;
        p.budget.most_in_flight = 8;
        p.budget.a_second = 4.52;
        p.budget.allowed_a_second = 20.0;
        CHECK(to_line(p, 200) == "70 records  4.5 of 20 requests/s");
    }
    SECTION("places in flight")
    {
        p.budget.in_flight = 3;
        p.budget.most_in_flight = 8;
        CHECK(to_line(p, 200) == "70 records  3 of 8 in flight");
        p.budget.most_in_flight = 0;
        CHECK(to_line(p, 200) == "70 records  3 in flight");
    }
    SECTION("the strictest policy is the pace that is allowed")
    {
        catena::limits_rule limits;
        CHECK_FALSE(allowed_a_second(limits));
        limits.policies.emplace_back(20, 1s);
        limits.policies.emplace_back(600, 60s);
        CHECK(allowed_a_second(limits) == 10.0);
        limits.policies.back().weight = 5;
        CHECK(allowed_a_second(limits) == 2.0);
    }
}

TEST_CASE("before the store has said what is there, no count is told", "[command]")
{
    progress p;
    p.begun = false;
    p.total = 100;
    p.hold = 2s;
    CHECK(to_line(p, 200) == "beginning  the server asks to wait: 2 s");
}

TEST_CASE("a progress line is never wider than the terminal", "[command]")
{
    for (std::size_t width = 1; width < 120; ++width)
        CHECK(to_line(busy(), width).size() <= width);
    CHECK(to_line(busy(), 40) == "1,234,567 records of 2,000,000 (61 %)");
}

TEST_CASE("a pace is the mean at first, then follows the last seconds", "[command]")
{
    pace p;
    p.on_count(5'000, at(0s));  // of an earlier run: no pace of this one
    CHECK_FALSE(p.a_second());
    for (int i = 1; i <= 20; ++i)
        p.on_count(5'000 + 10u * static_cast<unsigned>(i), at(i * 100ms));
    REQUIRE(p.a_second());
    CHECK(*p.a_second() == Approx(100).epsilon(0.001));

    // A minute of nothing and the old pace is forgotten.
    for (int i = 1; i <= 60; ++i)
        p.on_count(5'200, at(2s + i * 1s));
    CHECK(*p.a_second() < 1);
    // The same moment twice is no division by nothing.
    p.on_count(6'000, at(62s));
    CHECK(*p.a_second() < 1);
}

TEST_CASE("numbers and spans are written for people", "[command]")
{
    CHECK(in_groups(0) == "0");
    CHECK(in_groups(999) == "999");
    CHECK(in_groups(1'000) == "1,000");
    CHECK(in_groups(18'446'744'073'709'551'615u) == "18,446,744,073,709,551,615");

    CHECK(in_words(-1s) == "0 s");
    CHECK(in_words(1ms) == "1 s");
    CHECK(in_words(60s) == "1 min");
    CHECK(in_words(61s) == "1 min 1 s");
    CHECK(in_words(3600s) == "1 h");
    CHECK(in_words(3601s) == "1 h 1 min");
    CHECK(in_words(86'400s) == "1 d");
    CHECK(in_words(90'001s) == "1 d 2 h");
}
