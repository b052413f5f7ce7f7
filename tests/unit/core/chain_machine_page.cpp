#include "chain_world.hpp"
#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::testing;
using kind = end_rule::kind;

TEST_CASE("keys that go backwards, repeat or change type are refused", "[P10][P11][C8][C12]")
{
    struct row {
        const char* what;
        order sorted;
        std::vector<std::string> first, second;
        json_kind kind;
        errc why;
    };
    const row rows[] = {
        {"backwards in a page",
         order::ascending,
         {"1"},
         {"3", "2"},
         json_kind::number,
         errc::order_broken},
        {"backwards across pages",
         order::ascending,
         {"5"},
         {"4"},
         json_kind::number,
         errc::order_broken},
        {"upwards in a descending walk",
         order::descending,
         {"5"},
         {"6"},
         json_kind::number,
         errc::order_broken},
        {"twice in a page",
         order::ascending,
         {"1"},
         {"2", "2"},
         json_kind::number,
         errc::order_broken},
        {"again in the next page",
         order::ascending,
         {"1"},
         {"1", "2"},
         json_kind::number,
         errc::order_broken},
        {"another type", order::ascending, {"1"}, {"2"}, json_kind::string, errc::key_type},
        {"null", order::none, {"1"}, {"2"}, json_kind::null, errc::key_missing},
        {"numbers sorted as text",
         order::ascending,
         {"9"},
         {"10", "100", "11"},
         json_kind::number,
         errc::order_broken},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        connector c = plain();
        c.key.emplace_back("/id");
        c.sorted = r.sorted;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        page_of a(1), b(1);
        for (const std::string& k : r.first)
            a.record({k});
        for (const std::string& k : r.second)
            b.record({k}, r.kind);
        (void)m.on_answer(a.token("a").facts, t0);
        const checkpoint before = m.after();
        (void)m.poll(t0);
        CHECK_FALSE(m.on_answer(b.token("b").facts, t0).deliver);
        CHECK(finished(m.poll(t0))->ec == r.why);
        CHECK(m.after() == before);
        CHECK(m.why().pointer == (r.why == errc::order_broken ? "" : "/id"));
    }
}

TEST_CASE("kept and optional tokens travel along and do not decide alone", "[P1]")
{
    connector c = plain();
    c.next.from.emplace_back(token_source::place::body, "/pit");
    c.next.from[1].keep = true;
    c.next.from.emplace_back(token_source::place::body, "/extra");
    c.next.from[2].optional = true;
    const auto page = [](const char* token, const char* pit, std::uint64_t print) {
        page_of p;
        p.records(2, print);
        p.facts.tokens.resize(3);
        if (token != nullptr) p.token(token);
        if (pit != nullptr) p.facts.tokens[1] = {presence::given, {json_kind::string, pit}};
        return p;
    };
    const outcome kept = answer(c, {page("a", "p1", 1), page("b", nullptr, 2)});
    CHECK_FALSE(kept.done);
    CHECK(kept.after.at.tokens == std::vector<value>{{json_kind::string, "b"},
                                                     {json_kind::string, "p1"},
                                                     {json_kind::null, ""}});
    CHECK(answer(c, {page("a", "p1", 1), page(nullptr, "p2", 2)}).verdict.last);
    CHECK(answer(c, {page("a", "p1", 1), page("a", "p2", 2)}).ec == errc::cursor_repeated);
    c.end = {end_rule(kind::null)};
    page_of end = page(nullptr, nullptr, 3);
    end.facts.tokens[0].is = presence::null;
    CHECK(answer(c, {end}).verdict.last);  // the optional one may lack in its own way
}

TEST_CASE("a token of another shape is told and a token too long refused", "[P19][P20]")
{
    const outcome o = answer(
        plain(), {page_of().records(1, 1).token("123"), page_of().records(1, 2).token("abc")});
    CHECK_FALSE(o.done);
    CHECK(told(o.verdict, notice::kind::token_shape));
    CHECK(answer(plain(), {page_of().records(1, 1).token(std::string(65'536, 'x'))}).ec ==
          error_code());
    CHECK(answer(plain(), {page_of().records(1, 1).token(std::string(65'537, 'x'))}).ec ==
          errc::cursor_too_long);
}

TEST_CASE("the end is the end, and a machine of its checkpoint is at the end too", "[U8]")
{
    chain_machine m(shared(plain()));
    (void)m.poll(t0);
    CHECK(m.on_answer(page_of().records(1, 1).facts, t0).last);
    for (int i = 0; i < 3; ++i) {
        REQUIRE(finished(m.poll(t0)) != nullptr);
        CHECK(finished(m.poll(t0))->ec == error_code());
    }
    chain_machine again(shared(plain()), m.after());
    REQUIRE(finished(again.poll(t0)) != nullptr);
    CHECK(finished(again.poll(t0))->ec == error_code());
    CHECK(sizeof(chain_machine) <= 512);
}
