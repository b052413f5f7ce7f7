#include "codec/drift.hpp"
#include "page_reader_answer.hpp"
#include "support/catch.hpp"
#include <catena/codec/page_reader.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

using likes = std::vector<std::string>;

likes found_in(const connector& c, const answer& a)
{
    reading r = read(c, a);
    CAPTURE(report(r.facts));
    REQUIRE(r.facts.is == page_facts::answer::page);
    return r.facts.lookalikes;
}

connector at(const std::string& pointer, const std::string& records = "/items")
{
    connector c = plain(token_source::place::body, pointer);
    c.records.at = records;
    return c;
}

}  // namespace

TEST_CASE("a renamed token is noticed", "[page_reader][drift][P19]")
{
    const std::vector<std::pair<std::string, std::string>> table{
        {R"({"items":[],"next_page_token":"x"})", "/next_page_token"},
        {R"({"items":[],"NextToken":"x"})", "/NextToken"},
        {R"({"items":[],"continuation":"x"})", "/continuation"},
        {R"({"items":[],"cursor":"x"})", "/cursor"},
        {R"({"items":[],"scrollId":"x"})", "/scrollId"},
        {R"({"items":[],"next_page":3})", "/next_page"},
        {R"({"items":[],"next":{"href":"/x"}})", "/next"},
        {R"({"items":[],"hasMore":true})", "/hasMore"},
        {R"({"items":[],"has_next_page":true})", "/has_next_page"},
        {R"({"items":[],"nextPageToken":null,"a/next~":"x"})", "/a~1next~0"},
        {R"({"items":[],"nextPageToken":"","page_token":"x"})", "/page_token"},
    };
    for (const auto& [body, pointer] : table) {
        CAPTURE(body);
        CHECK(found_in(at("/nextPageToken"), {body}) == likes{pointer});
    }
}

TEST_CASE("an ordinary last page has nothing that looks like a token", "[page_reader][drift][P1]")
{
    const std::vector<std::pair<std::string, std::string>> table{
        {"/nextPageToken",
         R"({"items":[],"previousPageToken":"p","nextSyncToken":"s","etag":"e"})"},
        {"/next", R"({"items":[],"next":null,"prev":"/p","first":"/f","last":"/l","self":"/s"})"},
        {"/next",
         R"({"items":[],"page":3,"per_page":100,"total_pages":3,"pageSize":100,"offset":20})"},
        {"/next", R"({"items":[],"page":"3","offset":"200","page_number":3,"current_page":"3"})"},
        {"/next_cursor",
         R"({"items":[],"next_cursor":null,"has_more":false,"type":"page_or_database","page_or_database":{}})"},
        {"/pageInfo/endCursor",
         R"({"items":[],"pageInfo":{"endCursor":null,"hasNextPage":false,"startCursor":"s"}})"},
        {"/paging/next", R"({"items":[],"paging":{"cursors":{"before":"b","after":"a"}}})"},
        {"/meta/next_cursor", R"({"items":[],"meta":{"next_cursor":"","messages":["x"]}})"},
        {"/continue", R"({"items":[],"batchcomplete":true,"limits":{"pages":500}})"},
        {"/nextRecordsUrl", R"({"items":[],"done":true,"totalSize":3,"account":"x"})"},
        {"/next", R"({"items":[],"access_token":"x","refreshToken":"y","request":"z"})"},
        {"/next", R"({"items":[],"cursor":"current-cursor","deltaToken":"d","perPage":"5"})"},
        {"/next", R"({"items":[{"next":"inside a record"}],"isLastPage":true,"noMore":true})"},
        {"/next", R"(  { "items" : [ ] , "next" : null , "text" : "a \"quoted, next\": x" } )"},
    };
    for (const auto& [pointer, body] : table) {
        CAPTURE(pointer, body);
        CHECK(found_in(at(pointer), {body}).empty());
    }
}

TEST_CASE("lookalikes are sought where the token should be, near it and in the root",
          "[page_reader][drift]")
{
    CHECK(found_in(at("/meta/page/next"),
                   {R"({"items":[],"meta":{"page":{"nextId":"x"},"nextOne":"y"},"cursor":"z"})"}) ==
          likes{"/meta/page/nextId", "/cursor"});
    CHECK(found_in(at("/meta/page/next"), {R"({"items":[],"meta":{"next":"y"}})"}) ==
          likes{"/meta/next"});
    // Where an object was, a plain value now stands.
    CHECK(found_in(at("/paging/next/after"), {R"({"items":[],"paging":{"next":"/x"}})"}) ==
          likes{"/paging/next"});
    CHECK(found_in(at("/next"), {R"({"items":[],"next":"given","cursor":"z"})"}).empty());
}

TEST_CASE("what the connector names is no lookalike", "[page_reader][drift]")
{
    const answer page(R"({"items":[],"hasMore":true,"next_b":"x","nextTotal":"5","marker":"y"})");
    connector c = at("/next");
    CHECK(found_in(c, page) == likes{"/hasMore", "/next_b", "/marker"});
    c.end.emplace_back(end_rule::kind::flag_false, "/hasMore");
    c.next.ignore = {"/marker", "next_b"};
    CHECK(found_in(c, page).empty());
}

TEST_CASE("a header that looks like the missing token is noticed", "[page_reader][drift]")
{
    connector c = plain(token_source::place::header, "x-ms-continuation");
    const answer page(R"({"items":[]})");
    CHECK(found_in(c, answer(page).with("x-ms-continuation-token", "t")) ==
          likes{"x-ms-continuation-token"});
    CHECK(found_in(c, answer(page).with("X-Next-Page", "4")) == likes{"X-Next-Page"});
    CHECK(found_in(c, answer(page)
                          .with("X-Page", "3")
                          .with("X-Per-Page", "100")
                          .with("X-Total-Pages", "3")
                          .with("X-Next-Page", "")
                          .with("X-Prev-Page", "2")
                          .with("Retry-After", "1")
                          .with("X-RateLimit-Reset-After", "x")
                          .with("Content-Type", "application/json"))
              .empty());
    CHECK(
        found_in(c, answer(page).with("x-ms-continuation", "t").with("X-Next-Page", "4")).empty());
    CHECK(found_in(plain(), answer(page).with("X-Next-Page", "4")).empty());
}

TEST_CASE("an optional or kept token that is absent raises no question", "[page_reader][drift]")
{
    connector c = at("/a");
    c.next.from.emplace_back(token_source::place::body, "/b");
    c.next.to.push_back(c.next.to[0]);
    const answer one(R"({"items":[],"a":"x","cursor":"c"})");
    CHECK(found_in(c, one) == likes{"/cursor"});
    c.next.from[1].optional = true;
    CHECK(found_in(c, one).empty());
    c.next.from[0].optional = true;
    CHECK(found_in(c, {R"({"items":[],"cursor":"c"})"}) == likes{"/cursor"});
    c.next.from[0].optional = false;
    c.next.from[1].optional = false;
    c.next.from[1].keep = true;
    CHECK(found_in(c, one).empty());
}

TEST_CASE("the values of a query are read as the server reads them", "[page_reader][drift]")
{
    CHECK(codec::values_in("http://h/p?a=1&b=%2Fx%zz&c=&d&e=f=g#h=i") ==
          codec::asked_values{"1", "/x%zz", "f=g"});
    CHECK(codec::values_in("http://h/p").empty());
}
