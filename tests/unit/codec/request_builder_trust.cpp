#include "support/catch.hpp"
#include "unit/codec/request_builder_support.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;

TEST_CASE("a next URL goes out octet for octet, without the connector's parameters",
          "[request_builder][P21]")
{
    connector c = items({{place::url, ""}});
    c.request.query = {{"q", "x"}};
    c.request.headers = {{"X-Version", "3"}};
    c.page_size.to = {place::query, "limit"};
    c.page_size.value = 5;
    for (const char* target : {"/v1/items?c=a%2Bb+c%2f&f[]=1|{}", "/other?", "/", "/x?&&a"}) {
        const http_request r =
            built(c, after({text(std::string("https://api.example.com") + target)}));
        CHECK(r.target == target);
        CHECK(header_of(r, "X-Version") == "3");
    }
    CHECK(built(c, after({text("https://api.example.com/n?t=1")}, {text("bound")})).target ==
          "/n?t=1");
    CHECK(built(c, {}).target == "/v1/items?q=x&limit=5");
}

TEST_CASE("credentials go to the connector's own origin only", "[request_builder][A5]")
{
    connector c = items({{place::url, ""}});
    c.origins = {"https://cdn.example.com"};
    c.request.query = {{"app", hidden("query")}, {"key", "plain"}, {"q", "x"}};
    c.request.headers = {{"Authorization", "Bearer plain"},
                         {"cookie", "s=1"},
                         {"X-Team", hidden("team")},
                         {"X-Api-Key", "plain"},
                         {"X-Open", "yes"}};
    const http_request ours = built(c, after({text("https://api.example.com/n?t=1")}));
    CHECK(ours.target == "/n?t=1&app=canary-query");
    CHECK(header_of(ours, "Authorization") == "Bearer plain");
    CHECK(header_of(ours, "X-Team") == "canary-team");
    CHECK(built(c, after({text("https://api.example.com/n?app=theirs")})).target ==
          "/n?app=theirs");

    const http_request theirs = built(c, after({text("https://cdn.example.com/n?t=1")}));
    CHECK(theirs.to.host == "cdn.example.com");
    CHECK(theirs.target == "/n?t=1");
    for (const char* name : {"Authorization", "Cookie", "X-Team", "X-Api-Key"})
        CHECK(header_of(theirs, name) == "(none)");
    CHECK(header_of(theirs, "X-Open") == "yes");
    CHECK(header_of(theirs, "Accept") == "application/json");
}

TEST_CASE("what auth proves goes to the connector's own origin only", "[request_builder][A5]")
{
    connector c = items({token_target(place::url, "")});
    c.origins.emplace_back("https://other.example.com");
    c.auth.by = auth_rule::method::bearer;
    c.auth.token = setting::from_environment("AUTH");
    credential proof(secret("Bearer canary-proof"));
    proof.parts.emplace_back("canary-part");
    const request_builder b = made(c);
    struct row {
        position at;
        bool shown;
    };
    const row rows[] = {{position(), true},
                        {after({text("https://api.example.com/v1/items?c=2")}), true},
                        {after({text("https://other.example.com/v1/items?c=2")}), false}};
    for (const row& r : rows) {
        diagnostics why;
        const auto with = b.build(r.at, why, &proof);
        REQUIRE(with.has_value());
        const auto& sent = with->headers;
        const bool there = std::any_of(sent.begin(), sent.end(), [](const header_field& h) {
            return h.name == "Authorization" && h.value == "Bearer canary-proof";
        });
        CHECK(there == r.shown);
        for (const char* text : {"canary-proof", "canary-part"})
            CHECK((std::find(with->hidden.begin(), with->hidden.end(), text) !=
                   with->hidden.end()) == r.shown);
    }
}

TEST_CASE("a request tells whose credentials go along, and whether its origin is the own one",
          "[request_builder][A5]")
{
    connector c = items({{place::url, ""}});
    c.origins = {"https://cdn.example.com"};
    const http_request bare = built(c, {});
    CHECK(bare.own_origin);
    CHECK(bare.credentials == 0);

    c.request.headers = {{"Authorization", hidden("one")}};
    const http_request first = built(c, {});
    const http_request later = built(c, after({text("https://api.example.com/n?t=1")}));
    const http_request theirs = built(c, after({text("https://cdn.example.com/n?t=1")}));
    CHECK(first.own_origin);
    CHECK(later.own_origin);
    CHECK_FALSE(theirs.own_origin);
    CHECK(first.credentials != 0);
    CHECK(later.credentials == first.credentials);
    CHECK(theirs.credentials == 0);

    connector d = c;
    d.request.headers = {{"Authorization", hidden("two")}};
    CHECK(built(d, {}).credentials != first.credentials);
}

TEST_CASE("a next URL that breaks the policy is refused once more", "[request_builder][A5][A6]")
{
    const connector c = items({{place::url, ""}});
    for (const char* url : {"https://evil.example/canary", "http://api.example.com/canary",
                            "https://api.example.com/canary\r\nX: 1", "/canary", "canary", "",
                            "https://u:canary@api.example.com/", "file:///canary"}) {
        diagnostics why;
        INFO(url);
        CHECK(refusal(c, after({text(url)}), why) == errc::next_url_refused);
        CHECK(why.text().find("canary") == std::string::npos);
        CHECK(!why.mend.empty());
    }
    diagnostics why;
    CHECK(refusal(c, after({number("1")}), why) == errc::next_url_refused);
}

TEST_CASE("messages hold no secret and no cursor, and tell cursors apart", "[request_builder][A11]")
{
    connector c = items({{place::query, "cursor"}, {place::path, "/p/"}},
                        "https://api.example.com/v1/items?api_key=canary-url&lang=en");
    c.request.query = {{"app", hidden("query", "pre ")}, {"token", "canary-plain"}, {"q", "x"}};
    c.request.headers = {{"Authorization", hidden("header", "Bearer ")}};
    const request_builder b = made(c);
    diagnostics why;
    const auto shown = [&](std::string one) {
        return b.build(after({text("canary-" + one), text("canary-" + one)}), why)
            .value()
            .shown_target;
    };
    CHECK(shown("a").find("canary") == std::string::npos);
    CHECK(shown("a").find("q=x") != std::string::npos);
    CHECK(shown("a").find("lang=en") != std::string::npos);
    CHECK(shown("a") != shown("b"));
    CHECK(b.budget_key().find("canary") == std::string::npos);
    CHECK(header_of(b.build({}, why).value(), "Authorization") == "Bearer canary-header");
    CHECK(b.build({}, why).value().target.find("app=pre%20canary-query") != std::string::npos);

    connector u = items({{place::url, ""}, {place::query, "extra"}});
    u.request.query = {{"app", hidden("query")}};
    const auto url = [&](std::string path) {
        return built(u, after({text("https://api.example.com" + path), text("canary")}))
            .shown_target;
    };
    CHECK(url("/canary/1?canary=2&x=canary").find("canary") == std::string::npos);
    CHECK(url("/v1/items?a=canary").starts_with("/v1/items?"));
    CHECK(url("/v1/items?a=1") != url("/v1/items?a=2"));
}

TEST_CASE("a request names each text in it that no message may show", "[request_builder][A11]")
{
    connector c = items({{place::query, "cursor"},
                         {place::body, "/after"},
                         {place::header, "X-Next"},
                         {place::query, "page"}});
    c.request.method = "POST";
    c.request.body = "{}";
    c.request.query = {{"app", hidden("query", "pre ")}, {"q", "plain words"}};
    c.request.headers = {{"Authorization", hidden("header", "Bearer ")},
                         {"Cookie", "session=canary-cookie; x=1"},
                         {"X-Open", "not hidden"}};
    c.next.from[3] = token_source(token_source::place::counter, "");
    const value object{json_kind::object,
                       R"({"Partition" : {"S": "canary\/key"}, "N": [1, "canary-two"]})"};
    const http_request r =
        built(c, after({text("canary-cursor"), object, text("canary-next"), number("1000")},
                       {text("canary-bound"), text("abc")}));
    const auto hides = [&](const http_request& in, const std::string& t) {
        return std::find(in.hidden.begin(), in.hidden.end(), t) != in.hidden.end();
    };
    for (const char* t : {"canary-query", "canary-header", "canary-cookie", "canary-cursor",
                          "canary/key", "canary-two", "canary-next", "canary-bound"}) {
        INFO(t);
        CHECK(hides(r, t));
    }
    for (const char* t : {"1000", "abc", "plain words", "not hidden", "Bearer ", "Partition"}) {
        INFO(t);
        CHECK_FALSE(hides(r, t));
    }
    CHECK(hides(built(c, {}), "canary-header"));
    CHECK_FALSE(hides(built(c, {}), "canary-cursor"));

    const connector u = items({{place::url, ""}});
    const http_request next =
        built(u, after({text("https://api.example.com/v1/items/canary-path?canary-raw&a=1")}));
    CHECK(hides(next, "canary-path"));
    CHECK(hides(next, "canary-raw"));
    CHECK_FALSE(hides(next, "items"));
    connector whole = items({{place::query, "cursor"}});
    whole.request.headers = {{"Authorization", "Bearer canary-plain"}};
    CHECK(hides(built(whole, {}), "canary-plain"));
    whole.request.headers = {{"Authorization", "Bearer short"}};
    CHECK(hides(built(whole, {}), "short"));
}

TEST_CASE("budgets are shared by equal origins and credentials", "[request_builder][R3]")
{
    const auto by_query = [](setting s) {
        connector c = items({{place::query, "c"}}, "https://h.example/a");
        c.request.query = {{"api_key", std::move(s)}};
        return made(c).budget_key();
    };
    CHECK(by_query(hidden("u")) == by_query(hidden("u")));
    CHECK(by_query(hidden("u")) != by_query(hidden("v")));
    CHECK(by_query("plain u") != by_query("plain v"));

    const auto key = [](const char* url, const char* who) {
        connector c = items({{place::query, "c"}}, url);
        if (*who) c.request.headers = {{"Authorization", hidden(who)}};
        return made(c).budget_key();
    };
    CHECK(key("https://h.example/a", "u") == key("https://H.example:443/b?c", "u"));
    CHECK(key("https://h.example/a", "u") != key("https://h.example/a", "v"));
    CHECK(key("https://h.example/a", "u") != key("https://h.example/a", ""));
    CHECK(key("https://h.example/a", "u") != key("https://i.example/a", "u"));
    CHECK(key("https://h.example/a", "") == "https://h.example");
}

TEST_CASE("what cannot be sent is refused before the first request", "[request_builder][A13][A14]")
{
    const std::pair<const char*, setting> bad[] = {{"X-A", hidden("GONE")},
                                                   {"X-A", hidden("SPLIT")},
                                                   {"X-A", setting("a\nb")},
                                                   {"X-A", setting("a\x7f")},
                                                   {"X A", setting("a")},
                                                   {"", setting("a")},
                                                   {"X:A", setting("a")},
                                                   {"Host", setting("a")},
                                                   {"content-length", setting("3")},
                                                   {"X-A", setting::from_file("GONE")}};
    for (const auto& [name, what] : bad) {
        connector c = items({{place::query, "c"}});
        c.request.headers = {{name, what}};
        diagnostics why;
        const auto b = request_builder::make(std::make_shared<connector>(c), vault, why);
        REQUIRE(!b.has_value());
        CHECK(b.error() == errc::bad_secret);
        CHECK(why.text().find("canary") == std::string::npos);
        CHECK(why.pointer.starts_with("/request/headers"));
        CHECK(request_builder::make(std::make_shared<connector>(c), nullptr, why).has_error());
    }
    for (const char* url : {"ftp://h/", "h/i", "https://u:p@h/", "https://127.1/", ""}) {
        diagnostics why;
        const auto b = request_builder::make(
            std::make_shared<connector>(items({{place::query, "c"}}, url)), vault, why);
        CHECK(b.error() == errc::next_url_refused);
        CHECK(why.pointer == "/request/url");
    }
}

TEST_CASE("a single-use token makes a request that is not sent twice", "[request_builder][T6]")
{
    connector c = items({{place::query, "c"}});
    CHECK(built(c, after({text("t")})).repeatable);
    c.next.single_use = true;
    CHECK(!built(c, after({text("t")})).repeatable);
    CHECK(built(c, {}).repeatable);
}

TEST_CASE("a position of another connector is refused", "[request_builder][S6]")
{
    diagnostics why;
    CHECK(refusal(items({{place::query, "c"}}), after({text("a"), text("b")}), why) ==
          errc::cursor_refused);
    connector c = items({{place::body, "/a/b"}});
    c.request.body = R"({"a":1})";
    CHECK(refusal(c, after({text("a")}), why) == errc::cursor_refused);
    CHECK(why.connector == "items");
}
