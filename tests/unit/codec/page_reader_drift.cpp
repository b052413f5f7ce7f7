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
          likes{"/meta/page/nextId", "/cursor", "/meta/nextOne"});
    CHECK(found_in(at("/meta/page/next"), {R"({"items":[],"meta":{"next":"y"}})"}) ==
          likes{"/meta/next"});
    // Where an object was, a plain value now stands.
    CHECK(found_in(at("/paging/next/after"), {R"({"items":[],"paging":{"next":"/x"}})"}) ==
          likes{"/paging/next"});
    CHECK(found_in(at("/next"), {R"({"items":[],"next":"given","cursor":"z"})"}).empty());
}

TEST_CASE("a token that moved is noticed", "[page_reader][drift][P19]")
{
    const std::vector<std::pair<std::string, std::string>> table{
        {R"({"items":[],"paging":{"next":"x"}})", "/paging/next"},
        {R"({"items":[],"box":{"next":"x"}})", "/box/next"},
        {R"({"items":[],"meta":{"nextToken":"x"}})", "/meta/nextToken"},
        {R"({"items":[],"result":{"next_page_url":"/x"}})", "/result/next_page_url"},
        {R"({"items":[],"page_info":{"continuation":"x"}})", "/page_info/continuation"},
        {R"({"items":[],"_links":{"next":{"href":"/x"}}})", "/_links/next"},
        {R"({"items":[],"meta":{"has_more":true}})", "/meta/has_more"},
        {R"({"items":[],"meta":{"nextTokens":["abc"]}})", "/meta/nextTokens"},
        {R"({"items":[],"nextTokens":["abc"]})", "/nextTokens"},
        {R"({"items":[],"cursors":[ null, "abc" ]})", "/cursors"},
        {R"({"items":[],"links":[{"rel":"self","href":"/a"},{"rel":"next","href":"/b"}]})",
         "/links"},
        {R"({"items":[],"link":[{"relation":"next","url":"/b"}]})", "/link"},
        {R"({"items":[],"meta":{"links":[{"href":"/b","rel":"next"}]}})", "/meta/links"},
    };
    for (const auto& [body, pointer] : table) {
        CAPTURE(body);
        CHECK(found_in(at("/next"), {body}) == likes{pointer});
        CHECK(found_in(plain(token_source::place::link, "next"), {body}) == likes{pointer});
    }
    CHECK(found_in(at("/bookmark"), {R"({"items":[],"state":{"bookmark":"x"}})"}) ==
          likes{"/state/bookmark"});
    CHECK(found_in(at("/data/after", "/data/items"),
                   {R"({"data":{"items":[]},"page":{"after":"x"}})"}) == likes{"/page/after"});
}

TEST_CASE("the last pages of well-known services have nothing that looks like a token",
          "[page_reader][drift][P1]")
{
    struct row {
        const char* service;
        const char* token;
        const char* records;
        const char* body;
    };
    const std::vector<row> table{
        {"Google", "/nextPageToken", "/items",
         R"({"kind":"calendar#events","etag":"e","items":[],"nextSyncToken":"s"})"},
        {"Stripe", "/next_page", "/data",
         R"({"object":"list","url":"/v1/charges","has_more":false,"data":[],"next_page":null})"},
        {"Slack", "/response_metadata/next_cursor", "/channels",
         R"({"ok":true,"channels":[],"response_metadata":{"next_cursor":"","messages":["m"]}})"},
        {"JSON:API", "/links/next", "/data",
         R"({"data":[],"links":{"self":"/a?p=3","first":"/a?p=1","prev":"/a?p=2","next":null,
             "last":"/a?p=3"},"meta":{"page":{"total":3}},"included":[{"type":"t","id":"1"}]})"},
        {"JSON:API, links alone", "/links/next", "/data",
         R"({"data":[],"links":{"self":"/a"},"jsonapi":{"version":"1.0"}})"},
        {"OData", "/@odata.nextLink", "/value",
         R"({"@odata.context":"c","@odata.count":3,"value":[],"@odata.deltaLink":"/d?t=1"})"},
        {"Zendesk", "/meta/after_cursor", "/tickets",
         R"({"tickets":[],"meta":{"has_more":false,"after_cursor":null,"before_cursor":"b"},
             "links":{"prev":"/p","next":null}})"},
        {"HubSpot", "/paging/next/after", "/results", R"({"total":3,"results":[]})"},
        {"HubSpot, with the way back", "/paging/next/after", "/results",
         R"({"results":[],"paging":{"prev":{"before":"b","link":"/l"}}})"},
        {"Airtable", "/offset", "/records", R"({"records":[]})"},
        {"Facebook", "/paging/next", "/data",
         R"({"data":[],"paging":{"cursors":{"before":"b","after":"a"},"previous":"/p"}})"},
        {"Kubernetes", "/metadata/continue", "/items",
         R"({"kind":"List","metadata":{"resourceVersion":"7","selfLink":"/s"},"items":[]})"},
        {"DynamoDB", "/LastEvaluatedKey", "/Items",
         R"({"Items":[],"Count":0,"ScannedCount":9,"ConsumedCapacity":{"TableName":"t"}})"},
        {"FHIR", "/next", "/entry",
         R"({"resourceType":"Bundle","entry":[],"link":[{"relation":"self","url":"/s"},
             {"relation":"first","url":"/f"},{"relation":"previous","url":"/p"}]})"},
        {"HAL", "/_links/next/href", "/items",
         R"({"items":[],"_links":{"self":{"href":"/s"},"first":{"href":"/f"},
             "last":{"href":"/l"},"curies":[{"name":"n","href":"/c"}]},"page":{"number":3}})"},
        {"MediaWiki", "/continue", "/query/pages",
         R"({"batchcomplete":true,"query":{"pages":[]},"limits":{"pages":500}})"},
        {"Spotify", "/next", "/items",
         R"({"items":[],"next":null,"limit":50,"total":3,"cursors":{"after":"a","before":"b"}})"},
        {"GitHub search", "/next", "/items",
         R"({"total_count":3,"incomplete_results":false,"items":[]})"},
        {"X", "/meta/next_token", "/data",
         R"({"data":[],"meta":{"result_count":3,"previous_token":"p","newest_id":"9"},
             "includes":{"users":[{"id":"1"}]}})"},
        {"no paging object", "/next", "/items",
         R"({"items":[],"customer":{"next_invoice_date":"2026-01-01","token":"t","page":"p"}})"},
    };
    for (const row& r : table) {
        CAPTURE(r.service);
        CHECK(found_in(at(r.token, r.records), {r.body}).empty());
    }
    CHECK(found_in(plain(token_source::place::link, "next"),
                   answer(R"({"items":[]})")
                       .with("Link", R"(</a?page=1>; rel="first", </a?page=2>; rel="prev")"))
              .empty());
}

TEST_CASE("a link of another relation that points forward is noticed", "[page_reader][drift][P19]")
{
    const connector c = plain(token_source::place::link, "next");
    const auto likes_of = [&](const std::string& link) {
        return found_in(c, answer(R"({"items":[]})").with("Link", link));
    };
    CHECK(likes_of("</b>; rel=next-page") == likes{"Link rel=next-page"});
    CHECK(likes_of(R"(</b>; rel="self https://first.example/rels#nextPage")") ==
          likes{"Link rel=https://first.example/rels#nextPage"});
    CHECK(likes_of(R"(</a>; rel=prev, </b>; rel="NEXT_page")") == likes{"Link rel=NEXT_page"});
    for (const char* quiet : {"</b>; rel=prev", "</b>; rel=\"first last\"",
                              "</b>; rel=\"https://next.example/rels/up\"",
                              "</b>; rel=next-page; anchor=\"/other\"", "</b>; rel=prev-of-next"}) {
        CAPTURE(quiet);
        CHECK(likes_of(quiet).empty());
    }
    connector both = c;
    both.next.from.emplace_back(token_source::place::link, "next-page");
    both.next.to.push_back(both.next.to[0]);
    CHECK(found_in(both, answer(R"({"items":[]})").with("Link", "</b>; rel=next-page")).empty());
    connector ignoring = c;
    ignoring.next.ignore = {"/next-page"};
    CHECK(
        found_in(ignoring, answer(R"({"items":[]})").with("Link", "</b>; rel=next-page")).empty());
}

TEST_CASE("a server cannot choose how long a message about its names is",
          "[page_reader][drift][A12]")
{
    // Compared with one another, so many names would take many seconds.
    std::string many = R"({"items":[])";
    for (int i = 0; i < 200'000; ++i)
        many += ",\"next" + std::to_string(i) + "\":\"x\"";
    const likes first = found_in(at("/next"), {many + "}"});
    REQUIRE(first.size() == 8);
    CHECK(first.front() == "/next0");
    CHECK(first.back() == "/next7");

    CHECK(found_in(at("/next"), {R"({"items":[],"next)" + std::string(1000, 'x') + R"(":"y"})"}) ==
          likes{"/next" + std::string(75, 'x')});
    CHECK(found_in(at("/next"), {"{\"items\":[],\"next\\u001b[2J\\u0085\\u202e\":\"y\"}"}) ==
          likes{"/next [2J  "});
    answer headers(R"({"items":[]})");
    for (int i = 0; i < 50; ++i)
        headers.with("X-Next-" + std::to_string(i), "x");
    CHECK(found_in(plain(token_source::place::header, "X-Cursor"), headers).size() == 8);
}

TEST_CASE("what the connector names is no lookalike", "[page_reader][drift]")
{
    const answer page(R"({"items":[],"hasMore":true,"next_b":"x","nextTotal":"5","marker":"y"})");
    connector c = at("/next");
    CHECK(found_in(c, page) == likes{"/hasMore", "/next_b", "/marker"});
    c.end.emplace_back(end_rule::kind::flag_false, "/hasMore");
    c.next.ignore = {"/marker", "next_b"};
    CHECK(found_in(c, page).empty());

    c.next.ignore = {"/meta", "/links/next"};
    CHECK(found_in(c, {R"({"items":[],"meta":{"next":"x"},"links":{"next":"y"}})"}).empty());
    connector map = at("/next");
    map.records.as = records_rule::shape::map;
    CHECK(found_in(map, {R"({"items":{"next":{"id":1,"name":"n"}}})"}).empty());
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
