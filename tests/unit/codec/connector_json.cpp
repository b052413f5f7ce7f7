#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

using namespace catena;

namespace {

constexpr const char* smallest = R"({
  "request": {"url": "https://api.example.com/items"},
  "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
  "end": "missing"
})";

// The smallest connector with `member` before its others.
std::string with(const std::string& member) { return "{" + member + ",\n" + (smallest + 1); }

// The smallest connector with another `next`.
std::string with_next(const std::string& next)
{
    return R"({"request": {"url": "https://api.example.com/items"}, "end": "missing", "next": )" +
           next + "}";
}

std::string with_request(const std::string& request)
{
    return R"({"next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing", "request": )" +
           request + "}";
}

std::vector<connector_file_flaw> flaws_of(const std::string& json)
{
    std::vector<connector_file_flaw> flaws;
    const bool loaded = load_connector(json, flaws).has_value();
    CHECK(loaded == flaws.empty());
    return flaws;
}

struct row {
    std::string json;
    const char *pointer, *what, *mend;  // parts of the one flaw's texts
};

void check(const std::vector<row>& rows)
{
    for (const row& r : rows) {
        const std::vector<connector_file_flaw> flaws = flaws_of(r.json);
        CAPTURE(r.json);
        for (std::size_t i = 1; i < flaws.size(); ++i)
            UNSCOPED_INFO("unwanted: " << flaws[i].text());
        REQUIRE(flaws.size() == 1);
        CHECK(flaws[0].pointer == r.pointer);
        CHECK_THAT(flaws[0].what, Catch::Contains(r.what));
        CHECK_THAT(flaws[0].mend, Catch::Contains(r.mend));
    }
}

}  // namespace

TEST_CASE("what a small file leaves out has its default", "[connector_json]")
{
    const connector c = load_connector(smallest);
    connector wanted("", "https://api.example.com/items");
    wanted.next.from = {token_source(token_source::place::body, "/next")};
    wanted.next.to = {token_target(token_target::place::query, "cursor")};
    wanted.end = {end_rule::kind::missing};
    CHECK(c == wanted);
}

TEST_CASE("a misspelt member is refused with its place and the nearest known name",
          "[connector_json][U17]")
{
    check({
        {with(R"("recrods": "/items")"), "/recrods", "no member \"recrods\"", "\"records\"?"},
        {with(R"("pagesize": {})"), "/pagesize", "no member", "\"page_size\"?"},
        {with_request(R"({"url": "https://h/", "mehtdo": "GET"})"), "/request/mehtdo", "no member",
         "\"method\"?"},
        {with(R"("zzzzzzzzz": 1)"), "/zzzzzzzzz", "no member", "known members: name, request"},
        {with(R"("a/b~c": 1)"), "/a~1b~0c", "no member", ""},
        {with_next(R"({"form": {"body": "/next"}, "to": {"query": "cursor"}})"), "/next/form",
         "no member", "\"from\"?"},
        {with_next(R"({"from": {"boddy": "/next"}, "to": {"query": "cursor"}})"),
         "/next/from/boddy", "no member", "\"body\"?"},
        {with(R"("order": "ascendin", "key": "/id")"), "/order", "\"ascendin\" is not known",
         "\"ascending\"?"},
        {R"({"request": {"url": "https://h/"}, "next": {"from": {"body": "/n"}, "to": {"query": "c"}}, "ends": "missing"})",
         "/ends", "no member", "\"end\"?"},
        {R"({"request": {"url": "https://h/"}, "next": {"from": {"body": "/n"}, "to": {"query": "c"}}, "end": ["mising"]})",
         "/end/0", "\"mising\"", "\"missing\"?"},
    });
}

TEST_CASE("a value of the wrong type is refused with what is expected and what is there",
          "[connector_json][U17]")
{
    check({
        {"[]", "", "an object is expected, but an array", "write an object"},
        {with(R"("name": 5)"), "/name", "a text is expected, but a number", "write a text"},
        {with(R"("ties": "yes")"), "/ties", "true or false is expected, but a text", ""},
        {with(R"("comment": 1)"), "/comment", "a text is expected", ""},
        {with(R"("order": null)"), "/order", "a text is expected, but null", ""},
        {with(R"("key": {"type": "text"})"), "/key", "needs its place", "\"at\""},
        {with(R"("page_size": {"value": 5})"), "/page_size", "a place and a value", "limit"},
        {with(R"("page_size": {"to": {"query": "n"}, "value": 0})"), "/page_size/value",
         "from 1 to 4294967295", "remove"},
        {with(R"("page_size": {"to": {"query": "n"}, "value": 1.5})"), "/page_size/value",
         "whole number", ""},
        {with(R"("page_size": {"to": {"query": "n"}, "value": 5, "shrink_on": ["timeot"]})"),
         "/page_size/shrink_on/0", "", "timeout"},
        {with(R"("page_size": {"to": {"query": "n"}, "value": 5, "shrink_on": 200})"),
         "/page_size/shrink_on", "", "413"},
        {with(R"("page_size": {"to": {"query": "n"}, "value": 4294967296})"), "/page_size/value",
         "whole number", ""},
        {with(R"("limits": {"policies": {"requests": 0.1}})"), "/limits/policies/requests",
         "whole number", "\"10s\""},
        {with(R"("limits": {"policies": {"requests": -1}})"), "/limits/policies/requests",
         "whole number", "\"10s\""},
        {with(R"("limits": {"policies": {"per": "1"}})"), "/limits/policies/per", "no duration",
         "5m"},
        {with(R"("limits": {"policies": {"per": "0s"}})"), "/limits/policies/per", "not positive",
         ""},
        {with(R"("expiry": {"ttl": "1.5s"})"), "/expiry/ttl", "no duration", ""},
        {with(R"("expiry": {"ttl": "-1s"})"), "/expiry/ttl", "no duration", ""},
        {with(R"("expiry": {"ttl": "200000d"})"), "/expiry/ttl", "no duration", ""},
        {with(R"("expiry": {"recover": "again"})"), "/expiry/recover", "\"again\"", "fail, rescan"},
        {with(R"("expiry": {"recover": {}})"), "/expiry/recover", "no place",
         "token_from, rebuild"},
        {with(R"("expiry": {"signs": {"status": 1000}})"), "/expiry/signs/status",
         "from 100 to 599", ""},
        {with(R"("errors": [{"class": "retry"}])"), "/errors/0", "a sign and a class", ""},
        {with(R"("window": {})"), "/window", "size", "10000"},
        {with_next(R"({"from": {"body": "/n", "header": "X"}, "to": {"query": "c"}})"),
         "/next/from/header", "another place", "keep one"},
        {with_next(R"({"from": {}, "to": {"query": "c"}})"), "/next/from", "no place",
         "body, header"},
        {with_next(R"({"from": {"body": "/n"}, "to": {"url": "next"}})"), "/next/to/url",
         "true is expected", "true"},
        {with_next(R"({"from": {"body": "/l", "where": {"/r": "next"}}, "to": {"url": true}})"),
         "/next/from/where", "\"value\" is not there", "/url"},
        {with_next(R"({"from": {"body": "/l", "where": {}, "value": "/u"}, "to": {"url": true}})"),
         "/next/from/where", "one member", "/relation"},
        {with_next(R"({"from": {"body": "/n"}, "to": {"query": "c"}, "single_use": true})"),
         "/next/single_use", "nothing says how", "expiry.recover"},
    });
}

TEST_CASE("what validate finds is told at its place in the file", "[connector_json]")
{
    const std::vector<connector_file_flaw> flaws = flaws_of(R"({
  "request": {"url": "https://api.example.com/items"},
  "key": "id",
  "next": {"from": {"body": "next"}, "to": [{"query": "cursor"}, {"query": "cursor"}]},
  "end": ["missing", "total"]
})");
    std::vector<std::string> lines;
    for (const connector_file_flaw& f : flaws)
        lines.push_back(f.text().substr(0, f.text().find(": ")));
    CHECK(lines ==
          std::vector<std::string>{"line 3, column 10, /key", "line 4, column 29, /next/from/body",
                                   "line 4, column 44, /next/to", "line 4, column 66, /next/to/1",
                                   "line 5, column 22, /end/1"});
}

TEST_CASE("JSON that cannot be read is refused where it breaks", "[connector_json][C1][C2]")
{
    struct broken {
        std::string json;
        std::size_t line, column;
    };
    const std::vector<broken> rows{
        {"", 1, 1},
        {"{", 1, 2},
        {"{\n  \"a\": 1,\n}", 3, 1},
        {"{\n  // no\n}", 2, 3},
        {"{\"a\": NaN}", 1, 7},
        {"{\"a\": 01}", 1, 8},
        {"{\"a\": 1.}", 1, 9},
        {"{\"a\": \"\\x\"}", 1, 9},
        {"{\"a\": \"\\ud800\"}", 1, 7},
        {"{\"a\": \"\n\"}", 1, 8},
        {"{\"a\": \"\xff\"}", 1, 8},
        {"{\"a\": \"\xed\xa0\x80\"}", 1, 8},
        {"{\"a\": [1 2]}", 1, 10},
        {"{\"a\" 1}", 1, 6},
        {"{} {}", 1, 4},
        {"\xef\xbb\xbf{}", 1, 1},
        {"{\"a\": tru}", 1, 7},
        {"{\"a\": 1,\n \"a\": 2}", 2, 2},
        {"{\"request\": {\"url\": \"x\", \"\\u0075rl\": \"y\"}}", 1, 26},
        {std::string(100, '['), 1, 65},
    };
    for (const broken& b : rows) {
        const std::vector<connector_file_flaw> flaws = flaws_of(b.json);
        CAPTURE(b.json);
        REQUIRE(flaws.size() == 1);
        CHECK(flaws[0].line == b.line);
        CHECK(flaws[0].column == b.column);
    }
    CHECK(flaws_of(std::string(2 * 1024 * 1024, ' ')).size() == 1);
}

TEST_CASE("a credential as text is refused and never repeated", "[connector_json][A11]")
{
    const std::vector<std::string> rows{
        with_request(R"({"url": "https://h/", "headers": {"Authorization": "Bearer hush"}})"),
        with_request(R"({"url": "https://h/", "headers": {"authorization": "hush"}})"),
        with_request(R"({"url": "https://h/", "headers": {"Cookie": "session=hush"}})"),
        with_request(R"({"url": "https://h/", "headers": {"X-Api-Key": "hush"}})"),
        with_request(R"({"url": "https://h/", "headers": {"X-Shopify-Access-Token": "hush"}})"),
        with_request(R"({"url": "https://h/", "headers": {"X-Other": "Basic hush"}})"),
        with_request(R"({"url": "https://h/", "query": {"api_key": "hush"}})"),
        with_request(R"({"url": "https://h/", "query": {"access_token": ["hush"]}})"),
        with_request(R"({"url": "https://h/?a=1&api_key=hush"})"),
        with_request(R"({"url": "https://user:hush@h/"})"),
    };
    for (const std::string& json : rows) {
        const std::vector<connector_file_flaw> flaws = flaws_of(json);
        CAPTURE(json);
        REQUIRE(flaws.size() == 1);
        CHECK_THAT(flaws[0].text(), Catch::Contains("$env"));
        CHECK_THAT(flaws[0].text(), !Catch::Contains("hush"));
    }
    CHECK(flaws_of(
              with_request(R"({"url": "https://h/", "headers": {"Authorization": {"$env": "A"}}})"))
              .empty());
    CHECK(
        flaws_of(with_request(R"({"url": "https://h/", "headers": {"X-Author": "me"}})")).empty());
}

TEST_CASE("a reference in a body is refused, since it would be sent as its own name",
          "[connector_json][A11]")
{
    const auto body = [](const std::string& b) {
        return with_request(R"({"method": "POST", "url": "https://h/", "body": )" + b + "}");
    };
    check({
        {body(R"({"key": {"$env": "KEY"}})"), "/request/body/key/$env", "cannot refer",
         "request.headers"},
        {body(R"({"auth": [1, {"token": {"$file": "/x", "prefix": "k "}}]})"),
         "/request/body/auth/1/token/$file", "cannot refer", "request.headers"},
        {body(R"({"$env": "KEY"})"), "/request/body/$env", "cannot refer", "request.headers"},
    });
    CHECK(flaws_of(body(R"({"a": {"$environment": "x", "$env": 1, "b": "$env"}})")).empty());
}

TEST_CASE("a flag whose name says the opposite of its end is refused", "[connector_json][P10]")
{
    const auto end = [](const std::string& e) {
        return R"({"request": {"url": "https://h/"}, "next": {"from": {"body": "/n"}, "to": {"query": "c"}}, "end": )" +
               e + "}";
    };
    check({
        {end(R"({"true": "/data/pageInfo/hasNextPage"})"), "/end/true", "false on the last page",
         R"({"false": "/data/pageInfo/hasNextPage"})"},
        {end(R"(["null", {"true": "/has_more"}])"), "/end/1/true", "false on the last page",
         R"({"body": "/has_more", "equals": true})"},
        {end(R"({"true": "/moreAvailable"})"), "/end/true", "false on", R"({"false": )"},
        {end(R"({"true": "/IsTruncated"})"), "/end/true", "false on", R"({"false": )"},
        {end(R"({"false": "/done"})"), "/end/false", "true on the last page",
         R"({"true": "/done"})"},
        {end(R"({"false": "/is_last_page"})"), "/end/false", "true on",
         R"({"body": "/is_last_page", "equals": false})"},
        {end(R"({"false": "/isEnd"})"), "/end/false", "true on", R"({"true": )"},
    });
    for (const char* right :
         {R"({"false": "/has_more"})", R"({"true": "/done"})", R"({"false": "/incomplete"})",
          R"({"true": "/hasEnded"})", R"({"true": "/nomore"})", R"({"false": "/pending"})",
          R"({"true": "/x"})", R"({"false": "/done/hasNext"})",
          R"({"body": "/has_more", "equals": true})"}) {
        INFO(right);
        CHECK(flaws_of(end(right)).empty());
    }
}

TEST_CASE("all flaws of a file are found in one pass, in its order", "[connector_json]")
{
    const std::vector<connector_file_flaw> flaws = flaws_of(R"({
  "nam": "x",
  "request": {"url": 5, "query": {"a": {"$env": 1}}},
  "ties": 1,
  "next": {"from": {"body": "next"}, "to": {"query": "cursor"}},
  "end": "mising"
})");
    std::vector<std::string> pointers;
    for (const connector_file_flaw& f : flaws)
        pointers.push_back(f.pointer);
    CHECK(pointers == std::vector<std::string>{"/nam", "/request/url", "/request/query/a/$env",
                                               "/ties", "/next/from/body", "/end"});
    try {
        (void)load_connector("{\"nam\": 1}");
        FAIL("loaded");
    } catch (const std::invalid_argument& e) {
        CHECK_THAT(e.what(), Catch::Contains("\nline 1, column 2, /nam: "));
    }
}

TEST_CASE("a flaw is one line whatever the names in the file hold", "[connector_json]")
{
    for (const connector_file_flaw& f : flaws_of(with(R"("a\nb\u001b": 1)")))
        CHECK(f.text().find_first_of("\n\x1b") == std::string::npos);
}

TEST_CASE("a request's body and its numbers keep every octet", "[connector_json][C7]")
{
    const std::string body =
        "{ \"n\":18446744073709551616.00 ,\n\t\"\\u0061\":\"\\/\" , \"e\": 1E400}";
    const connector c = load_connector(with_request(
        R"({"method": "POST", "url": "https://h/", "query": {"n": 1.50, "t": true}, "body": )" +
        body + "}"));
    CHECK(c.request.body == body);
    CHECK(c.request.query[0].second.value == "1.50");
    CHECK(c.request.query[1].second.value == "true");
    CHECK(load_connector(to_json(c)) == c);
}
