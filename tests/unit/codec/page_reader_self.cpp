#include "page_reader_answer.hpp"
#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::testing;
using source = token_source::place;
using target = token_target::place;

namespace {

connector with_self(source from, const std::string& at)
{
    connector c("self", "https://api.example.com/items?version=2");
    c.request.query = {{"state", "all"}};
    c.records.at = "/items";
    c.page_size.to = token_target(target::query, "limit");
    c.page_size.value = 100;
    c.next.from = {token_source(source::body, "/next")};
    c.next.to = {token_target(target::query, "cursor")};
    c.end = {end_rule::kind::missing};
    c.self = token_source(from, at);
    REQUIRE(validate(c).empty());
    return c;
}

answer page_saying(const std::string& self, bool early = true)
{
    const std::string link = "\"links\":{\"self\":\"" + self + "\"}";
    const std::string items = "\"items\":[{\"id\":1}]";
    answer a("{" + (early ? link + "," + items : items + "," + link) + ",\"next\":\"n\"}");
    a.with("X-Self", self).with("Link", "<" + self + ">; rel=\"self\"");
    a.url = "https://api.example.com/items?version=2&state=all&limit=100&cursor=a%2Bb&api_key=k";
    return a;
}

}  // namespace

TEST_CASE("an answer to another request is refused before it is a page", "[H20]")
{
    struct row {
        const char* self;
        bool ours;
    };
    const row rows[] = {
        {"/items?cursor=a%2Bb", true},
        {"https://other.example.com/v2/items?limit=50&cursor=a%2bb&state=ALL#top", true},
        {"/items?cursor=%61%2Bb&api_key=xxx", true},
        {"/items", true},
        {"", true},
        {"/items?cursor=a+b", false},
        {"/items?cursor=other", false},
        {"/items?cursor=", false},
        {"/items?cursor=a%2Bb&cursor=other", false},
        {"https://api.example.com/items?state=all&cursor=c", false},
    };
    const connector places[] = {with_self(source::body, "/links/self"),
                                with_self(source::header, "X-Self"),
                                with_self(source::link, "self")};
    for (const row& r : rows) {
        for (const connector& c : places) {
            for (const std::size_t piece : {0u, 1u, 7u}) {
                for (const bool early : {true, false}) {
                    CAPTURE(r.self, c.self->at, piece, early);
                    const reading got = read(c, page_saying(r.self, early), piece);
                    CHECK((got.facts.is == page_facts::answer::page) == r.ours);
                    if (r.ours) continue;
                    CHECK(got.early == errc::bad_response);  // which closes the connection
                    CHECK(got.facts.code == errc::bad_response);
                    CHECK(got.facts.failed_as == error_class::retry);
                    CHECK(got.facts.pointer == c.self->at);
                    CHECK(got.facts.said.find("another request") != std::string::npos);
                }
            }
        }
    }
}

TEST_CASE("a page without its declared self link is drift, a failure needs none", "[H20]")
{
    const connector c = with_self(source::header, "X-Self");
    const reading none = read(c, answer(R"({"items":[]})"));
    CHECK(none.facts.code == errc::schema_drift);
    CHECK(none.facts.mend.find("`self`") != std::string::npos);
    CHECK(read(c, answer("busy", 503)).facts.code == errc::server_failed);
    const connector body = with_self(source::body, "/links/self");
    CHECK(read(body, answer(R"({"items":[],"links":{"self":null}})")).facts.code ==
          errc::schema_drift);
}

TEST_CASE("parameters of a next URL tell its page from others", "[H20]")
{
    connector c = with_self(source::link, "self");
    c.next.from = {token_source(source::link, "next")};
    c.next.to = {token_target(target::url, "")};
    REQUIRE(validate(c).empty());
    answer other = page_saying("/items?page=3&state=open&limit=1");
    other.url = "https://api.example.com/items?page=2&state=all&limit=100";
    CHECK(read(c, other).facts.code == errc::bad_response);
    other.url = "https://api.example.com/items?page=3&state=all&limit=100";
    CHECK(read(c, other).facts.is == page_facts::answer::page);
}
