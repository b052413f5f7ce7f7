#include "support/catch.hpp"
#include "unit/codec/request_builder_support.hpp"

#include <algorithm>
#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

http_request sent_to(const connector& c, const position& at, const std::string& url)
{
    diagnostics why;
    auto r = made(c).build(at, url, why);
    INFO(why.what);
    REQUIRE(r.has_value());
    return r.value();
}

}  // namespace

TEST_CASE("a redirected request keeps method, headers and body, and takes the server's URL",
          "[request_builder][H11]")
{
    connector c =
        items({{place::query, "cursor"}, {place::body, "/after"}, {place::header, "X-C"}});
    c.request.method = "POST";
    c.request.body = R"({"size":5})";
    c.request.query = {{"q", "x"}};
    c.request.headers = {{"X-Version", "3"}};
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {{place::body, "/since"}};
    const position at = after({text("cursor-1"), text("cursor-2"), text("cursor-3")}, {text("k")});
    const http_request r = sent_to(
        c, at, "https://api.example.com/v2/items?q=%78&c=a%2Bb+c%2f&f[]=1&cursor=cursor%2D1");
    CHECK(r.method == "POST");
    CHECK(r.target == "/v2/items?q=%78&c=a%2Bb+c%2f&f[]=1&cursor=cursor%2D1");
    CHECK(r.body == R"({"size":5,"since":"k","after":"cursor-2"})");
    CHECK(header_of(r, "X-C") == "cursor-3");
    CHECK(header_of(r, "X-Version") == "3");
    CHECK(r.shown_target.find("a%2Bb") == std::string::npos);
    for (const char* cursor : {"cursor-1", "cursor-2", "cursor-3"})
        CHECK(std::count(r.hidden.begin(), r.hidden.end(), cursor) == 1);

    const http_request first = sent_to(c, {}, "https://api.example.com/v2/items?q=x");
    CHECK(first.target == "/v2/items?q=x");
    CHECK(first.body == R"({"size":5})");
}

TEST_CASE("a redirect takes credentials to the connector's own origin only",
          "[request_builder][A5][H11]")
{
    connector c = items({{place::query, "cursor"}});
    c.origins = {"https://cdn.example.com"};
    c.request.query = {{"key", hidden("query")}, {"q", "x"}};
    c.request.headers = {{"Authorization", hidden("team", "Bearer ")}, {"X-Open", "yes"}};

    const http_request ours = sent_to(c, {}, "https://api.example.com/v2/items?q=x");
    CHECK(header_of(ours, "Authorization") == "Bearer canary-team");
    CHECK(ours.target == "/v2/items?q=x&key=canary-query");

    const http_request theirs = sent_to(c, {}, "https://cdn.example.com/v2/items?q=x");
    CHECK(theirs.to.host == "cdn.example.com");
    CHECK(theirs.target == "/v2/items?q=x");
    CHECK(header_of(theirs, "Authorization") == "(none)");
    CHECK(header_of(theirs, "X-Open") == "yes");

    diagnostics why;
    const auto refused = made(c).build({}, "https://evil.example/x", why);
    REQUIRE(refused.has_error());
    CHECK(refused.error() == errc::next_url_refused);
    CHECK(made(c).build(after({text("a"), text("b")}), "https://api.example.com/", why).error() ==
          errc::cursor_refused);
}

TEST_CASE("a next URL that was redirected is replaced by the new one", "[request_builder][H11]")
{
    const connector c = items({{place::url, ""}});
    const http_request r = sent_to(c, after({text("https://api.example.com/n?page=cursor-2")}),
                                   "https://api.example.com/m/secret-part-1?page=3");
    CHECK(r.target == "/m/secret-part-1?page=3");
    CHECK(std::count(r.hidden.begin(), r.hidden.end(), "secret-part-1") == 1);
}

TEST_CASE("a redirect that leaves out which page is meant is not followed",
          "[request_builder][H11][P14]")
{
    const connector c = items({{place::query, "cursor"}});
    const position at = after({text("a/b")});
    for (const char* good :
         {"https://api.example.com/v2?cursor=a%2Fb", "https://api.example.com/v2?x=1&cursor=a/b"})
        CHECK(sent_to(c, at, good).to.host == "api.example.com");
    for (const char* bad :
         {"https://api.example.com/v2", "https://api.example.com/v2?cursor=",
          "https://api.example.com/v2?cursor=a", "https://api.example.com/login"}) {
        diagnostics why;
        CAPTURE(bad);
        CHECK(made(c).build(at, bad, why).error() == errc::unexpected_redirect);
        CHECK(why.what.find("cursor") != std::string::npos);
        CHECK(why.what.find("a/b") == std::string::npos);
    }
}

TEST_CASE("a redirect at the API's own origin keeps what says which records are meant",
          "[request_builder][H11][P14]")
{
    connector c = items({{place::query, "cursor"}});
    c.origins = {"https://files.example.com"};
    c.request.url = "https://api.example.com/items?team=a%20b";
    c.request.query = {{"key", hidden("query")}, {"state", "all"}};
    for (const position& at : {position(), after({text("t")})}) {
        const std::string token = at.first_page() ? "" : "&cursor=t";
        sent_to(c, at, "https://api.example.com/v2?state=all&team=a+b" + token);
        sent_to(c, at, "https://files.example.com/signed/0123?" + token);
        for (const char* bad : {"", "state=all", "team=a+b&state=open", "team=a+b"}) {
            diagnostics why;
            CAPTURE(bad, at.first_page());
            const std::string url = "https://api.example.com/v2?" + (bad + token);
            CHECK(made(c).build(at, url, why).error() == errc::unexpected_redirect);
            CHECK(why.what.find("without the parameter") != std::string::npos);
        }
    }
}

TEST_CASE("our own secret parameters do not go to another origin by a redirect",
          "[request_builder][A5][H11]")
{
    connector c = items({{place::query, "cursor"}});
    c.origins = {"https://cdn.example.com"};
    c.request.query = {{"key", hidden("query")}, {"q", "x"}};
    const http_request r = sent_to(c, {}, "https://cdn.example.com/i?q=x&key=canary-query&z=1");
    CHECK(r.target == "/i?q=x&z=1");
}
