// limits.signals: places that a connector names for what answers tell of quotas.
#include "page_reader_answer.hpp"
#include "rate_limit_fields_support.hpp"
#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/page_reader.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

connector with_signals(const std::string& signals)
{
    return load_connector(R"({"request": {"url": "https://api.example.com/items"},
        "records": "/items", "key": "/id", "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": "missing", "limits": {"signals": )" +
                          signals + "}}");
}

answer page_with(const std::string& members, int status = 200)
{
    return {R"({"items": [{"id": 1}], "next": "n")" + members + "}", status};
}

std::vector<connector_file_flaw> flaws_of(const std::string& signals)
{
    std::vector<connector_file_flaw> flaws;
    (void)load_connector(
        R"({"request": {"url": "https://a.test/"}, "next": {"from": {"body": "/n"}, "to": {"query": "c"}},
            "end": "missing", "limits": {"signals": )" +
            signals + "}}",
        flaws);
    return flaws;
}

}  // namespace

TEST_CASE("a connector names the places where its API shows quotas", "[signals][R6][R8]")
{
    struct example {
        std::string rule;
        answer from;
        signals expected;
    };
    const std::string epoch =
        R"({"quotas": {"remaining": {"header": "X-Left"}, "reset": {"header": "X-At"}, "reset_as": )";
    const std::vector<example> all = {
        {epoch + R"("epoch_seconds"}})",
         page_with("").with("X-Left", "7").with("X-At", "90"),
         {{"", {}, 7, 90s, {}}}},
        {epoch + R"("epoch_milliseconds"}})",
         page_with("").with("X-Left", "7").with("X-At", "1500"),
         {{"", {}, 7, 1500ms, {}}}},
        {epoch + R"("milliseconds"}})",
         page_with("").with("X-Left", "7").with("X-At", "250"),
         {{"", {}, 7, 250ms, {}}}},
        {epoch + R"("text"}})",
         page_with("").with("x-left", "0").with("X-AT", "1s"),
         {{"", {}, 0, 1s, {}}}},
        {epoch + R"("text"}})",
         page_with("").with("X-Left", "0").with("X-At", "6m0s"),
         {{"", {}, 0, 6min, {}}}},
        {epoch + R"("date"}})",
         page_with("").with("X-Left", "0").with("X-At", "Thu, 01 Jan 1970 00:00:30 GMT"),
         {{"", {}, 0, 30s, {}}}},
        {R"({"quotas": {"name": "calls", "used": {"header": "X-Calls"}}})",
         page_with("").with("X-Calls", "32/40"),
         {{"calls", 40, 8, {}, {}}}},
        {R"({"quotas": {"used": {"header": "X-Used"}, "limit": {"header": "X-Most"}, "window": {"header": "X-Per"},
             "window_as": "text"}})",
         page_with("").with("X-Used", "9").with("X-Most", "10").with("X-Per", "1m"),
         {{"", 10, 1, {}, 1min}}},
        {R"({"quotas": {"remaining": {"body": "/quota/left"}, "limit": {"body": "/quota/most"},
             "reset": {"body": "/quota/until"}, "reset_as": "seconds"}})",
         page_with(R"(, "quota": {"left": 3, "most": "50", "until": 12.5})"),
         {{"", 50, 3, 12500ms, {}}}},
        {R"({"quotas": [{"name": "a", "remaining": {"body": "/a"}, "limit": {"header": "X-Most"}},
                        {"name": "b", "remaining": {"body": "/b~1c"}}]})",
         page_with(R"(, "a": 5, "b\/c": "\u0036")").with("X-Most", "9"),
         {{"a", 9, 5, {}, {}}, {"b", {}, 6, {}, {}}}},
        {R"({"quotas": {"remaining": {"body": "/left"}}})", page_with(R"(, "left": null)"), {}},
        {R"({"quotas": {"remaining": {"body": "/left"}}})", page_with(R"(, "left": [1])"), {}},
        {R"({"quotas": {"remaining": {"body": "/left"}}})", page_with(R"(, "left": "soon")"), {}},
        {R"({"quotas": {"name": "b", "remaining": {"body": "/left"}}})",
         page_with(R"(, "left": 4)").with("X-RateLimit-Remaining", "9"),
         {{"b", {}, 4, {}, {}}, {"", {}, 9, {}, {}}}},
        {R"({"known_fields": false, "quotas": {"remaining": {"body": "/left"}}})",
         page_with(R"(, "left": 4)").with("X-RateLimit-Remaining", "9"),
         {{"", {}, 4, {}, {}}}},
        {R"({"known_fields": false})", page_with("").with("X-RateLimit-Remaining", "9"), {}},
    };
    for (const example& e : all) {
        const connector c = with_signals(e.rule);
        for (const std::size_t piece : {std::size_t(0), std::size_t(1), std::size_t(7)}) {
            CAPTURE(e.rule, piece);
            const auto r = read(c, e.from, piece);
            CHECK(r.facts.is == page_facts::answer::page);
            CHECK(r.facts.quotas == e.expected);
        }
    }
}

TEST_CASE("a refusal's body tells of quotas too", "[signals][R5][R6]")
{
    const connector c = with_signals(
        R"({"quotas": {"remaining": {"body": "/error/left"}, "reset": {"body": "/error/in"}, "reset_as": "seconds"}})");
    const std::string body = R"({"error": {"message": "no", "left": 0, "in": 30}})";
    for (const int status : {429, 403, 503}) {
        CAPTURE(status);
        const auto r = read(c, answer(body, status));
        CHECK(r.facts.is == page_facts::answer::failed);
        CHECK(r.facts.quotas == signals{{"", {}, 0, 30s, {}}});
        if (status != 503) CHECK(r.facts.code == errc::rate_limited);  // with quota left, forbidden
    }
    const auto left = read(c, answer(R"({"error": {"message": "no", "left": 5}})", 403));
    CHECK(left.facts.code == errc::forbidden);
}

TEST_CASE("the next answer begins without what the last one told", "[signals][R6]")
{
    const connector c = with_signals(R"({"quotas": {"remaining": {"body": "/left"}}})");
    auto r = read(c, page_with(R"(, "left": 4)").with("X-RateLimit-Remaining", "9"));
    CHECK(r.facts.quotas.size() == 2);
    response_head bare;
    bare.status = 200;
    REQUIRE_FALSE(r.reader->begin("https://api.example.com/items", bare, wall_time{}));
    REQUIRE_FALSE(r.reader->on_body(R"({"items": [], "next": "n"})"));
    CHECK(r.reader->finish().quotas.empty());
}

TEST_CASE("limits in other units are told apart from those of requests", "[signals][R15]")
{
    const auto r =
        read(plain(),
             page_with("")
                 .with("RateLimit-Policy", R"("a";q=10;w=1, "b";q=65535;qu="content-bytes";w=10)")
                 .with("ratelimit-policy", R"("c";q=4;qu="concurrent-requests", "d";qu=5)"));
    const std::vector<other_limit> expected = {{"b", "content-bytes", 65535},
                                               {"c", "concurrent-requests", 4}};
    CHECK(r.facts.other_limits == expected);
    CHECK(read(plain(), page_with("")).facts.other_limits.empty());
}

TEST_CASE("flaws of signals are named with their place", "[signals][connector_json]")
{
    const std::vector<std::pair<std::string, std::string>> all = {
        {R"({"quotas": {"name": "a"}})", "/limits/signals/quotas"},
        {R"({"quotas": {"remaining": {"body": "left"}}})", "/limits/signals/quotas/remaining/body"},
        {R"({"quotas": {"remaining": {"body": ""}}})", "/limits/signals/quotas/remaining/body"},
        {R"({"quotas": {"remaining": {"header": "X Left"}}})",
         "/limits/signals/quotas/remaining/header"},
        {R"({"quotas": {"remaining": {}}})", "/limits/signals/quotas/remaining"},
        {R"({"quotas": {"remaining": {"header": "a", "body": "/b"}}})",
         "/limits/signals/quotas/remaining/body"},
        {R"({"quotas": {"remaining": {"header": "a"}, "window": {"header": "b"}, "window_as": "date"}})",
         "/limits/signals/quotas/window_as"},
        {R"({"quotas": {"remaining": {"header": "a"}, "reset_as": "soon"}})",
         "/limits/signals/quotas/reset_as"},
        {R"({"quotas": [{"remaining": {"header": "a"}}, {"used": {"header": "b"}}]})",
         "/limits/signals/quotas/1/name"},
        {R"({"quota": {"remaining": {"header": "a"}}})", "/limits/signals/quota"},
    };
    for (const auto& [rule, pointer] : all) {
        CAPTURE(rule);
        const auto flaws = flaws_of(rule);
        REQUIRE_FALSE(flaws.empty());
        CHECK(flaws.front().pointer == pointer);
        CHECK_FALSE(flaws.front().mend.empty());
    }
    std::string many;
    for (int i = 0; i < 17; ++i)
        many += (i == 0 ? "" : ", ") + (R"({"name": "n)" + std::to_string(i)) +
                R"(", "remaining": {"header": "X-)" + std::to_string(i) + "\"}}";
    CHECK(flaws_of("{\"quotas\": [" + many + "]}").front().pointer == "/limits/signals/quotas");
}

TEST_CASE("signals change no fingerprint and come back from JSON", "[signals][connector_json]")
{
    const connector c = with_signals(
        R"({"known_fields": false, "quotas": {"used": {"body": "/u"}, "limit": {"header": "X-L"}, "window_as": "by_size"}})");
    connector plain_one = c;
    plain_one.limits.signals = {};
    CHECK(fingerprint(c) == fingerprint(plain_one));
    CHECK(load_connector(to_json(c)) == c);
    CHECK_FALSE(c == plain_one);
}
