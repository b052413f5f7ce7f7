#include "support/catch.hpp"
#include "unit/codec/request_builder_support.hpp"
#include <catena/codec/decode.hpp>

#include <cctype>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;

TEST_CASE("the first request is the connector's own, in its order", "[request_builder]")
{
    connector c =
        items({{place::query, "cursor"}}, "https://api.example.com/v1/items?z=%2f&a=1+2&a=3");
    c.request.query = {{"q", "a b&c=d/e?+%"}, {"na me", "caf\xc3\xa9"}, {"a", "4"}};
    c.page_size.to = {place::query, "limit"};
    c.page_size.value = 100;
    const http_request r = built(c, {});
    CHECK(r.method == "GET");
    CHECK(r.to == origin{true, "api.example.com", 443});
    CHECK(r.target ==
          "/v1/items?z=%2f&a=1+2&a=3&q=a%20b%26c%3Dd%2Fe%3F%2B%25&na%20me=caf%C3%A9&a=4&limit=100");
    CHECK(r.shown_target == r.target);
    CHECK(r.repeatable);
    CHECK(r.body.empty());
    CHECK(request_builder::url_of(r) == "https://api.example.com" + r.target);
    CHECK(header_of(r, "Accept") == "application/json");
    CHECK(header_of(r, "Accept-Encoding") == accept_encoding());
    CHECK(header_of(r, "Content-Type") == "(none)");
}

TEST_CASE("empty parameters of the URL's own query stay", "[request_builder]")
{
    CHECK(built(items({{place::query, "t"}}, "https://h.example/i?&a=1&&b&"), {}).target ==
          "/i?&a=1&&b&");
}

TEST_CASE("a token is percent-encoded once, all but unreserved", "[request_builder][P19]")
{
    std::string all;
    std::string expect;
    for (int octet = 0; octet < 256; ++octet) {
        const char c = static_cast<char>(octet);
        all += c;
        const bool plain = octet < 128 && (std::isalnum(octet) ||
                                           std::string("-._~").find(c) != std::string::npos);
        const char* digits = "0123456789ABCDEF";
        expect +=
            plain ? std::string(1, c) : std::string("%") + digits[octet >> 4] + digits[octet & 15];
    }
    CHECK(built(items({{place::query, "c[]"}}), after({text(all)})).target ==
          "/v1/items?c%5B%5D=" + expect);
    CHECK(built(items({{place::path, "/v1/items/"}}), after({text(all)})).target ==
          "/v1/items/" + expect);
    CHECK(built(items({{place::query, "c"}}), after({text("a%2Bb+c")})).target ==
          "/v1/items?c=a%252Bb%2Bc");
}

TEST_CASE("a target that names a present parameter replaces it in place", "[request_builder][P22]")
{
    connector c =
        items({{place::query, "off set"}}, "https://h.example/i?a=1&off+set=0&b=2&off%20set=9");
    c.request.query = {{"off set", "7"}, {"z", "1"}};
    CHECK(built(c, after({number("50")})).target == "/i?a=1&off%20set=50&b=2&z=1");
    CHECK(built(c, {}).target == "/i?a=1&off+set=0&b=2&off%20set=9&off%20set=7&z=1");
}

TEST_CASE("a page with tokens leaves out what the rule says", "[request_builder]")
{
    connector c = items({{place::query, "t"}}, "https://h.example/i?verb=List&since=1");
    c.request.query = {{"set", "x"}, {"verbose", "1"}};
    c.page_size.to = {place::query, "limit"};
    c.page_size.value = 5;
    CHECK(built(c, after({text("k")})).target ==
          "/i?verb=List&since=1&set=x&verbose=1&limit=5&t=k");
    c.next.drop = {"since", "limit"};
    CHECK(built(c, after({text("k")})).target == "/i?verb=List&set=x&verbose=1&t=k");
    c.next.drop.clear();
    c.next.exclusive = true;
    CHECK(built(c, after({text("k")})).target == "/i?t=k");
    c.next.keep = {"verb", "t"};
    CHECK(built(c, after({text("k")})).target == "/i?verb=List&t=k");
    CHECK(built(c, {}).target == "/i?verb=List&since=1&set=x&verbose=1&limit=5");
}

TEST_CASE("an absent optional token sends nothing", "[request_builder]")
{
    const connector c = items({{place::query, "a"}, {place::query, "b"}, {place::header, "X-B"}});
    const http_request r =
        built(c, after({text("1"), {json_kind::null, ""}, {json_kind::null, ""}}));
    CHECK(r.target == "/v1/items?a=1");
    CHECK(header_of(r, "X-B") == "(none)");
    CHECK(built(c, after({text("1"), text(""), text("")})).target == "/v1/items?a=1&b=");
}

TEST_CASE("a value's form says whether JSON's quotes go along", "[request_builder][C7]")
{
    connector c = items(
        {{place::query, "a", form::json}, {place::query, "b"}, {place::header, "X", form::json}});
    const http_request r = built(c, after({text("q\""), number("1.50e+400"), text("h")}));
    CHECK(r.target == "/v1/items?a=%22q%5C%22%22&b=1.50e%2B400");
    CHECK(header_of(r, "X") == "\"h\"");
    CHECK(built(items({{place::query, "k", form::json}}), after({{json_kind::array, "[1,\"a\"]"}}))
              .target == "/v1/items?k=%5B1%2C%22a%22%5D");
}

TEST_CASE("a body member gets the server's JSON octets", "[request_builder][C7]")
{
    connector c = items({{place::body, "/v/after", form::json}});
    c.request.method = "POST";
    c.request.body = R"({ "q" : "{x}", "n":1.0 })";
    const std::pair<value, const char*> rows[] = {
        {text("a\"\\\n\x01"), R"("a\"\\\u000a\u0001")"},
        {number("18446744073709551616.10"), "18446744073709551616.10"},
        {{json_kind::boolean, "true"}, "true"},
        {{json_kind::null, "null"}, "null"},
        {{json_kind::object, R"({"pk":{"S":"\u0041"}})"}, R"({"pk":{"S":"\u0041"}})"},
        {{json_kind::array, "[ 1 ]"}, "[ 1 ]"}};
    for (const auto& [v, written] : rows) {
        const http_request r = built(c, after({v}));
        CHECK(r.body == std::string(R"({ "q" : "{x}", "n":1.0,"v":{"after":)") + written + "} }");
        CHECK(r.target == "/v1/items");
        CHECK(header_of(r, "Content-Type") == "application/json");
    }
    CHECK(built(c, {}).body == c.request.body);
    c.next.to[0].as = form::text;
    CHECK(built(c, after({number("12")})).body == R"({ "q" : "{x}", "n":1.0,"v":{"after":"12"} })");
    c.request.headers = {{"content-type", "application/x-amz-json-1.0"}};
    CHECK(header_of(built(c, {}), "Content-Type") == "application/x-amz-json-1.0");
}

TEST_CASE("an object spreads into one parameter a member", "[request_builder]")
{
    const connector c = items({{place::query, "*"}}, "https://h.example/i?continue=x&a=1");
    const value object{json_kind::object,
                       R"({"continue":"gap||\u0026", "n":1.0, "b":true , "o\"k":"v"})"};
    CHECK(built(c, after({object})).target == "/i?continue=gap%7C%7C%26&a=1&n=1.0&b=true&o%22k=v");
    diagnostics why;
    for (const char* other : {R"({"a":null})", R"({"a":{}})", R"({"a":[1]})"})
        CHECK(refusal(c, after({{json_kind::object, other}}), why) == errc::cursor_refused);
    CHECK(refusal(c, after({text("x")}), why) == errc::cursor_refused);
    CHECK(why.pointer == "/next/to/0");
}

TEST_CASE("an object that is spread sets no secret and no parameter twice",
          "[request_builder][A13]")
{
    connector c = items({{place::query, "*"}}, "https://h.example/i?api_key=canary-url");
    c.request.query = {{"app", hidden("query")}, {"token", "canary-plain"}, {"q", "x"}};
    const auto object = [](const char* text) { return value{json_kind::object, text}; };
    diagnostics why;
    for (const char* taken :
         {R"({"app":"theirs"})", R"({"q":"y","\u0061pp":"theirs"})", R"({"token":"theirs"})",
          R"({"api_key":"theirs"})", R"({"n":1,"n":2})", R"({"n":1,"m":0,"\u006e":1})"}) {
        CAPTURE(taken);
        CHECK(refusal(c, after({object(taken)}), why) == errc::cursor_refused);
        CHECK(why.pointer == "/next/to/0");
        CHECK(why.text().find("theirs") == std::string::npos);
        CHECK(why.text().find("canary") == std::string::npos);
    }
    CHECK(built(c, after({object(R"({"q":"y","n":1})")})).target ==
          "/i?api_key=canary-url&app=canary-query&token=canary-plain&q=y&n=1");
}

TEST_CASE("a header token is sent as it is or refused", "[request_builder][A14]")
{
    connector c = items({{place::header, "X-Next"}});
    c.request.headers = {{"x-next", "first"}};
    CHECK(header_of(built(c, {}), "X-Next") == "first");
    CHECK(header_of(built(c, after({text("a b\xc3\xa9%\"")})), "X-Next") == "a b\xc3\xa9%\"");
    diagnostics why;
    for (const std::string& bad :
         std::vector<std::string>{"canary\r\nX: 1", "canary\n", std::string("canary\0", 7),
                                  "canary\x7f", "canary\t", " canary", "canary "}) {
        CHECK(refusal(c, after({text(bad)}), why) == errc::cursor_refused);
        CHECK(why.text().find("canary") == std::string::npos);
    }
}

TEST_CASE("a path token becomes one segment and keeps the query", "[request_builder]")
{
    connector c = items({{place::path, "/v1/scroll/"}}, "https://h.example/v1/items?a=1");
    CHECK(built(c, after({text("x/../y?z#")})).target == "/v1/scroll/x%2F..%2Fy%3Fz%23?a=1");
    CHECK(built(c, {}).target == "/v1/items?a=1");
    diagnostics why;
    CHECK(refusal(c, after({text("..")}), why) == errc::cursor_refused);
    CHECK(refusal(c, after({text(".")}), why) == errc::cursor_refused);
    c.next.to[0].at = "/v1/bad path/";
    CHECK(refusal(c, after({text("x")}), why) == errc::cursor_refused);
}

TEST_CASE("a counter's start is sent on the first page", "[request_builder]")
{
    connector c = items({{place::query, "startAt"}, {place::query, "mark"}});
    c.next.from[0] = token_source::counter(1, token_source::stride::records);
    CHECK(built(c, {}).target == "/v1/items?startAt=1");
    CHECK(built(c, after({number("51"), text("m")})).target == "/v1/items?startAt=51&mark=m");
    c.request.query = {{"startAt", "0"}};
    CHECK(built(c, {}).target == "/v1/items?startAt=1");
}

TEST_CASE("a rebuilt query keeps its bound on every page", "[request_builder][P6]")
{
    connector c = items({{place::query, "cursor"}});
    c.request.query = {{"since", "1970"}};
    c.expiry.recover.to = {{place::query, "since"}, {place::query, "since_id"}};
    CHECK(built(c, after({}, {text("2020 x"), number("7")})).target ==
          "/v1/items?since=2020%20x&since_id=7");
    CHECK(built(c, after({text("t")}, {text("2020"), number("7")})).target ==
          "/v1/items?since=2020&since_id=7&cursor=t");
    CHECK(built(c, after({text("t")})).target == "/v1/items?since=1970&cursor=t");
    c.next.drop = {"since"};
    CHECK(built(c, after({text("t")}, {text("2020")})).target == "/v1/items?cursor=t");
    c.next.exclusive = true;
    CHECK(built(c, after({text("t")}, {text("2020"), number("7")})).target == "/v1/items?cursor=t");
    CHECK(built(c, after({}, {text("2020"), number("7")})).target ==
          "/v1/items?since=2020&since_id=7");
    c.expiry.recover.to = {{place::body, "/filter/from", form::json}};
    CHECK(built(c, after({}, {number("7")})).body == R"({"filter":{"from":7}})");
}

TEST_CASE("the page size goes where it must, digits kept", "[request_builder][P13]")
{
    connector c = items({{place::query, "c"}});
    c.page_size.value = 250;
    c.page_size.to = {place::body, "/page/size", form::json};
    c.request.body = R"({"page":{}})";
    CHECK(built(c, {}).body == R"({"page":{"size":250}})");
    CHECK(built(c, after({text("t")})).body == R"({"page":{"size":250}})");
    c.page_size.to = {place::header, "Prefer-Size"};
    CHECK(header_of(built(c, {}), "Prefer-Size") == "250");
    c.request.url = "https://h.example/i?limit=1&a=2";
    c.page_size.to = {place::query, "limit"};
    CHECK(built(c, {}).shown_target == "/i?limit=250&a=2");
    c.page_size.value = 0;
    CHECK(built(c, {}).target == "/i?limit=1&a=2");
}
