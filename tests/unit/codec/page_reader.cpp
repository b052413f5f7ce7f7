#include "page_reader_answer.hpp"
#include "support/catch.hpp"
#include <catena/codec/page_reader.hpp>

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

const token_target into_url(token_target::place::url, "");
const token_target into_body(token_target::place::body, "/cursor");

token_fact token(const connector& c, const answer& a)
{
    reading r = read(c, a);
    CAPTURE(report(r.facts));
    REQUIRE(r.facts.is == page_facts::answer::page);
    return r.facts.tokens.at(0);
}

std::string page_with(const std::string& members) { return "{\"items\":[]," + members + "}"; }

}  // namespace

TEST_CASE("a page gives its records, keys, token, flag and total", "[page_reader]")
{
    connector c = plain();
    c.key.emplace_back("/at");
    c.end.emplace_back(end_rule::kind::flag_false, "/more");
    c.total.emplace();
    c.total->at = "/total";
    const answer a(
        R"({"items":[{"id":7,"at":"a\n"},{"id":"8"},{"at":null}],"next":"t\u00e9","more":true,"total":"12"})");
    for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U}) {
        reading r = read(c, a, piece);
        CHECK_FALSE(r.early);
        CHECK(report(r.facts) ==
              "token 3 0 'té' flag 1/more total 12 records 3 of 40 "
              "key 1+7 key 0+ea\\n key 0+8 key 3- key 3- key 3+null");
        CHECK(r.facts.print.first == identity_of(R"({"id":7,"at":"a\n"})"));
        CHECK(r.facts.print.last == identity_of(R"({"at":null})"));
        const page_content content = r.reader->take();
        CHECK(content.body == a.body);
        REQUIRE(content.records.size() == 3);
        CHECK(content.records[1].in(content.body) == R"({"id":"8"})");
    }
}

TEST_CASE("a body token is what stands at its place", "[page_reader][P1][C7]")
{
    struct row {
        const char* value;
        presence is;
        const char* text;
        json_kind kind;
    };
    const std::vector<row> table{
        {R"("abc")", presence::given, "abc", json_kind::string},
        {R"("a\/b\ud83d\ude00")", presence::given, "a/b😀", json_kind::string},
        {R"("")", presence::empty, "", json_kind::string},
        {"null", presence::null, "", json_kind::string},
        {"12345678901234567890.50", presence::given, "12345678901234567890.50", json_kind::number},
        {"true", presence::unusable, "", json_kind::string},
        {R"("\ud800")", presence::unusable, "", json_kind::string},
        {R"({"a":1})", presence::unusable, "", json_kind::string},
    };
    for (const row& r : table) {
        CAPTURE(r.value);
        const token_fact t = token(plain(), page_with(std::string("\"next\":") + r.value));
        CHECK(t.is == r.is);
        CHECK(t.token == value{r.kind, r.text});
    }
    CHECK(token(plain(), page_with("\"other\":1")).is == presence::missing);
}

TEST_CASE("an object can be a token where the request takes JSON", "[page_reader]")
{
    const std::string page = page_with(R"("next":{"a": [1]})");
    token_target spread(token_target::place::query, "*");
    token_target json(token_target::place::header, "X-Next", token_target::form::json);
    for (const token_target& to : {into_body, spread, json}) {
        const token_fact t = token(plain(token_source::place::body, "/next", to), page);
        CHECK(t.is == presence::given);
        CHECK(t.token == value{json_kind::object, R"({"a": [1]})"});
    }
    CHECK(token(plain(token_source::place::body, "/next", into_url), page).is ==
          presence::unusable);
}

TEST_CASE("a next URL is resolved against the one that was asked", "[page_reader][P21]")
{
    const connector c = plain(token_source::place::body, "/next", into_url);
    CHECK(token(c, page_with(R"("next":"\/v2?page=2&q=a%2Bb")")).token.text ==
          "https://api.example.com/v2?page=2&q=a%2Bb");
    CHECK(token(c, page_with(R"("next":"?page=2")")).token.text ==
          "https://api.example.com/items?page=2");
    CHECK(token(c, page_with(R"("next":7)")).is == presence::unusable);
    CHECK(token(c, page_with(R"("next":"")")).is == presence::empty);
}

TEST_CASE("a next URL that may not be followed fails the page without its query",
          "[page_reader][A5][A6]")
{
    const connector c = plain(token_source::place::body, "/next", into_url);
    const answer a = page_with(R"("next":"https://user:pw@evil.example/x?secret=1")");
    const page_facts f = read(c, a).facts;
    CHECK(f.code == errc::next_url_refused);
    CHECK(f.failed_as == error_class::fatal);
    CHECK(f.pointer == "/next");
    CHECK(f.said.find("evil.example") != std::string::npos);
    CHECK(f.said.find("secret") == std::string::npos);
    CHECK(f.said.find("pw") == std::string::npos);

    connector allowed = c;
    allowed.origins = {"https://other.example"};
    CHECK(token(allowed, page_with(R"("next":"https://other.example/x")")).token.text ==
          "https://other.example/x");
    CHECK(read(c, page_with(R"("next":"https://other.example/x")")).facts.code ==
          errc::next_url_refused);
}

TEST_CASE("tokens come out of headers and links", "[page_reader][P1][P23]")
{
    const connector header = plain(token_source::place::header, "X-Next");
    CHECK(token(header, answer(page_with("\"a\":1")).with("x-next", " t ")).token.text == "t");
    CHECK(token(header, answer(page_with("\"a\":1")).with("x-next", "")).is == presence::empty);
    CHECK(token(header, page_with("\"a\":1")).is == presence::missing);
    const answer two = answer(page_with("\"a\":1")).with("x-next", "t").with("X-Next", "u");
    CHECK(read(header, two).facts.code == errc::ambiguous_field);

    const connector link = plain(token_source::place::link, "next", into_url);
    CHECK(token(link, answer(page_with("\"a\":1")).with("Link", "</b?c=1>; rel=\"next\""))
              .token.text == "https://api.example.com/b?c=1");
    CHECK(token(link, answer(page_with("\"a\":1")).with("Link", "</b>; rel=prev")).is ==
          presence::missing);
    const page_facts f =
        read(link, answer(page_with("\"a\":1")).with("Link", "</b; rel=next")).facts;
    CHECK(f.code == errc::malformed_link);
    CHECK(f.failed_as == error_class::fatal);
    CHECK(f.pointer == "Link");
}

TEST_CASE("the last record can hold the token", "[page_reader]")
{
    const connector c = plain(token_source::place::last_record, "/id");
    CHECK(token(c, {R"({"items":[{"id":1},{"id":2}]})"}).token == value{json_kind::number, "2"});
    CHECK(token(c, {R"({"items":[{"id":1},{}]})"}).is == presence::missing);
    CHECK(token(c, {R"({"items":[]})"}).is == presence::missing);
}

TEST_CASE("a token can be chosen among the objects of an array", "[page_reader][C6]")
{
    connector c = plain(token_source::place::body, "/link", into_url);
    c.next.from[0].where_at = "/relation";
    c.next.from[0].where_equals = "next";
    c.next.from[0].value_at = "/url";
    const std::string self = R"({"relation":"self","url":"/s"})";
    const std::string next = R"({"url":"/n\u0032","rel\u0061tion":"n\u0065xt"})";
    const auto links = [&](const std::string& list) {
        return page_with("\"link\":[" + list + "]");
    };

    CHECK(token(c, links(self + "," + next)).token.text == "https://api.example.com/n2");
    CHECK(token(c, links(next + "," + next)).is == presence::given);
    CHECK(token(c, links(self)).is == presence::missing);
    CHECK(token(c, links(R"({"relation":"next"})")).is == presence::missing);
    CHECK(token(c, links("1,null")).is == presence::missing);
    CHECK(token(c, page_with("\"link\":null")).is == presence::null);
    CHECK(token(c, page_with("\"link\":{}")).is == presence::unusable);
    const std::string other = R"({"relation":"next","url":"/other"})";
    for (const std::string& list : {next + "," + other, R"({"relation":"next"},)" + next,
                                    std::string(R"({"relation":"next","url":"/a","url":"/b"})")}) {
        const page_facts f = read(c, links(list)).facts;
        CAPTURE(list);
        CHECK(f.code == errc::ambiguous_field);
        CHECK(f.failed_as == error_class::fatal);
    }
}

TEST_CASE("the flag says more, end, or nothing that can be read", "[page_reader][P1]")
{
    connector more = plain();
    more.end = {end_rule(end_rule::kind::flag_false, "/f")};
    connector done = plain();
    done.end = {end_rule(end_rule::kind::flag_true, "/f")};
    const auto flag = [](const connector& c, const std::string& v) {
        return read(c, page_with(v)).facts.flag;
    };
    CHECK(flag(more, "\"f\":true") == flag_fact::more);
    CHECK(flag(more, "\"f\":false") == flag_fact::end);
    CHECK(flag(done, "\"f\":true") == flag_fact::end);
    CHECK(flag(done, "\"f\":false") == flag_fact::more);
    for (const char* odd : {"\"f\":\"true\"", "\"f\":1", "\"f\":[]", "\"f\":{}", "\"f\":\"\""})
        CHECK(flag(more, odd) == flag_fact::unreadable);
    for (const char* none : {"\"f\":null", "\"g\":true"})
        CHECK(flag(more, none) == flag_fact::missing);
    CHECK(flag(plain(), "\"f\":true") == flag_fact::undeclared);
}

TEST_CASE("a page that says that it failed is no page, even with records", "[page_reader][C10]")
{
    const std::vector<std::pair<std::string, std::string>> table{
        {R"("ok":false,"error":"internal_error")", "/error"},
        {R"("ok":false)", "/ok"},
        {R"("success":false)", "/success"},
        {R"("error":{"code":7})", "/error"},
        {R"("error":true)", "/error"},
        {R"("error":500)", "/error"},
        {R"("errors":"boom")", "/errors"},
        {R"("errors":{"a":"b"})", "/errors"},
        {R"("errors":["b"])", "/errors"},
    };
    for (const auto& [members, place] : table) {
        CAPTURE(members);
        for (const char* records : {"[]", "[{\"id\":1}]"}) {
            const page_facts f =
                read(plain(), "{\"items\":" + std::string(records) + "," + members + "}").facts;
            REQUIRE(f.is == page_facts::answer::failed);
            CHECK(f.failed_as == error_class::fatal);
            CHECK(f.code == errc::error_in_page);
            CHECK(f.pointer == place);
            CHECK_FALSE(f.said.empty());
        }
    }
    for (const char* good :
         {R"("ok":true)", R"("success":true)", R"("ok":"false")", R"("ok":0)", R"("error":null)",
          R"("error":false)", R"("error":"")", R"("error":{})", R"("error":[ ])", R"("error":0)",
          R"("errors":[])", R"("errors":null)", R"("errors":{ })", R"("a":{"error":"x"})"}) {
        CAPTURE(good);
        CHECK(read(plain(), page_with(good)).facts.is == page_facts::answer::page);
    }
}

TEST_CASE("a connector's own words about a member come before its usual meaning",
          "[page_reader][C10]")
{
    const answer page(
        R"({"items":[],"ok":false,"error":"none left","errors":["e"],"success":false})");
    const auto kind_of = [&](const connector& c) { return read(c, page).facts.is; };
    connector c = plain();
    CHECK(kind_of(c) == page_facts::answer::failed);
    c.next.ignore = {"/ok", "/error", "/errors"};
    CHECK(kind_of(c) == page_facts::answer::failed);
    c.end.emplace_back(end_rule::kind::flag_false, "/success");
    CHECK(kind_of(c) == page_facts::answer::page);
    c.next.ignore = {"/ok", "/errors"};
    CHECK(kind_of(c) == page_facts::answer::failed);

    end_rule last(end_rule::kind::sign);
    last.when.body = "/error";
    last.when.equals = "none left";
    c.end.push_back(last);
    CHECK(read(c, page).facts.end_sign);
    c.end.back().when.equals = "another";
    CHECK(kind_of(c) == page_facts::answer::failed);

    // A rule that holds decides first; one that does not leaves the page to its own words.
    connector ruled = plain();
    sign busy;
    busy.body = "/error";
    busy.equals = "busy";
    ruled.errors = {{busy, error_class::retry}};
    CHECK(read(ruled, {R"({"items":[],"error":"busy"})"}).facts.failed_as == error_class::retry);
    CHECK(read(ruled, {R"({"items":[],"error":"broken"})"}).facts.failed_as == error_class::fatal);

    connector map = plain();
    map.records = records_rule("");
    map.records.as = records_rule::shape::map;
    CHECK(read(map, {R"({"error":{"id":1},"ok":false})"}).facts.records == 2);
    connector within = plain();
    within.records = records_rule("/errors/list");
    CHECK(read(within, {R"({"errors":{"list":[{"id":1}]}})"}).facts.records == 1);
}

TEST_CASE("a total is a whole number that is not negative, or absent", "[page_reader][P15]")
{
    connector c = plain();
    c.total.emplace();
    c.total->at = "/t";
    const auto total = [&](const std::string& v) {
        return read(c, page_with("\"t\":" + v)).facts.total;
    };
    CHECK(total("0") == 0u);
    CHECK(total("\"1234\"") == 1234u);
    for (const char* odd : {"-1", "1.5", "1e3", "\"\"", "\" 1\"", "null", "true", "[1]", "\"~100\"",
                            "99999999999999999999999"})
        CHECK_FALSE(total(odd));
    c.total->from = total_rule::place::header;
    c.total->at = "X-Total";
    CHECK(read(c, answer(page_with("\"t\":1")).with("x-total", "5")).facts.total == 5u);
    CHECK_FALSE(read(c, page_with("\"t\":1")).facts.total);
}

TEST_CASE("a reader takes one answer after another", "[page_reader]")
{
    const connector c = plain();
    auto contract = std::make_shared<const page_contract>(std::make_shared<const connector>(c));
    page_reader reader(contract);
    response_head head;
    for (int i = 0; i < 3; ++i) {
        head.status = i == 1 ? 500 : 200;
        REQUIRE_FALSE(reader.begin("https://api.example.com/", head, wall_time{}));
        REQUIRE_FALSE(reader.on_body(R"({"items":[1],"next":"a)" + std::to_string(i)));
        REQUIRE_FALSE(reader.on_body("\"}"));
        const page_facts f = reader.finish();
        if (i == 1) {
            CHECK(f.code == errc::server_failed);
            continue;
        }
        CHECK(f.tokens.at(0).token.text == "a" + std::to_string(i));
        const page_content content = reader.take();
        CHECK(content.records.size() == 1);
    }
}
