#include "unit/codec/request_builder_support.hpp"
#include "unit/core/range_support.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/range_query.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;

namespace {

connector with_rules(std::vector<range_rule> rules)
{
    connector c = items({token_target(place::query, "cursor")});
    c.key = {key_field("/k"), key_field("/other")};
    c.end = {end_rule::kind::missing};
    c.range = std::move(rules);
    return c;
}

range_rule rule(range_type type, token_target lower, bool lower_in, token_target upper,
                bool upper_in)
{
    range_rule by = rule_of(type);
    by.lower = range_edge(std::move(lower), lower_in);
    by.upper = range_edge(std::move(upper), upper_in);
    return by;
}

token_target query(const char* name) { return {place::query, name}; }

range over(std::optional<std::string> from, std::optional<std::string> to)
{
    return range({interval(std::move(from), std::move(to))});
}

connector part_of(const connector& c, const range& part)
{
    connector out = within(c, part);
    for (const connector_flaw& f : validate(out))
        FAIL_CHECK(f.pointer << ' ' << f.what);
    CHECK(out.range.empty());
    return out;
}

std::string target_of(const connector& c) { return built(c, {}).target; }

errc refused(const connector& c, const range& part)
{
    try {
        (void)within(c, part);
    } catch (const failure& f) {
        CHECK(std::string(f.what()).find("se\ncret") == std::string::npos);
        CHECK_FALSE(f.why().mend.empty());
        return static_cast<errc>(f.why().code.value());
    }
    return errc();
}

}  // namespace

TEST_CASE("borders go where the rule says, in place of what stood there", "[range]")
{
    connector c =
        with_rules({rule(range_type::integer, query("since"), false, query("max"), true)});
    REQUIRE(validate(c).empty());
    CHECK(target_of(part_of(c, over("10", "20"))) == "/v1/items?since=9&max=19");
    CHECK(target_of(part_of(c, over("10", std::nullopt))) == "/v1/items?since=9");
    CHECK(target_of(part_of(c, over(std::nullopt, "20"))) == "/v1/items?max=19");
    CHECK(target_of(part_of(c, over(std::nullopt, std::nullopt))) == "/v1/items");
    CHECK(target_of(part_of(c, range())) == "/v1/items");

    c.request.url += "?since=1&a=b&s%69nce=2";
    c.request.query = {{"max", "5"}, {"max", "6"}, {"z", "7"}};
    CHECK(target_of(part_of(c, over("0", "1e3"))) == "/v1/items?a=b&max=999&z=7&since=-1");
}

TEST_CASE("a border of text is encoded once, and one of time is written in UTC", "[range]")
{
    connector c = with_rules({rule(range_type::text, query("from"), true, query("to"), false)});
    CHECK(target_of(part_of(c, over("a b&c", "caf\xc3\xa9"))) ==
          "/v1/items?from=a%20b%26c&to=caf%C3%A9");
    c.range[0].lower->to.as = form::json;
    CHECK(target_of(part_of(c, over("a\"b", std::nullopt))) == "/v1/items?from=%22a%5C%22b%22");
    c.range[0].type = range_type::time;
    c.range[0].lower->to.as = form::text;
    CHECK(target_of(part_of(c, over("2026-01-01T02:00:00.5+02:00", "2026-01-01T00:00:00.5Z"))) ==
          "/v1/items?from=2026-01-01T00%3A00%3A00Z&to=2026-01-01T00%3A00%3A01Z");
}

TEST_CASE("borders go to body, header and path as well", "[range]")
{
    connector c = with_rules({rule(range_type::integer, {place::body, "/filter/from"}, true,
                                   {place::body, "/filter/to", form::text}, false)});
    c.request.method = "POST";
    c.request.body = R"({"filter":{"from":1,"x":[ 2 ]}})";
    REQUIRE(validate(c).empty());
    CHECK(part_of(c, over("010", "20")).request.body ==
          R"({"filter":{"from":10,"x":[ 2 ],"to":"20"}})");
    c.range[0].type = range_type::text;
    CHECK(part_of(c, over("a\"", std::nullopt)).request.body ==
          R"({"filter":{"from":"a\"","x":[ 2 ]}})");
    c.request.body = R"({"filter":5})";
    CHECK(refused(c, over("a", "b")) == errc::cursor_refused);

    c = with_rules(
        {rule(range_type::time, {place::header, "X-From"}, true, {place::path, "/until/"}, false)});
    c.range[0].time = moment_form::seconds;
    c.request.url += "?a=b";
    c.request.headers = {{"x-from", "0"}, {"Accept", "a/b"}};
    REQUIRE(validate(c).empty());
    const http_request r = built(part_of(c, over("1000", "2000")), {});
    CHECK(r.target == "/until/2000?a=b");
    CHECK(header_of(r, "X-From") == "1000");
    CHECK(header_of(r, "Accept") == "a/b");
}

TEST_CASE("values and several rules are placed each in its own", "[range]")
{
    range_rule states = rule_of(range_type::values);
    states.to = query("state");
    states.values = {"open", "closed now"};
    connector c =
        with_rules({states, rule(range_type::integer, query("a"), true, query("b"), false)});
    REQUIRE(validate(c).empty());
    const std::vector<range> all =
        product({divide(c.range[0], {}, 1), divide(c.range[1], interval("0", "10"), 2)});
    std::set<std::string> asked, prints;
    for (const range& part : all) {
        asked.insert(target_of(part_of(c, part)));
        prints.insert(fingerprint(part_of(c, part)));
    }
    CHECK(asked == std::set<std::string>{"/v1/items?state=open&a=0&b=5",
                                         "/v1/items?state=open&a=5&b=10",
                                         "/v1/items?state=closed%20now&a=0&b=5",
                                         "/v1/items?state=closed%20now&a=5&b=10"});
    CHECK(prints.size() == 4);
    CHECK(prints.count(fingerprint(c)) == 0);
    CHECK(fingerprint(within(c, range())) == fingerprint(c));
}

TEST_CASE("a border that cannot be sent is refused without being shown", "[range]")
{
    connector c = with_rules({rule(range_type::text, query("from"), true, query("to"), false)});
    CHECK(refused(c, over("se\ncret", "z")) == errc::cursor_refused);
    CHECK(refused(c, over("a", "se\ncret")) == errc::cursor_refused);
    c.range[0].lower->to = token_target(place::header, "X-From");
    CHECK(refused(c, over("a ", "z")) == errc::cursor_refused);
    c.range[0].lower->to = token_target(place::path, "/from/");
    CHECK(refused(c, over("..", "z")) == errc::cursor_refused);
    CHECK(refused(c, over("", "z")) == errc::cursor_refused);
    c = with_rules({rule(range_type::integer, query("from"), true, query("to"), false)});
    CHECK(refused(c, over("a", "z")) == errc::cursor_refused);
    CHECK(refused(c, over("1", "1.5")) == errc::cursor_refused);
    range_rule states = rule_of(range_type::values);
    states.to = query("state");
    states.values = {"open"};
    CHECK(refused(with_rules({states}), over("shut", std::nullopt)) == errc::cursor_refused);
    CHECK_THROWS_AS(within(c, range({interval(), interval()})), std::invalid_argument);
}

TEST_CASE("the bound of a rebuilt query takes the lower border's place", "[range][P9]")
{
    connector c =
        with_rules({rule(range_type::integer, query("since"), true, query("max"), false)});
    c.sorted = order::ascending;
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {query("since")};
    REQUIRE(validate(c).empty());
    const connector part = part_of(c, over("10", "20"));
    CHECK(built(part, after({}, {number("15")})).target == "/v1/items?since=15&max=20");
    CHECK(built(part, after({text("t")}, {number("15")})).target ==
          "/v1/items?since=15&max=20&cursor=t");
    CHECK(built(part, after({text("t")})).target == "/v1/items?since=10&max=20&cursor=t");
}

/* A server that filters as its edges really are, over keys that it can hold. What it answers to
   the parts, without what where_in() finds elsewhere, is every record once. */
TEST_CASE("the parts' answers hold every record once, for all four kinds of edges",
          "[P17][P28][range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 9u));
    const bool lower_in = GENERATE(true, false);
    const bool upper_in = GENERATE(true, false);
    const auto type = static_cast<range_type>(GENERATE(0, 1, 2, 3));
    CAPTURE(seed, lower_in, upper_in, static_cast<int>(type));
    std::mt19937 draw(seed);
    connector c = with_rules({rule(type, query("from"), lower_in, query("to"), upper_in)});
    range_rule& by = c.range[0];
    if (type == range_type::time) by.time = static_cast<moment_form>(seed % 3);
    if (type == range_type::text || type == range_type::decimal) {
        if (!lower_in) {
            CHECK_FALSE(validate(c).empty());
            return;
        }
    }
    REQUIRE(validate(c).empty());

    std::vector<std::string> keys;
    key_source source(by, draw);
    while (keys.size() < 60) {
        std::string key = source.next();
        const bool printable =
            std::all_of(key.begin(), key.end(), [](char o) { return o < 0 || o >= ' '; });
        if (printable) keys.push_back(std::move(key));
    }
    std::sort(keys.begin(), keys.end(),
              [&](const auto& a, const auto& b) { return precedes(by, a, b); });
    const interval whole(keys.front(), keys.back());
    std::map<std::string, int> got;
    for (const interval& part : divide(by, whole, 1 + draw() % 12)) {
        const connector asked = within(c, range({part}));
        REQUIRE(asked.request.query.size() == 2);
        const std::string from = asked.request.query[0].second.value;
        const std::string to = asked.request.query[1].second.value;
        for (const std::string& key : keys) {
            const bool above = lower_in ? !precedes(by, key, from) : precedes(by, from, key);
            const bool below = upper_in ? !precedes(by, to, key) : precedes(by, key, to);
            if (above && below && where_in(by, part, field_of(by, key)) == side::inside) ++got[key];
        }
    }
    for (const std::string& key : keys) {
        CAPTURE(key);
        CHECK(got[key] == (precedes(by, key, *whole.upper)
                               ? static_cast<int>(std::count(keys.begin(), keys.end(), key))
                               : 0));
    }
}
