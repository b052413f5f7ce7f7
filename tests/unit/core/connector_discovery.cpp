#include "support/catch.hpp"
#include <catena/connector.hpp>

#include <functional>
#include <string>
#include <vector>

using namespace catena;
using kind = end_rule::kind;
using place = token_target::place;
using source = token_source::place;

namespace {

connector good()
{
    connector c("files", "https://api.example.com/files");
    c.request.query = {{"a", "1"}, {"fields", "items"}, {"fields", "next"}, {"z", "2"}};
    c.request.headers = {{"X-View", "full"}};
    c.records.at = "/items";
    c.key = {key_field("/at"), key_field("/id")};
    c.sorted = order::ascending;
    c.ties = true;
    c.page_size.to = token_target(place::query, "limit");
    c.page_size.value = 100;
    c.page_size.shrink_on = {504};
    c.next.from = {token_source(source::body, "/next")};
    c.next.to = {token_target(place::query, "cursor")};
    c.end = {kind::missing};
    c.total.emplace().at = "/total";
    c.self = token_source(source::body, "/self");
    c.expiry.recover.by = recovery_rule::method::rescan;
    c.discovery.emplace().query = {{"fields", "next"}};
    return c;
}

struct change {
    const char* pointer;  // of the flaw that it makes
    std::function<void(connector&)> make;
};

}  // namespace

TEST_CASE("discovery is refused where a token is not good by itself, or an end needs records",
          "[connector][discovery]")
{
    REQUIRE(validate(good()).empty());
    const std::vector<change> flawed{
        {"/discovery", [](connector& c) { c.discovery->query.clear(); }},
        {"/discovery/query/cursor", [](connector& c) { c.discovery->query[0].first = "cursor"; }},
        {"/discovery/query/limit", [](connector& c) { c.discovery->query[0].first = "limit"; }},
        {"/discovery/query/fields", [](connector& c) { c.request.url += "?fields=all"; }},
        {"/discovery/query/fields", [](connector& c) { c.discovery->query[0].second = "a\nb"; }},
        {"/discovery/query/fields", [](connector& c) { c.next.drop = {"fields"}; }},
        {"/discovery/query/fields",
         [](connector& c) {
             c.next.exclusive = true;
             c.next.keep = {"limit"};
         }},
        {"/discovery/query/", [](connector& c) { c.discovery->query[0].first = ""; }},
        {"/discovery/headers/Host",
         [](connector& c) {
             c.discovery->headers = {{"Host", "other"}};
         }},
        {"/discovery/headers/x-cursor",
         [](connector& c) {
             c.next.to[0] = token_target(place::header, "X-Cursor");
             c.discovery->headers = {{"x-cursor", "1"}};
         }},
        {"/discovery/body", [](connector& c) { c.discovery->body = "{}"; }},
        {"/discovery/body",
         [](connector& c) {
             c.request.method = "POST";
             c.discovery->body = "{";
         }},
        {"/discovery",
         [](connector& c) {
             c.request.method = "POST";
             c.next.to[0] = token_target(place::body, "/cursor");
             c.discovery->body = "[]";
         }},
        {"/next/may_repeat", [](connector& c) { c.next.may_repeat = true; }},
        {"/next/single_use", [](connector& c) { c.next.single_use = true; }},
        {"/next/inclusive", [](connector& c) { c.next.inclusive = true; }},
        {"/session", [](connector& c) { c.session.cookies = true; }},
        {"/session", [](connector& c) { c.session.one_connection = true; }},
        {"/next/from/0",
         [](connector& c) { c.next.from = {token_source(source::last_record, "/id")}; }},
        {"/next/to", [](connector& c) { c.next.to = {token_target(place::url, "")}; }},
        {"/end/1", [](connector& c) { c.end.emplace_back(kind::empty_page); }},
        {"/end/1", [](connector& c) { c.end.emplace_back(kind::short_page); }},
        {"/end/1", [](connector& c) { c.end.emplace_back(kind::total); }},
        {"/window",
         [](connector& c) {
             c.window.records = 1000;
             c.expiry.recover.by = recovery_rule::method::rebuild;
             c.expiry.recover.to = {token_target(place::query, "since")};
         }},
        {"/range",
         [](connector& c) {
             range_rule& r = c.range.emplace_back();
             r.by = "/at";
             r.lower = range_edge(token_target(place::query, "from"), true);
         }},
    };
    for (const change& one : flawed) {
        connector c = good();
        c.page_size.shrink_on.clear();
        one.make(c);
        CAPTURE(one.pointer);
        const std::vector<connector_flaw> flaws = validate(c);
        for (const connector_flaw& f : flaws)
            UNSCOPED_INFO(f.pointer << ": " << f.what);
        REQUIRE(flaws.size() == 1);
        CHECK(flaws[0].pointer == one.pointer);
        CHECK_FALSE(flaws[0].mend.empty());
        // What is wrong is wrong with discovery only.
        if (flaws[0].pointer.find("/discovery") == 0) continue;
        c.discovery.reset();
        CHECK(validate(c).empty());
    }
    connector counts = good();
    counts.next.from = {token_source::counter(0, token_source::stride::records)};
    counts.end = {kind::flag_false};
    counts.end[0].at = "/more";
    REQUIRE(validate(counts).size() == 1);
    CHECK(validate(counts)[0].pointer == "/next/from/0");
}

TEST_CASE("the walk of tokens asks as discovery says, and reads no records",
          "[connector][discovery]")
{
    connector c = good();
    c.discovery->query = {{"fields", "next"}, {"n", "1"}};
    c.discovery->headers = {{"x-view", "none"}, {"X-Lean", "yes"}};
    const connector alone = tokens_alone(c);
    CHECK(validate(alone).empty());
    CHECK(alone.request.query ==
          named_settings{{"a", "1"}, {"fields", "next"}, {"z", "2"}, {"n", "1"}});
    CHECK(alone.request.headers == named_settings{{"x-view", "none"}, {"X-Lean", "yes"}});
    CHECK(alone.records.when_absent == records_rule::absence::empty);
    CHECK(alone.key.empty());
    CHECK_FALSE(alone.self);
    CHECK_FALSE(alone.discovery);

    c.request.method = "POST";
    c.request.body = R"({"q":1})";
    CHECK(tokens_alone(c).request.body == c.request.body);
    c.discovery->body = R"({"q":2})";
    CHECK(tokens_alone(c).request.body == c.discovery->body);
}

TEST_CASE("neither walk moves the borders between pages", "[connector][discovery]")
{
    const connector c = good();
    for (const connector& one : {tokens_alone(c), pages_by_token(c)}) {
        CHECK(validate(one).empty());
        CHECK(one.page_size.value == 100);
        CHECK(one.page_size.to == c.page_size.to);
        CHECK_FALSE(one.page_size.shrinks());
        CHECK(one.expiry.recover.by == recovery_rule::method::fail);
        CHECK_FALSE(one.total);
    }
    const connector pages = pages_by_token(c);
    CHECK(pages.request == c.request);
    CHECK(pages.key == c.key);
    CHECK(pages.sorted == c.sorted);
    CHECK(pages.self == c.self);

    connector fresh = c;
    fresh.expiry.recover.by = recovery_rule::method::token_from;
    fresh.expiry.recover.at = "/fresh";
    CHECK(tokens_alone(fresh).expiry.recover == fresh.expiry.recover);
    CHECK(pages_by_token(fresh).expiry.recover == fresh.expiry.recover);
}
