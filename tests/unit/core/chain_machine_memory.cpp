// What a walk remembers of the records that it delivered.
#include "chain_world.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using kind = end_rule::kind;

namespace {

connector unsorted()
{
    connector c = plain();
    c.key.emplace_back("/id");
    return c;
}

connector rescanning()
{
    connector c = unsorted();
    c.expiry.recover.by = recovery_rule::method::rescan;
    return c;
}

// Feeds pages of ids, each under a token of its own.
struct feeder {
    explicit feeder(const connector& c, const chain_limits& l = {}) : m(shared(c), l) {}

    page_verdict page(const std::vector<int>& ids)
    {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        page_of p(1);
        for (const int id : ids)
            p.record({std::to_string(id)});
        p.token("token" + std::to_string(tokens++));
        return m.on_answer(p.facts, t0);
    }
    std::size_t dropped(const std::vector<int>& ids) { return page(ids).dropped.size(); }
    void die()
    {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        (void)m.on_answer(died(), t0);
    }

    chain_machine m;
    int tokens = 0;
};

}  // namespace

TEST_CASE("a rescan that is under way remembers all, whatever the limit", "[P6]")
{
    const std::size_t limit = GENERATE(9u, 10u);
    chain_limits l;
    l.known_records = limit;
    feeder f(rescanning(), l);
    (void)f.page({1, 2, 3});
    (void)f.page({4, 5, 6});
    (void)f.page({7, 8, 9});
    f.die();
    CHECK(f.dropped({1, 2, 10}) == 2);
    CHECK(f.dropped({3, 4, 5}) == 3);
    CHECK(f.dropped({6, 7, 8}) == 3);
    CHECK(f.dropped({9}) == 1);
    CHECK(f.m.after().records == 10);
}

TEST_CASE("empty pages end a rescan too", "[P4]")
{
    feeder f(rescanning());
    (void)f.page({1, 2, 3});
    (void)f.page({4, 5, 6});
    f.die();
    int taken = 0;
    for (; taken < 1000 && finished(f.m.poll(t0)) == nullptr; ++taken) {
        page_of p(1);
        p.token("empty" + std::to_string(taken));
        (void)f.m.on_answer(p.facts, t0);
    }
    CHECK(taken == 101);
    CHECK(f.m.why().code == errc::empty_pages);
}

TEST_CASE("the last page counts whole, however few records are remembered", "[P14]")
{
    connector c = unsorted();
    c.next.from[0] = token_source::counter(0, token_source::stride::records);
    c.end = {end_rule(kind::empty_page)};
    chain_limits l;
    l.recent_records = 4;
    chain_machine m(shared(c), l);
    for (std::uint64_t i = 0; i < 2; ++i) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        page_of p(1);
        for (int id = 0; id < 6; ++id)
            p.record({std::to_string(id)});
        p.facts.print.octets = 100 + i;  // each answer's octets differ
        (void)m.on_answer(p.facts, t0);
    }
    REQUIRE(finished(m.poll(t0)) != nullptr);
    CHECK(m.why().code == errc::page_repeated);
    CHECK(m.after().records == 6);
}

TEST_CASE("a page of old records alone takes none of them out of memory", "[P12]")
{
    connector c = unsorted();
    c.next.inclusive = true;
    feeder f(c);
    CHECK(f.dropped({1, 2, 3, 4}) == 0);
    CHECK(f.dropped({4}) == 1);
    CHECK(f.dropped({3, 4, 5}) == 2);
    CHECK(f.m.after().records == 5);
}
