#include "support/catch.hpp"
#include "unit/core/range_support.hpp"
#include <catena/core/range_probe.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

/* A server with these keys, in ascending or descending order, whose filter does what it does and
   not what the rule says. */
struct filter_server {
    std::vector<std::string> keys;
    bool lower_in = true, upper_in = false;
    bool has_lower = true, has_upper = true;
    bool descending = false;
    std::size_t page = 3;
    bool empty_first = false;  // filters after the page is cut

    std::vector<std::string> answer(const range_rule& by, const interval& part) const
    {
        const auto from = part.lower ? lower_to_send(by, *part.lower) : std::nullopt;
        const auto to = part.upper ? upper_to_send(by, *part.upper) : std::nullopt;
        std::vector<std::string> out;
        for (const std::string& k : keys) {
            if (from && has_lower && (lower_in ? precedes(by, k, *from) : !precedes(by, *from, k)))
                continue;
            if (to && has_upper && (upper_in ? precedes(by, *to, k) : !precedes(by, k, *to)))
                continue;
            out.push_back(k);
        }
        if (descending) std::reverse(out.begin(), out.end());
        return out;
    }

    // Feeds pages until the question changes. @return Questions asked.
    template <class Probe>
    std::size_t serve(const range_rule& by, Probe& probe) const
    {
        std::size_t questions = 0;
        while (probe.ask()) {
            REQUIRE(++questions <= 70);
            const interval part = *probe.ask();
            const std::vector<std::string> all = answer(by, part);
            if (empty_first) probe.on_page({}, false);
            std::size_t at = 0;
            do {
                std::vector<field_view> fields;
                for (; at < all.size() && fields.size() < page; ++at)
                    fields.push_back(field_of(by, all[at]));
                probe.on_page(fields, at == all.size());
            } while (at < all.size() && probe.ask() && *probe.ask() == part);
            // An answer that was told whole decides: no question comes twice.
            REQUIRE((!probe.ask() || !(*probe.ask() == part)));
        }
        return questions;
    }
};

std::vector<std::string> keys_of(const range_rule& by)
{
    std::vector<std::string> out;
    for (int i = 10; i < 40; ++i) {
        if (by.type == range_type::text)
            out.push_back("k" + std::to_string(i));
        else if (by.type == range_type::time && by.time == moment_form::rfc3339)
            out.push_back("2026-01-01T00:00:" + std::to_string(i) + "Z");
        else
            out.push_back(std::to_string(i));
    }
    return out;
}

range_rule with_edges(range_rule by, std::optional<bool> lower, std::optional<bool> upper)
{
    const token_target to(token_target::place::query, "x");
    if (lower) by.lower = range_edge(to, *lower);
    if (upper) by.upper = range_edge(to, *upper);
    return by;
}

const std::vector<range_rule>& rules()
{
    static const std::vector<range_rule> all{
        rule_of(range_type::integer), rule_of(range_type::decimal), rule_of(range_type::text),
        rule_of(range_type::time), rule_of(range_type::time, moment_form::seconds)};
    return all;
}

bool dense(const range_rule& by)
{
    return by.type == range_type::decimal || by.type == range_type::text;
}

std::string mend_of(const border_test& t) { return t.broken() ? t.broken()->mend : ""; }

}  // namespace

TEST_CASE("the border test finds each edge that includes something else than declared",
          "[P17][range]")
{
    const auto which = GENERATE(Catch::Generators::range(std::size_t(0), std::size_t(5)));
    const bool descending = GENERATE(true, false);
    const bool empty_first = GENERATE(true, false);
    for (int bits = 0; bits < 16; ++bits) {
        const bool lower = bits & 1, upper = bits & 2, lower_in = bits & 4, upper_in = bits & 8;
        const range_rule by = with_edges(rules()[which], lower, upper);
        if (dense(by) && !lower) continue;  // refused by validate()
        CAPTURE(which, descending, lower, upper, lower_in, upper_in);
        filter_server server;
        server.keys = keys_of(by);
        server.lower_in = lower_in;
        server.upper_in = upper_in;
        server.descending = descending;
        server.empty_first = empty_first;
        border_test t(by, server.keys[15], 2);
        CHECK(server.serve(by, t) <= 2);
        CHECK(t.proven());
        if (lower != lower_in) {
            REQUIRE(t.broken());
            CHECK(t.broken()->code == errc::range_broken);
            CHECK(t.broken()->pointer == "/range/2/lower");
            CHECK_THAT(t.broken()->what,
                       Catch::Contains(lower_in ? "lower is inclusive" : "lower is exclusive"));
            CHECK_THAT(mend_of(t),
                       Catch::Contains(dense(by)  ? "another"
                                       : lower_in ? "set range.lower.bound to \"inclusive\""
                                                  : "set range.lower.bound to \"exclusive\"") ||
                           Catch::Contains("use a parameter that includes its value"));
        } else if (upper != upper_in && !dense(by)) {
            REQUIRE(t.broken());
            CHECK(t.broken()->pointer == "/range/2/upper");
            CHECK(mend_of(t) == std::string("set range.upper.bound to \"") +
                                    (upper_in ? "inclusive\"" : "exclusive\""));
        } else {
            INFO(mend_of(t));
            CHECK_FALSE(t.broken());
        }
    }
}

TEST_CASE("a rule with one edge is tested in its order", "[P17][range]")
{
    for (const range_rule& plain : rules())
        for (int bits = 0; bits < 8; ++bits) {
            const bool declared = bits & 1, actual = bits & 2, is_lower = bits & 4;
            if (dense(plain) && is_lower && !declared) continue;
            const range_rule by =
                is_lower ? with_edges(plain, declared, {}) : with_edges(plain, {}, declared);
            CAPTURE(static_cast<int>(by.type), declared, actual, is_lower);
            filter_server server;
            server.keys = keys_of(by);
            server.lower_in = server.upper_in = actual;
            server.descending = !is_lower;
            border_test t(by, server.keys[15]);
            CHECK(server.serve(by, t) == 1);
            CHECK(t.proven());
            CHECK(t.broken().has_value() == (declared != actual));
            if (t.broken())
                CHECK(t.broken()->pointer == (is_lower ? "/range/0/lower" : "/range/0/upper"));
        }
}

TEST_CASE("the border test finds a filter that has no effect", "[P17][P24][range]")
{
    for (const range_rule& plain : rules())
        for (const bool descending : {true, false}) {
            const range_rule by = with_edges(plain, true, false);
            CAPTURE(static_cast<int>(by.type), descending);
            filter_server server;
            server.keys = keys_of(by);
            server.descending = descending;
            server.has_upper = false;
            border_test upper(by, server.keys[15]);
            server.serve(by, upper);
            REQUIRE(upper.broken());
            CHECK_THAT(upper.broken()->what, Catch::Contains("upper has no effect"));

            server.has_upper = true;
            server.has_lower = false;
            border_test lower(by, server.keys[15]);
            server.serve(by, lower);
            REQUIRE(lower.broken());
            CHECK_THAT(lower.broken()->what, Catch::Contains("lower has no effect"));

            server.has_upper = false;
            border_test both(by, server.keys[15]);
            server.serve(by, both);
            REQUIRE(both.broken());
            CHECK_THAT(both.broken()->what, Catch::Contains("has no effect"));
            CHECK_FALSE(both.broken()->mend.empty());
        }
}

TEST_CASE("the border test says when it could not tell", "[range]")
{
    // A moment finer than what can be sent.
    const range_rule by = with_edges(rule_of(range_type::time), true, false);
    filter_server server;
    server.keys = {"2026-01-01T00:00:10.5Z", "2026-01-01T00:00:11Z"};
    border_test fine(by, server.keys[0]);
    server.serve(by, fine);
    CHECK_FALSE(fine.broken());
    CHECK_FALSE(fine.proven());

    // An answer without an end.
    const range_rule integer = with_edges(rule_of(range_type::integer), true, false);
    border_test endless(integer, "15");
    for (int i = 0; i < 40 && endless.ask(); ++i)
        endless.on_page({}, false);
    CHECK_FALSE(endless.ask());
    CHECK_FALSE(endless.broken());
    CHECK_FALSE(endless.proven());

    border_test odd(integer, "15", 1);
    const field_view text(json_kind::string, "abc");
    odd.on_page(std::span(&text, 1), true);
    REQUIRE(odd.broken());
    CHECK(odd.broken()->pointer == "/range/1/type");
    CHECK(odd.broken()->code == errc::range_broken);
}

TEST_CASE("a search finds a border above all keys, however far they reach",
          "[P27][range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 13u));
    const bool lower_in = GENERATE(true, false);
    const bool declared = GENERATE(true, false);
    const bool descending = GENERATE(true, false);
    CAPTURE(seed, lower_in, declared, descending);
    std::mt19937 draw(seed);
    const range_rule by = with_edges(rule_of(range_type::integer), declared, {});
    const auto number = [&](std::size_t digits) {
        std::string out(1, static_cast<char>('1' + draw() % 9));
        while (out.size() < digits)
            out += static_cast<char>('0' + draw() % 10);
        return out;
    };
    for (const std::size_t digits : {1u, 3u, 7u, 13u, 19u, 30u}) {
        filter_server server;
        server.lower_in = lower_in;
        server.descending = descending;
        for (int i = 0; i < 40; ++i)
            server.keys.push_back((draw() % 9 == 0 ? "-" : "") + number(1 + draw() % digits));
        server.keys.push_back(number(digits));
        std::sort(server.keys.begin(), server.keys.end(),
                  [&](const auto& a, const auto& b) { return precedes(by, a, b); });
        CAPTURE(digits, server.keys.front(), server.keys.back());
        bound_search search(by, server.keys.front());
        CHECK(server.serve(by, search) <= 64);
        REQUIRE_FALSE(search.broken());
        REQUIRE(search.found());
        CAPTURE(*search.found());
        CHECK(precedes(by, server.keys.back(), *search.found()));
        CHECK((share_before(by, interval(server.keys.front(), *search.found()),
                            server.keys.back()) > 0.9 ||
               digits == 1));
    }
}

TEST_CASE("a search does not take an ignored filter for an empty dataset", "[P27][range]")
{
    const range_rule by = with_edges(rule_of(range_type::integer), true, {});
    filter_server server;
    server.keys = keys_of(by);
    server.has_lower = false;
    bound_search search(by, server.keys.front(), 3);
    server.serve(by, search);
    REQUIRE(search.broken());
    CHECK(search.broken()->code == errc::range_broken);
    CHECK(search.broken()->pointer == "/range/3/lower");
    CHECK_FALSE(search.found());

    // A server that always has more above never shows an end.
    bound_search endless(by, "1");
    std::size_t questions = 0;
    for (; endless.ask() && questions < 100; ++questions) {
        const std::string key = *endless.ask()->lower;
        const field_view field(json_kind::number, key);
        endless.on_page(std::span(&field, 1), false);
    }
    CHECK(questions == 64);
    CHECK_FALSE(endless.found());
}

TEST_CASE("a search goes down as well as up, over integers, decimals and times",
          "[P27][range][property]")
{
    using way = bound_search::way;
    const auto seed = GENERATE(Catch::Generators::range(1u, 9u));
    std::mt19937 draw(seed);
    for (const range_rule& plain : rules()) {
        if (plain.type == range_type::text) continue;
        for (int bits = 0; bits < 16; ++bits) {
            const way towards = bits & 1 ? way::up : way::down;
            const bool declared = bits & 2 || plain.type == range_type::decimal;
            const bool actual = bits & 4;
            const bool up = towards == way::up;
            const range_rule by = with_edges(plain, declared, declared);
            CAPTURE(seed, static_cast<int>(by.type), up, declared, actual);
            filter_server server;
            server.lower_in = server.upper_in = actual;
            server.descending = bits & 8;
            key_source source(by, draw);
            while (server.keys.size() < 40) {
                std::string key = source.next();
                if (by.type == range_type::integer && key.size() > 30) continue;
                server.keys.push_back(std::move(key));
            }
            std::sort(server.keys.begin(), server.keys.end(),
                      [&](const auto& a, const auto& b) { return precedes(by, a, b); });
            const std::string& start = up ? server.keys.front() : server.keys.back();
            const std::string& last = up ? server.keys.back() : server.keys.front();
            bound_search search(by, start, 0, towards);
            CHECK(server.serve(by, search) <= 64);
            REQUIRE_FALSE(search.broken());
            if (!search.found()) continue;  // an exponent too far away for 64 questions
            CAPTURE(start, last, *search.found());
            REQUIRE(is_border(by, *search.found()));
            if (up)
                CHECK(precedes(by, last, *search.found()));
            else
                CHECK_FALSE(precedes(by, last, *search.found()));

            // What is enough is asked about once, and no more if it is.
            bound_search again(by, start, 0, towards, search.found());
            CHECK(server.serve(by, again) == 1);
            CHECK(again.found() == search.found());
            bound_search too_near(by, start, 0, towards, start);
            server.serve(by, too_near);
            REQUIRE(too_near.found());
            if (up)
                CHECK(precedes(by, last, *too_near.found()));
            else
                CHECK_FALSE(precedes(by, last, *too_near.found()));
        }
    }
}

TEST_CASE("a search down does not take an ignored filter for an empty dataset", "[P27][range]")
{
    const range_rule by = with_edges(rule_of(range_type::integer), true, true);
    filter_server server;
    server.keys = keys_of(by);
    server.has_upper = false;
    bound_search search(by, server.keys.back(), 3, bound_search::way::down);
    server.serve(by, search);
    REQUIRE(search.broken());
    CHECK(search.broken()->pointer == "/range/3/upper");
    CHECK_THAT(search.broken()->what, Catch::Contains("upper has no effect"));
}

TEST_CASE("what of an answer cannot be had decides nothing", "[P16][range]")
{
    const range_rule by = with_edges(rule_of(range_type::integer), true, false);
    border_test test(by, "15");
    while (test.ask()) {
        test.on_page({}, false);
        test.on_cut();
    }
    CHECK_FALSE(test.broken());
    CHECK_FALSE(test.proven());

    bound_search search(by, "15");
    search.on_cut();
    CHECK_FALSE(search.ask());
    CHECK_FALSE(search.found());
}
