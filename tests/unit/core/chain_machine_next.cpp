#include "chain_world.hpp"
#include "support/catch.hpp"

#include <iostream>

using namespace catena;
using namespace catena::testing;
using kind = end_rule::kind;

namespace {

page_of absent(presence is, std::uint64_t records = 2)
{
    page_of p;
    p.records(records, 7);
    p.facts.tokens[0].is = is;
    return p;
}

connector ended_by(std::vector<end_rule> ends)
{
    connector c = plain();
    c.end = std::move(ends);
    return c;
}

}  // namespace

TEST_CASE("only a declared sign ends a chain", "[P1]")
{
    struct row {
        const char* what;
        kind declared;
        presence is;
        bool ends;
    };
    const row rows[] = {
        {"missing, declared", kind::missing, presence::missing, true},
        {"null, declared", kind::null, presence::null, true},
        {"empty, declared", kind::empty_string, presence::empty, true},
        {"missing, null declared", kind::null, presence::missing, false},
        {"null, missing declared", kind::missing, presence::null, false},
        {"empty, missing declared", kind::missing, presence::empty, false},
        {"unusable, missing declared", kind::missing, presence::unusable, false},
        {"unusable, null declared", kind::null, presence::unusable, false},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        const outcome o = answer(ended_by({end_rule(r.declared)}), {absent(r.is)});
        CHECK(o.done);
        CHECK(o.ec == (r.ends ? error_code() : make_error_code(errc::schema_drift)));
        CHECK(o.verdict.deliver == r.ends);
        CHECK(o.verdict.last == r.ends);
        CHECK(o.after.ended == r.ends);
        CHECK(o.after.records == (r.ends ? 2 : 0));
    }
}

TEST_CASE("every combination of signs keeps the rules of ends", "[P1][P13][P15]")
{
    const kind all[] = {kind::missing,    kind::null,       kind::empty_string,
                        kind::empty_page, kind::short_page, kind::total};
    int seen = 0;
    for (unsigned declared = 1; declared < 64; ++declared) {
        std::vector<end_rule> ends;
        for (unsigned i = 0; i < 6; ++i)
            if ((declared >> i & 1) != 0) ends.emplace_back(all[i]);
        connector c = ended_by(ends);
        c.total.emplace();
        const auto has = [&](kind k) {
            return std::any_of(ends.begin(), ends.end(), [k](auto& e) { return e.what == k; });
        };
        for (const auto is : {presence::missing, presence::null, presence::empty, presence::given,
                              presence::unusable})
            for (const auto flag : {flag_fact::undeclared, flag_fact::more, flag_fact::end,
                                    flag_fact::unreadable, flag_fact::missing})
                for (const std::uint64_t records : {0u, 3u, 5u})
                    for (const int total : {-1, 5, 8, 100})
                        for (const bool alike : {false, true}) {
                            page_of first;
                            first.records(5, 1).token("a");
                            first.facts.total = 100;
                            page_of p = absent(is, records);
                            if (is == presence::given) p.token("b");
                            p.facts.flag = flag;
                            if (total >= 0) p.facts.total = static_cast<std::uint64_t>(total);
                            if (alike) p.facts.lookalikes.emplace_back("/nextPage");

                            const outcome o = answer(c, {first, p});
                            const bool given = is == presence::given;
                            const bool by_page = (has(kind::empty_page) && records == 0) ||
                                                 (has(kind::short_page) && records < 5) ||
                                                 (has(kind::total) && total >= 0 &&
                                                  (5 + int(records) == total ||
                                                   (5 + int(records) > total && records == 0)));
                            const bool absence =
                                !alike && ((is == presence::missing && has(kind::missing)) ||
                                           (is == presence::null && has(kind::null)) ||
                                           (is == presence::empty && has(kind::empty_string)));
                            const bool garbled = flag == flag_fact::unreadable;
                            const bool unread = garbled || flag == flag_fact::missing;
                            const bool more = flag == flag_fact::more;
                            const bool ends_here = flag == flag_fact::end ||
                                                   (!more && !garbled && (by_page || absence));
                            const bool blind = ends.size() == 1 && has(kind::total) && total < 0;
                            const bool goes_on = !ends_here && given && !unread && !blind;
                            if (o.verdict.last != ends_here || o.done == goes_on ||
                                o.verdict.deliver != (ends_here || goes_on) ||
                                (!ends_here && !goes_on) != bool(o.ec)) {
                                CAPTURE(declared, int(is), int(flag), records, total, alike,
                                        o.what);
                                FAIL("the rules of ends are broken");
                            }
                            ++seen;
                        }
    }
    std::cout << "ends: " << seen << " combinations\n";
}

TEST_CASE("a page that says more and gives no token contradicts itself", "[P1]")
{
    page_of p = absent(presence::null);
    p.facts.flag = flag_fact::more;
    p.facts.flag_at = "/has_more";
    const outcome o = answer(ended_by({end_rule(kind::null)}), {p});
    CHECK(o.ec == errc::contradiction);
    CHECK(o.what == "the page says that there are more (/has_more), and gives no cursor at /next");
    CHECK_FALSE(o.verdict.deliver);

    p.facts.lookalikes = {"/next_cursor"};
    const outcome renamed = answer(ended_by({end_rule(kind::null)}), {p});
    CHECK(renamed.ec == errc::schema_drift);
    CHECK(renamed.what.find("/next_cursor looks like its new name") != std::string::npos);
}

TEST_CASE("a renamed token is named with its likely heir", "[P1]")
{
    page_of p = absent(presence::missing);
    p.facts.lookalikes.emplace_back("/next_page_token");
    const outcome o = answer(plain(), {p});
    CHECK(o.ec == errc::schema_drift);
    CHECK(o.what == "the cursor at /next is missing, and /next_page_token looks like its new name");
}

TEST_CASE("a server that caps its pages is reported once and not taken for the end", "[P13]")
{
    connector c = ended_by({end_rule(kind::short_page)});
    c.page_size.value = 1000;
    chain_machine m(shared(c));
    for (std::uint64_t i = 0; i < 3; ++i) {
        (void)m.poll(t0);
        const page_verdict v =
            m.on_answer(page_of().records(100, i).token("t" + std::to_string(i)).facts, t0);
        CHECK(v.deliver);
        CHECK_FALSE(v.last);
        CHECK(told(v, notice::kind::page_size_capped) == (i == 0));
    }
    (void)m.poll(t0);
    CHECK(m.on_answer(page_of().records(99, 9).token("u").facts, t0).last);
}

TEST_CASE("empty pages with a token go on up to the limit", "[P4]")
{
    connector c = plain();
    chain_limits l;
    l.empty_pages = 5;
    chain_machine m(shared(c), l);
    for (int i = 0; i < 6; ++i) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        const page_verdict v = m.on_answer(page_of().token("t" + std::to_string(i)).facts, t0);
        CHECK(v.deliver == (i < 5));
    }
    CHECK(finished(m.poll(t0))->ec == errc::empty_pages);
    CHECK(m.after().pages == 5);
}

TEST_CASE("a token that comes again is found, also right after a resume", "[P2][P3]")
{
    for (const int length : {1, 2, 3, 10, 1024, 1025, 3000}) {
        CAPTURE(length);
        chain_machine m(shared(plain()));
        int pages = 0;
        for (; finished(m.poll(t0)) == nullptr; ++pages) {
            REQUIRE(pages <= 3 * length + 2);
            const std::string t = "t" + std::to_string(pages % length);
            (void)m.on_answer(page_of().records(2, std::uint64_t(pages)).token(t).facts, t0);
        }
        CHECK(finished(m.poll(t0))->ec == errc::cursor_repeated);
        if (length <= 1024) CHECK(m.after().pages == std::uint64_t(length));
        CHECK(m.why().what.find("after page " + std::to_string(m.after().pages) + " was") !=
              std::string::npos);
    }

    chain_machine m(shared(plain()));
    (void)m.poll(t0);
    (void)m.on_answer(page_of().records(2, 1).token("a").facts, t0);
    chain_machine again(shared(plain()), m.after());
    (void)again.poll(t0);
    CHECK_FALSE(again.on_answer(page_of().records(2, 2).token("a").facts, t0).deliver);
    CHECK(finished(again.poll(t0))->ec == errc::cursor_repeated);
}

TEST_CASE("one token may serve a whole walk, or end it, where that is declared", "[P2]")
{
    const std::vector<page_of> same = {page_of().records(2, 1).token("s"),
                                       page_of().records(2, 2).token("s")};
    connector scroll = plain();
    scroll.next.may_repeat = true;
    CHECK_FALSE(answer(scroll, same).done);

    connector tail = ended_by({end_rule(kind::same_token)});
    const outcome o = answer(tail, same);
    CHECK(o.verdict.last);
    CHECK(o.verdict.deliver);
    CHECK(o.ec == error_code());

    std::vector<page_of> says_more = same;
    says_more[1].facts.flag = flag_fact::more;
    CHECK(answer(tail, says_more).ec == errc::cursor_repeated);
}

TEST_CASE("the same page under new tokens is told, and then refused", "[P5]")
{
    chain_machine m(shared(plain()));
    for (int i = 0; i < 5; ++i) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        const page_verdict v =
            m.on_answer(page_of().records(3, 1).token("t" + std::to_string(i)).facts, t0);
        CHECK(v.deliver == (i < 4));
        CHECK(told(v, notice::kind::identical_page) == (i > 0 && i < 4));
    }
    CHECK(finished(m.poll(t0))->ec == errc::page_repeated);
}

TEST_CASE("totals end a walk only when all records of the query came", "[P15][P16]")
{
    connector c = ended_by({end_rule(kind::total)});
    c.total.emplace();
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    const auto page = [](std::vector<int> ids, const char* token, std::uint64_t total) {
        auto p = std::make_unique<page_of>(1);
        for (const int id : ids)
            p->record({std::to_string(id)});
        p->token(token);
        p->facts.total = total;
        return p;
    };
    SECTION("the record that two pages share counts once")
    {
        c.next.inclusive = true;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(page({1, 2}, "a", 4)->facts, t0).last);
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(page({2, 3}, "b", 4)->facts, t0).last);
        (void)m.poll(t0);
        CHECK(m.on_answer(page({3, 4}, "c", 4)->facts, t0).last);
    }
    SECTION("a total at the window's edge is a cap and ends nothing")
    {
        c.window.records = 2;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(page({1, 2}, "a", 2)->facts, t0).last);
    }
    SECTION("a total that is proven false ends nothing but an empty page, and that is told")
    {
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(page({1, 2, 3}, "a", 2)->facts, t0).last);
        (void)m.poll(t0);
        const page_verdict v = m.on_answer(page({}, "b", 2)->facts, t0);
        CHECK(v.last);
        CHECK(told(v, notice::kind::total_differs));
    }
    SECTION("pages may be counted instead")
    {
        c.total->counts = total_rule::unit::pages;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(page({1, 2, 3}, "a", 2)->facts, t0).last);
        (void)m.poll(t0);
        CHECK(m.on_answer(page({4}, "b", 2)->facts, t0).last);
    }
    SECTION("a total that cannot be read and alone could end the walk is drift")
    {
        auto p = page({1}, "a", 0);
        p->facts.total.reset();
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(p->facts, t0).deliver);
        CHECK(finished(m.poll(t0))->ec == errc::schema_drift);
    }
}
