#include "support/catch.hpp"
#include "ui/story.hpp"
#include "ui/texts.hpp"
#include "ui/watch.hpp"

#include <boost/json/parse.hpp>

#include <string>

using namespace ui;
using catena::chain_id;

TEST_CASE("a point has what came between it and the one before", "[ui]")
{
    const gauges g = short_story();
    REQUIRE(g.points().size() == 2);
    const point& first = g.points()[0];
    CHECK(first.until == 0.25);
    CHECK(first.records == 10);
    CHECK(first.requests == 3);
    CHECK(first.in_flight == 2);
    CHECK(first.bound == 4);
    CHECK_FALSE(first.held);
    CHECK(first.throttled == 0);
    const point& second = g.points()[1];
    CHECK(second.until == 1);
    CHECK(second.records == 10);
    CHECK(second.requests == 0);
    CHECK(second.throttled == 1);
    CHECK(second.recovered == 1);
    CHECK(second.retried == 1);
    CHECK(second.bound == 0);
    CHECK(second.held);
    CHECK(second.p99 == Approx(0.25).epsilon(0.07));
}

TEST_CASE("a point tells the most that was in flight, and the most that was allowed", "[ui]")
{
    gauges g("items", at(0));
    g.on_state({}, {3, 4, {}}, at(0.0625));
    g.on_state({}, {5, 8, {}}, at(0.125));
    g.on_state({}, {1, 2, {}}, at(0.25));
    REQUIRE(g.points().size() == 1);
    CHECK(g.points()[0].in_flight == 5);
    CHECK(g.points()[0].bound == 8);
    g.on_state({}, {1, 0, {}}, at(0.375));
    g.on_state({}, {2, 8, {}}, at(0.5));
    g.on_state({}, {2, 7, {}}, at(0.75));
    REQUIRE(g.points().size() == 3);
    CHECK(g.points()[1].bound == 0);
    CHECK(g.points()[2].bound == 7);
}

TEST_CASE("a hold is over when its time is, and when the run is", "[ui]")
{
    gauges g = short_story();
    CHECK(g.shut_for() == 1.5);
    g.on_state({}, {}, at(102));
    CHECK(g.shut_for() == 0.5);
    g.on_state({}, {}, at(103));
    CHECK(g.shut_for() == 0);
    g.on_state({}, {0, 0, at(110)}, at(104));
    CHECK(g.shut_for() == 6);
    CHECK(g.points().back().held);
    g.on_end("complete", at(105));
    CHECK(g.shut_for() == 0);
    CHECK(g.outcome() == "complete");
    CHECK(g.points().back().until == 5);
    // What comes later changes nothing.
    g.on_state({.records = 7}, {}, at(106));
    g.on_end("failed", at(106));
    CHECK(g.seconds() == 5);
    CHECK(g.outcome() == "complete");
}

TEST_CASE("an exchange without an answer is counted, and takes no time", "[ui]")
{
    gauges g("items", at(0));
    g.on_answer(answered(1, 0, 30), at(1));
    g.on_answer(answered(1, 999, 1), at(2));
    CHECK(g.sums().answers[0] == 2);
    CHECK(g.times().count() == 1);
    g.on_failure();
    CHECK(g.sums().failures == 1);
}

TEST_CASE("what an observer hears goes to the gauges, with the time", "[ui]")
{
    gauges g("items", at(0));
    catena::time_point now = at(3);
    watch w(&g, [&] { return now; });
    watch deaf(nullptr, [&] { return now; });
    for (catena::observer* each :
         {static_cast<catena::observer*>(&w), static_cast<catena::observer*>(&deaf)}) {
        each->on_request({chain_id{1}, 0, 1, "GET", "http://h", "/"});
        each->on_answer(answered(1, 429, 1));
        each->on_page({chain_id{1}, 0, 10, 2, false});
        each->on_notice(chain_id{1}, 0, {catena::notice::kind::retry, ""});
        each->on_hold({"http://h", std::chrono::seconds(5)});
        each->on_failure(chain_id{1}, catena::diagnostics());
    }
    now = at(4);
    g.on_state({}, {}, now);
    CHECK(g.sums().requests == 1);
    CHECK(g.sums().throttled == 1);
    CHECK(g.sums().dropped == 2);
    CHECK(g.sums().retries == 1);
    CHECK(g.sums().failures == 1);
    CHECK(g.shut_for() == 4);
}

TEST_CASE("a hundred thousand chains make no more text than a hundred", "[ui]")
{
    gauges g("items", at(0));
    constexpr std::uint64_t n = 100'000;
    double now = 0;
    for (std::uint64_t id = 1; id <= n; ++id) {
        const double from = static_cast<double>(id - 1) / n;
        const double to = static_cast<double>(id) / n;
        now = static_cast<double>(id) / 10;
        g.on_request();
        g.on_chain(standing(id, from, to, from, 0), at(now));
        for (int i = 0; i < 40 && id % 1'000 == 0; ++i)
            g.on_notice(chain_id{id}, catena::notice::kind::retry, at(now));
        g.on_answer(answered(id, id % 50 == 0 ? 429 : 200, 0.01), at(now));
        if (id % 2 == 0)
            g.on_chain(standing(id, from, to, to, 123'456, catena::job_chain::state::ended),
                       at(now));
        g.on_state(
            {.records = id * 123'456, .pages = id, .chains = n, .ended = id / 2, .walking = id / 2},
            {123'456, 1'234'567, {}}, at(now));
    }
    const std::string json = to_json(g);
    CHECK(json.size() < 200'000);
    CHECK(to_prometheus(g).size() < 10'000);
    const boost::json::value read = boost::json::parse(json);
    CHECK(read.at("slowest").as_array().size() == strips::most);
    CHECK(read.at("points").at("until").as_array().size() <= series::most);
    CHECK(read.at("keys").at("done").as_array().size() == key_bar::cells);
    // Every other chain has ended: half of each cell.
    for (const boost::json::value& cell : read.at("keys").at("done").as_array())
        CHECK(cell.as_int64() == 500);
}
