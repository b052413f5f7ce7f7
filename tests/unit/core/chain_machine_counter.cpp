// Chains whose next page is told by a counter.
#include "chain_world.hpp"
#include "support/catch.hpp"

#include <limits>

using namespace catena;
using namespace catena::testing;
using kind = end_rule::kind;

namespace {

connector counted(token_source::stride step, std::int64_t start = 0)
{
    connector c = plain();
    c.next.from[0] = token_source::counter(start, step);
    c.end = {end_rule(kind::empty_page)};
    return c;
}

// Pages of three under a counter; the answer is how many records of each were dropped.
std::vector<std::size_t> dropped_from(chain_machine& m, const std::vector<std::vector<int>>& pages)
{
    std::vector<std::size_t> out;
    for (const auto& ids : pages) {
        if (finished(m.poll(t0)) != nullptr) break;
        page_of p(1);
        for (const int id : ids)
            p.record({std::to_string(id)});
        out.push_back(m.on_answer(p.facts, t0).dropped.size());
    }
    return out;
}

}  // namespace

TEST_CASE("an ignored counter is found on page two, even where the total seems reached", "[P14]")
{
    for (const bool keys : {false, true}) {
        for (const bool stamped : {false, true}) {  // each answer's octets differ
            if (stamped && !keys) continue;
            connector c = counted(token_source::stride::records);
            c.end = {end_rule(kind::total)};
            c.total.emplace();
            if (keys) c.key.emplace_back("/id");
            CAPTURE(keys, stamped);
            chain_machine m(shared(c));
            for (std::uint64_t i = 0; i < 2; ++i) {
                page_of p(keys ? 1 : 0);
                if (keys)
                    p.record({"1"}).record({"2"});
                else
                    p.records(2, 1);
                if (stamped) p.facts.print.octets = 100 + i;
                p.facts.total = 4;
                REQUIRE(finished(m.poll(t0)) == nullptr);
                const page_verdict v = m.on_answer(p.facts, t0);
                CHECK(v.deliver == (i == 0));
            }
            CHECK(finished(m.poll(t0))->ec == errc::page_repeated);
            CHECK(m.after().records == 2);
        }
    }
}

TEST_CASE("counters count records or pages and never overflow", "[P12]")
{
    using stride = token_source::stride;
    for (const stride step : {stride::records, stride::pages}) {
        chain_machine m(shared(counted(step, 1)));
        const char* expected[] = {"", step == stride::records ? "4" : "2",
                                  step == stride::records ? "7" : "3"};
        for (std::uint64_t i = 0; i < 3; ++i) {
            (void)m.poll(t0);
            if (i == 0) CHECK(m.where().first_page());
            if (i > 0) CHECK(m.where().tokens[0].text == expected[i]);
            (void)m.on_answer(page_of().records(3, i).facts, t0);
        }
        (void)m.poll(t0);
        CHECK(m.on_answer(page_of().facts, t0).last);
    }
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    CHECK(answer(counted(stride::pages, highest), {page_of().records(1, 1)}).ec ==
          errc::limit_exceeded);
    connector never = counted(stride::records);
    never.end = {end_rule(kind::total)};
    never.total.emplace();
    page_of hole;
    hole.facts.total = 9;
    CHECK(answer(never, {page_of(hole).records(3, 1), hole}).ec == errc::contradiction);
}

TEST_CASE("rows that shift under a counter are dropped by their keys", "[P12]")
{
    connector c = counted(token_source::stride::records);
    c.key.emplace_back("/id");
    chain_machine m(shared(c));
    const std::vector<std::vector<int>> pages = {{1, 2, 3}, {2, 3, 4}, {5, 6, 7}};
    std::vector<std::size_t> dropped;
    for (const auto& ids : pages) {
        (void)m.poll(t0);
        page_of p(1);
        for (const int id : ids)
            p.record({std::to_string(id)});
        dropped.push_back(m.on_answer(p.facts, t0).dropped.size());
    }
    CHECK(dropped == std::vector<std::size_t>{0, 2, 0});
    CHECK(m.after().records == 7);
    CHECK(m.where().tokens[0].text == "9");
}

TEST_CASE("rows that move further than a page under a counter are dropped too", "[P12]")
{
    connector c = counted(token_source::stride::records);
    c.key.emplace_back("/id");

    SECTION("within what is remembered")
    {
        chain_machine m(shared(c));
        CHECK(
            dropped_from(m, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {1, 2, 3}, {4, 5, 6}, {9, 10, 11}}) ==
            std::vector<std::size_t>{0, 0, 0, 3, 3, 1});
        CHECK(m.after().records == 11);
        CHECK(m.after().pages == 4);
        CHECK(m.after().ties.size() == 3);  // a checkpoint is no larger for it
    }
    SECTION("the oldest are forgotten first")
    {
        chain_limits l;
        l.recent_records = 6;
        chain_machine m(shared(c), l);
        CHECK(dropped_from(m, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}, {3, 4, 10}}) ==
              std::vector<std::size_t>{0, 0, 0, 1});
    }
    SECTION("a copy of the machine remembers for itself")
    {
        chain_machine m(shared(c));
        REQUIRE(dropped_from(m, {{1, 2, 3}, {4, 5, 6}}).size() == 2);
        chain_machine other = m;
        CHECK(dropped_from(m, {{7, 8, 9}}) == std::vector<std::size_t>{0});
        CHECK(dropped_from(other, {{7, 8, 1}}) == std::vector<std::size_t>{1});
    }
    SECTION("for ever is refused")
    {
        const std::vector<std::vector<int>> turn = {{1, 2, 3}, {4, 5, 6}};
        std::vector<std::vector<int>> round;
        for (int i = 0; i < 100; ++i)
            round.insert(round.end(), turn.begin(), turn.end());
        chain_machine m(shared(c));
        CHECK(dropped_from(m, round).size() == 103);
        CHECK(m.why().code == errc::empty_pages);
        CHECK(m.why().what == "101 pages in a row without a new record, each with a cursor");
    }
    SECTION("the page before under a new number is an ignored counter, whatever else is known")
    {
        chain_machine m(shared(c));
        CHECK(dropped_from(m, {{1, 2, 3}, {4, 5, 6}, {4, 5, 6}, {7, 8, 9}}).size() == 3);
        CHECK(m.why().code == errc::page_repeated);
    }
}
