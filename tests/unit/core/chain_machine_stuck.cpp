// Cursors that do not arrive, or cannot pass a group of equal values: never a complete walk.
#include "chain_world.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using kind = end_rule::kind;

namespace {

// One page of records whose keys are (`groups[i]`, i), each once; the last group is the token.
page_of part(const std::vector<int>& groups, std::size_t begin, std::size_t size)
{
    page_of p(2);
    for (std::size_t i = begin; i < std::min(begin + size, groups.size()); ++i)
        p.record({std::to_string(groups[i]), std::to_string(i)}).token(std::to_string(groups[i]));
    return p;
}

connector inclusive_walk(std::uint32_t size)
{
    connector c = plain();
    c.key = {key_field("/group"), key_field("/id")};
    c.next.from[0] = token_source(token_source::place::last_record, "/group");
    c.next.inclusive = true;
    c.page_size.to = token_target(token_target::place::query, "limit");
    c.page_size.value = size;
    c.end = {end_rule(kind::empty_page), end_rule(kind::same_token)};
    return c;
}

// Walks all records of a server that begins each page with the first record of the token's group,
// or, where the cursor does not arrive, with the first of all.
outcome walk_groups(const connector& c, const std::vector<int>& groups, std::size_t size,
                    bool arrives = true)
{
    chain_machine m(shared(c));
    outcome o;
    for (int requests = 0; finished(m.poll(t0)) == nullptr; ++requests) {
        REQUIRE(requests < 1000);
        std::size_t begin = 0;
        while (arrives && !m.where().first_page() && begin < groups.size() &&
               std::to_string(groups[begin]) != m.where().tokens[0].text)
            ++begin;
        o.verdict = m.on_answer(part(groups, begin, size).facts, t0);
    }
    o.ec = finished(m.poll(t0))->ec;
    o.after = m.after();
    o.what = m.why().text();
    return o;
}

std::vector<int> distinct(int n)
{
    std::vector<int> all;
    for (int i = 0; i < n; ++i)
        all.push_back(100 + i);
    return all;
}

std::vector<int> two_groups(std::size_t first, std::size_t second)
{
    std::vector<int> all(first, 100);
    all.insert(all.end(), second, 101);
    return all;
}

// What is said of the last of these pages; all are asked for.
diagnostics why(const connector& c, const std::vector<page_of>& pages)
{
    chain_machine m(shared(c));
    for (const page_of& p : pages) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        (void)m.on_answer(p.facts, t0);
    }
    return m.why();
}

}  // namespace

TEST_CASE("an inclusive walk is complete only behind its last record", "[P2][P15]")
{
    struct row {
        const char* what;
        std::vector<int> groups;
        std::size_t size;
        bool arrives;
        error_code ec;
        std::uint64_t records;
    };
    const error_code none;
    const row rows[] = {
        {"no record", {}, 50, true, none, 0},
        {"one record", distinct(1), 50, true, none, 1},
        {"a short page", distinct(30), 50, true, none, 30},
        {"one full page", distinct(50), 50, true, none, 50},
        {"full pages", distinct(99), 50, true, none, 99},
        {"many pages", distinct(312), 50, true, none, 312},
        {"pages of two", distinct(9), 2, true, none, 9},
        {"a last group that fits", two_groups(20, 30), 50, true, none, 50},
        {"the cursor does not arrive", distinct(312), 50, false, errc::page_repeated, 50},
        {"it does not arrive, one page", distinct(30), 50, false, errc::page_repeated, 30},
        {"a group larger than a page", two_groups(0, 437), 50, true, errc::page_repeated, 50},
        {"its start in mid page", two_groups(20, 80), 50, true, errc::no_progress, 50},
        {"a group of just one page", two_groups(20, 50), 50, true, errc::no_progress, 50},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        const outcome o = walk_groups(inclusive_walk(50), r.groups, r.size, r.arrives);
        CHECK(o.ec == r.ec);
        CHECK(o.after.records == r.records);
        CHECK(o.after.ended == !r.ec);
        CHECK(o.verdict.deliver == !r.ec);
        if (r.ec) {
            CHECK(o.what.find("next.to") != std::string::npos);
            CHECK(o.what.find("raise page_size") != std::string::npos);
        }
    }
    connector in_order = inclusive_walk(50);
    in_order.sorted = order::ascending;
    CHECK(walk_groups(in_order, distinct(312), 50).after.records == 312);
    CHECK(walk_groups(in_order, distinct(312), 50, false).ec == errc::page_repeated);
    CHECK(walk_groups(inclusive_walk(1), distinct(437), 1).ec == errc::page_repeated);
}

TEST_CASE("the same token behind the same page is a cursor that does not arrive", "[P2][P5]")
{
    connector c = plain();
    c.end = {end_rule(kind::same_token)};
    const page_of first = page_of().records(50, 1).token("s");
    const page_of second = page_of().records(50, 2).token("t");

    SECTION("a page that comes twice is not delivered twice")
    {
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK(m.on_answer(first.facts, t0).deliver);
        const checkpoint mark = m.after();
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(first.facts, t0).deliver);
        CHECK(finished(m.poll(t0))->ec == errc::page_repeated);
        CHECK(m.why().mend.find("next.to") != std::string::npos);
        CHECK(m.after() == mark);

        chain_machine again(shared(c), mark);
        (void)again.poll(t0);
        CHECK_FALSE(again.on_answer(first.facts, t0).deliver);
        CHECK(finished(again.poll(t0))->ec == errc::page_repeated);
    }
    SECTION("an empty page, or a last one of its own, is the end")
    {
        const page_of empty = page_of().token("t");
        CHECK(answer(c, {first, second, empty}).verdict.last);
        CHECK(answer(c, {page_of().token("s"), page_of().token("s")}).verdict.last);
        const outcome o = answer(c, {first, page_of().records(7, 3).token("s")});
        CHECK(o.verdict.last);
        CHECK(o.after.records == 57);
    }
}

TEST_CASE("a circle's first mend is the cursor's way to the server", "[P3]")
{
    const page_of first = page_of().records(2, 1).token("s");
    CHECK(why(plain(), {first, first}).code == errc::page_repeated);
    CHECK(why(plain(), {first, first}).mend ==
          "correct next.to: the cursor does not reach the server");

    const diagnostics circle = why(plain(), {first, page_of().records(2, 2).token("s")});
    CHECK(circle.code == errc::cursor_repeated);
    CHECK(circle.mend.find("check that next.to") == 0);

    // What is missing there is the declared end.
    connector c = inclusive_walk(50);
    c.end = {end_rule(kind::missing)};
    CHECK(walk_groups(c, distinct(1), 50).ec == errc::cursor_repeated);
}

TEST_CASE("without an order a record that comes twice is refused, in a page and in the next",
          "[P11]")
{
    connector c = plain();
    c.key.emplace_back("/pageid");
    const auto page = [](const std::vector<std::string>& ids, const char* token) {
        page_of p(1);
        for (const std::string& id : ids)
            p.record({id});
        p.token(token);
        return p;
    };
    const page_of first = page({"3", "1", "2"}, "a");
    CHECK_FALSE(answer(c, {first, page({"5", "4"}, "b")}).done);
    CHECK_FALSE(answer(c, {first, page({"5", "4"}, "b"), page({"3"}, "c")}).done);
    CHECK(answer(c, {page({"3", "1", "3"}, "a")}).ec == errc::order_broken);
    CHECK(answer(c, {first, page({"4", "2"}, "b")}).ec == errc::order_broken);
    connector overlaps = c;
    overlaps.next.inclusive = true;
    CHECK_FALSE(answer(overlaps, {first, page({"2", "4"}, "b")}).done);
    CHECK(answer(overlaps, {first, page({"2", "2"}, "b")}).ec == errc::order_broken);
    CHECK(answer(c, {first, page({"3", "1", "2"}, "b")}).ec == errc::page_repeated);

    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(first.facts, t0);
    chain_machine resumed(shared(c), m.after());
    (void)resumed.poll(t0);
    CHECK_FALSE(resumed.on_answer(page({"4", "2"}, "b").facts, t0).deliver);
    CHECK(resumed.why().mend.find("leave `key` out") != std::string::npos);
}

TEST_CASE("a record dropped from one page is still known in the next", "[P12]")
{
    connector c = plain();
    c.key.emplace_back("/id");
    const bool counts = GENERATE(true, false);
    if (counts) {
        c.next.from[0] = token_source::counter(0, token_source::stride::records);
        c.end = {end_rule(kind::empty_page)};
    }
    c.next.inclusive = !counts;
    CAPTURE(counts);

    chain_machine m(shared(c));
    std::vector<std::size_t> dropped;
    const std::vector<std::vector<int>> pages = {{1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {3, 4, 5, 6}};
    for (std::size_t i = 0; i < pages.size(); ++i) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        page_of p(1);
        for (const int id : pages[i])
            p.record({std::to_string(id)});
        if (!counts) p.token("t" + std::to_string(i));
        dropped.push_back(m.on_answer(p.facts, t0).dropped.size());
    }
    CHECK(dropped == std::vector<std::size_t>{0, 2, 2, 3});
    CHECK(m.after().records == 6);
    CHECK(m.after().ties.size() == 4);
}

TEST_CASE("what an end looks like is asked of the documentation, not of the failure", "[P1]")
{
    page_of null = page_of().records(2, 1);
    null.facts.tokens[0].is = presence::null;
    CHECK(why(plain(), {null}).mend.find("only if the API's documentation") != std::string::npos);

    page_of object = page_of().records(2, 2);
    object.facts.tokens[0].is = presence::unusable;
    const diagnostics at_once = why(plain(), {object});
    CHECK(at_once.code == errc::schema_drift);
    CHECK(at_once.mend.find("an object: send it to a body, to query \"*\", or as json") !=
          std::string::npos);
    CHECK(at_once.text().find("changed") == std::string::npos);
    CHECK(why(plain(), {page_of().records(2, 1).token("a"), object}).mend.find("changed") !=
          std::string::npos);

    const page_facts lost = failed(200, errc::records_missing, error_class::fatal);
    const page_facts down = failed(503, errc::server_failed, error_class::retry);
    for (const bool later : {false, true}) {
        chain_limits once;
        once.attempts = 1;
        for (const page_facts& f : {lost, down}) {
            chain_machine m(shared(plain()), once);
            (void)m.poll(t0);
            if (later) {
                (void)m.on_answer(page_of().records(2, 1).token("a").facts, t0);
                (void)m.poll(t0);
            }
            (void)m.on_answer(f, t0);
            const bool missing = f.code == errc::records_missing;
            const char* said = missing ? "absent" : "resume when";
            CAPTURE(later, m.why().mend);
            CHECK((m.why().mend.find(said) != std::string::npos) == later);
            if (!missing) CHECK((m.why().mend.find("request.url") != std::string::npos) == !later);
        }
    }
}

TEST_CASE("a query begun anew may bring the last page again", "[P5][P6]")
{
    connector c = plain();
    c.key.emplace_back("/id");
    c.next.from[0] = token_source::counter(0, token_source::stride::records);
    c.end = {end_rule(kind::empty_page)};
    c.expiry.recover.by = recovery_rule::method::rescan;
    page_of first(1);
    first.record({"1"}).record({"2"});
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(first.facts, t0);
    (void)m.poll(t0);
    (void)m.on_answer(died(), t0);
    REQUIRE(finished(m.poll(t0)) == nullptr);
    CHECK(m.on_answer(first.facts, t0).dropped.size() == 2);
    CHECK(finished(m.poll(t0)) == nullptr);
}
