#include "support/catch.hpp"
#include <catena/connector.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using kind = end_rule::kind;
using target = token_target::place;
using source = token_source::place;

namespace {

connector good()
{
    connector c("items", "https://api.example.com/items");
    c.key = {key_field("/created"), key_field("/id")};
    c.sorted = order::ascending;
    c.next.from = {token_source(source::body, "/next")};
    c.next.to = {token_target(target::query, "cursor")};
    c.end = {kind::missing};
    return c;
}

void rebuilds(connector& c)
{
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {token_target(target::query, "since")};
}

sign status(int code)
{
    sign s;
    s.status = code;
    return s;
}

page_size_rule& sized(connector& c, std::uint32_t value)
{
    c.page_size.value = value;
    if (value != 0) c.page_size.to = token_target(target::query, "limit");
    return c.page_size;
}

struct change {
    const char* pointer;  // of the flaw that it makes
    std::function<void(connector&)> make;
};

// One contradiction or gap each.
const std::vector<change>& flawed()
{
    static const std::vector<change> all{
        {"/name", [](connector& c) { c.name = "a\nb"; }},
        {"/request/url", [](connector& c) { c.request.url.clear(); }},
        {"/request/url", [](connector& c) { c.request.url = "ftp://host/"; }},
        {"/request/url", [](connector& c) { c.request.url = "/items"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://u:p@host/"; }},
        {"/request/url", [](connector& c) { c.request.url = "https:///items"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://host:99999/"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://host:0/"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://host/a b"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://host/\r\n"; }},
        {"/request/url", [](connector& c) { c.request.url = "https://host/#x"; }},
        {"/request/method", [](connector& c) { c.request.method = "GET /"; }},
        {"/request/method", [](connector& c) { c.request.method.clear(); }},
        {"/request/query/a",
         [](connector& c) {
             c.request.query = {{"a", "x\ny"}};
         }},
        {"/request/query/a~1b",
         [](connector& c) {
             c.request.query = {{"a/b", "\r"}};
         }},
        {"/request/query/",
         [](connector& c) {
             c.request.query = {{"", "x"}};
         }},
        {"/request/query/a",
         [](connector& c) {
             c.request.query = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
         }},
        {"/request/headers/A:",
         [](connector& c) {
             c.request.headers = {{"A:", "x"}};
         }},
        {"/request/headers/A",
         [](connector& c) {
             c.request.headers = {{"A", "x\r\nB: y"}};
         }},
        {"/request/headers/a",
         [](connector& c) {
             c.request.headers = {{"A", "x"}, {"a", "y"}};
         }},
        {"/request/headers/Host",
         [](connector& c) {
             c.request.headers = {{"Host", "x"}};
         }},
        {"/request/headers/A/$env",
         [](connector& c) {
             c.request.headers = {{"A", setting::from_environment("")}};
         }},
        {"/request/headers/A/$file",
         [](connector& c) {
             c.request.headers = {{"A", setting::from_file("")}};
         }},
        {"/request/headers/A/prefix",
         [](connector& c) {
             c.request.headers = {{"A", setting::from_file("/x", "\n")}};
         }},
        {"/request/body", [](connector& c) { c.request.body = "{}"; }},
        {"/request/body", [](connector& c) { c.request.method = "POST", c.request.body = "{"; }},
        {"/request/body", [](connector& c) { c.request.method = "POST", c.request.body = "{} x"; }},
        {"/records/at", [](connector& c) { c.records.at = "items"; }},
        {"/key/1/at", [](connector& c) { c.key[1].at = "/a~2"; }},
        {"/key/1", [](connector& c) { c.key[1].at = "/created"; }},
        {"/order", [](connector& c) { c.key.clear(); }},
        {"/ties", [](connector& c) { c.ties = true, c.key.pop_back(); }},
        {"/ties", [](connector& c) { c.ties = true, c.sorted = order::none; }},
        {"/page_size/value", [](connector& c) { c.page_size.to.at = "limit"; }},
        {"/page_size/value",
         [](connector& c) {
             c.next.inclusive = true, c.page_size.value = 1;
             c.page_size.to = token_target(target::query, "limit");
         }},
        {"/page_size/to/query", [](connector& c) { c.page_size.value = 10; }},
        {"/page_size/to",
         [](connector& c) {
             c.page_size.value = 10, c.page_size.to = token_target(target::query, "cursor");
         }},
        {"/page_size/to",
         [](connector& c) {
             c.page_size.value = 10, c.page_size.to = token_target(target::url, "");
         }},
        {"/page_size/value", [](connector& c) { sized(c, 0).max = 5; }},
        {"/page_size/value", [](connector& c) { sized(c, 6).max = 5; }},
        {"/page_size/value", [](connector& c) { sized(c, 0).shrink_on_timeout = true; }},
        {"/page_size/shrink_on/1",
         [](connector& c) {
             sized(c, 6).shrink_on = {504, 200};
         }},
        {"/page_size/shrink_on/0", [](connector& c) { sized(c, 6).shrink_on = {429}; }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on_size = true;
             c.next.from = {token_source::counter(1, token_source::stride::pages)};
             c.end = {end_rule::kind::empty_page};
         }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on = {504};
             c.total.emplace();
             c.total->at = "/pages";
             c.total->counts = total_rule::unit::pages;
         }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on = {504};
             c.next.may_repeat = true;
         }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on = {504};
             c.next.to = {token_target(target::url, "")};
         }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on = {504};
             c.next.exclusive = true;
         }},
        {"/page_size/shrink_on",
         [](connector& c) {
             sized(c, 6).shrink_on = {504};
             c.next.drop = {"limit"};
         }},
        {"/self", [](connector& c) { c.self = token_source(source::last_record, "/id"); }},
        {"/self",
         [](connector& c) {
             c.self = token_source(source::link, "self");
             c.self->optional = true;
         }},
        {"/self/body", [](connector& c) { c.self = token_source(source::body, ""); }},
        {"/page_size/to/body",
         [](connector& c) {
             c.page_size.value = 10, c.page_size.to = token_target(target::body, "/n");
         }},
        {"/next/from", [](connector& c) { c.next.from.clear(), c.next.to.clear(); }},
        {"/next/to", [](connector& c) { c.next.to.clear(); }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = ""; }},
        {"/next/from/0/body", [](connector& c) { c.next.from[0].at = "next"; }},
        {"/next/from/0/header",
         [](connector& c) { c.next.from[0] = token_source(source::header, "a b"); }},
        {"/next/from/0/link",
         [](connector& c) {
             c.next.from[0] = token_source(source::link, ""), c.next.to[0].to = target::url;
         }},
        {"/next/from/0", [](connector& c) { c.next.from[0].where_at = "/rel"; }},
        {"/next/from/0",
         [](connector& c) { c.next.from[0].optional = c.next.from[0].keep = true; }},
        {"/next/to/0/query", [](connector& c) { c.next.to[0].at.clear(); }},
        {"/next/to/0/query", [](connector& c) { c.next.to[0].at = "a\nb"; }},
        {"/next/to/0/header",
         [](connector& c) { c.next.to[0] = token_target(target::header, "a:b"); }},
        {"/next/to/0/header",
         [](connector& c) { c.next.to[0] = token_target(target::header, "host"); }},
        {"/next/to/0/path", [](connector& c) { c.next.to[0] = token_target(target::path, "v1"); }},
        {"/next/to/0/path",
         [](connector& c) { c.next.to[0] = token_target(target::path, "/a?b"); }},
        {"/next/to/0/body",
         [](connector& c) { c.next.to[0] = token_target(target::body, "/cursor"); }},
        {"/next/to/0/body",
         [](connector& c) {
             c.request.method = "POST", c.next.to[0] = token_target(target::body, "");
         }},
        {"/next/to/0",
         [](connector& c) {
             c.request.method = "POST", c.request.body = "[]",
             c.next.to[0] = token_target(target::body, "/c");
         }},
        {"/next/to/0",
         [](connector& c) {
             c.next.from[0] = token_source::counter(0, token_source::stride::pages),
             c.next.to[0].to = target::url, c.end = {kind::empty_page};
         }},
        {"/next/to/0",
         [](connector& c) {
             c.next.from[0] = token_source(source::header, "X"), c.next.to[0].at = "*";
         }},
        {"/next/to/0", [](connector& c) { c.next.from[0] = token_source(source::link, "next"); }},
        {"/next/to/0/query", [](connector& c) { c.next.to[0].at = ""; }},
        {"/next/to/1",
         [](connector& c) {
             c.next.from.push_back(c.next.from[0]), c.next.to.push_back(c.next.to[0]);
         }},
        {"/next/to/1",
         [](connector& c) {
             c.next.from.push_back(c.next.from[0]), c.next.to.push_back(c.next.to[0]),
                 c.next.to[0] = token_target(target::url, "");
         }},
        {"/next/to/1",
         [](connector& c) {
             c.request.method = "POST", c.next.from.push_back(c.next.from[0]),
             c.next.to = {token_target(target::body, "/a"), token_target(target::body, "/a/b")};
         }},
        {"/next/drop/0", [](connector& c) { c.next.drop = {"cursor"}; }},
        {"/next/drop",
         [](connector& c) { c.next.drop = {"x"}, c.next.to[0] = token_target(target::url, ""); }},
        {"/next/exclusive",
         [](connector& c) {
             c.next.exclusive = true, c.next.to[0] = token_target(target::url, "");
         }},
        {"/next/keep", [](connector& c) { c.next.keep = {"x"}; }},
        {"/next/inclusive",
         [](connector& c) { c.next.inclusive = true, c.key.clear(), c.sorted = order::none; }},
        {"/next/may_repeat", [](connector& c) { c.next.may_repeat = c.next.single_use = true; }},
        {"/next/ignore/0", [](connector& c) { c.next.ignore = {"x"}; }},
        {"/end", [](connector& c) { c.end.clear(); }},
        {"/end",
         [](connector& c) {
             c.next.from[0] = token_source::counter(0, token_source::stride::pages);
         }},
        {"/end", [](connector& c) { c.next.from[0].keep = true; }},
        {"/end/1", [](connector& c) { c.end.emplace_back(kind::missing); }},
        {"/end/1",
         [](connector& c) {
             c.end = {end_rule(kind::flag_false, "/a"), end_rule(kind::flag_true, "/b")};
         }},
        {"/end/0/false", [](connector& c) { c.end = {end_rule(kind::flag_false, "a")}; }},
        {"/end/0/true", [](connector& c) { c.end = {end_rule(kind::flag_true, "")}; }},
        {"/end/0", [](connector& c) { c.end = {kind::sign}; }},
        {"/end/0/status", [](connector& c) { c.end[0] = kind::sign, c.end[0].when = status(200); }},
        {"/end/1", [](connector& c) { c.end.emplace_back(kind::total); }},
        {"/end/1",
         [](connector& c) { c.end.emplace_back(kind::same_token), c.next.may_repeat = true; }},
        {"/total/body", [](connector& c) { c.total.emplace(); }},
        {"/total/header",
         [](connector& c) { c.total.emplace(), c.total->from = total_rule::place::header; }},
        {"/window", [](connector& c) { c.window.records = 10000; }},
        {"/expiry/signs/0/status", [](connector& c) { c.expiry.signs = {status(99)}; }},
        {"/expiry/signs/0", [](connector& c) { c.expiry.signs = {sign()}; }},
        {"/expiry/ttl", [](connector& c) { c.expiry.ttl = -1s; }},
        {"/expiry/recover",
         [](connector& c) {
             c.expiry.recover.by = recovery_rule::method::rescan, c.key.clear(),
             c.sorted = order::none;
         }},
        {"/expiry/recover/token_from",
         [](connector& c) { c.expiry.recover.by = recovery_rule::method::token_from; }},
        {"/expiry/recover/rebuild",
         [](connector& c) { rebuilds(c), c.key.clear(), c.sorted = order::none; }},
        {"/expiry/recover/rebuild", [](connector& c) { rebuilds(c), c.sorted = order::none; }},
        {"/expiry/recover/rebuild/to",
         [](connector& c) { rebuilds(c), c.expiry.recover.to.clear(); }},
        {"/expiry/recover/rebuild/to",
         [](connector& c) {
             rebuilds(c), c.key.pop_back(), c.expiry.recover.to.emplace_back(target::query, "id");
         }},
        {"/expiry/recover/rebuild/to/1",
         [](connector& c) { rebuilds(c), c.expiry.recover.to.push_back(c.expiry.recover.to[0]); }},
        {"/expiry/recover/rebuild/to/0",
         [](connector& c) { rebuilds(c), c.expiry.recover.to[0].to = target::url; }},
        {"/ties",
         [](connector& c) {
             rebuilds(c), c.ties = true, c.expiry.recover.to.emplace_back(target::query, "id");
         }},
        {"/errors/0/when", [](connector& c) { c.errors.emplace_back(); }},
        {"/limits/policies/0/requests",
         [](connector& c) { c.limits.policies = {rate_policy(0, 1s)}; }},
        {"/limits/policies/0/per", [](connector& c) { c.limits.policies = {rate_policy(1, 0s)}; }},
        {"/limits/policies/0/burst",
         [](connector& c) { c.limits.policies = {rate_policy(1, 1s, 0)}; }},
        {"/limits/policies/0/requests",
         [](connector& c) { c.limits.policies = {rate_policy(2, 1ns)}; }},
        {"/limits/policies/0/weight",
         [](connector& c) {
             c.limits.policies = {rate_policy(2, 1s)};
             c.limits.policies[0].weight = 3;
         }},
        {"/session/cookies",
         [](connector& c) {
             c.session.cookies = true;
             c.request.headers = {{"cookie", setting::from_environment("SID", "sid=")}};
         }},
        {"/session/cookies",
         [](connector& c) {
             c.session.cookies = true;
             c.next.to = {token_target(target::header, "Cookie")};
         }},
        {"/origins/0", [](connector& c) { c.origins = {"host"}; }},
        {"/origins/0", [](connector& c) { c.origins = {"https://host/path"}; }},
        {"/origins/0", [](connector& c) { c.origins = {"http://host"}; }},
    };
    return all;
}

}  // namespace

TEST_CASE("a complete connector has no flaw", "[connector]")
{
    CHECK(validate(good()).empty());
    connector c = good();
    rebuilds(c);
    c.ties = true;
    c.window.records = 10000;
    c.session.cookies = c.session.one_connection = true;
    c.limits.policies = {rate_policy(1, 10s), rate_policy(1'000'000'000, 1s)};
    CHECK(validate(c).empty());
}

TEST_CASE("every contradiction is a flaw at its own place, with a way to mend it",
          "[connector][U17][R13][A14]")
{
    for (std::size_t i = 0; i < flawed().size(); ++i) {
        connector c = good();
        flawed()[i].make(c);
        const std::vector<connector_flaw> flaws = validate(c);
        CAPTURE(i, flawed()[i].pointer, flaws.size());
        REQUIRE_FALSE(flaws.empty());
        CHECK(flaws.front().pointer == flawed()[i].pointer);
        for (const connector_flaw& f : flaws) {
            CHECK_FALSE(f.what.empty());
            CHECK_FALSE(f.mend.empty());
        }
    }
}

TEST_CASE("a flaw of a URL does not repeat it, since it may hold a password", "[connector][A11]")
{
    for (const char* url :
         {"https://u:hush@host/", "ftp://u:hush@host", "https://u:hush@host/ x"}) {
        connector c = good();
        c.request.url = url;
        for (const connector_flaw& f : validate(c))
            CHECK((f.what + f.mend + f.pointer).find("hush") == std::string::npos);
    }
}

TEST_CASE("several flaws are found at once", "[connector]")
{
    CHECK(validate(connector()).size() == 3);  // url, next, end
}

TEST_CASE("token and rebuilt bound may share a place", "[connector]")
{
    connector c = good();
    rebuilds(c);
    c.expiry.recover.to = c.next.to;
    CHECK(validate(c).empty());
}

TEST_CASE("a target's usual form is JSON in a body and text elsewhere", "[connector]")
{
    CHECK(token_target(target::body, "/a").as == token_target::form::json);
    CHECK(token_target(target::query, "a").as == token_target::form::text);
}
