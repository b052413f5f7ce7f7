#include "page_reader_answer.hpp"
#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::testing;
using source = token_source::place;
using target = token_target::place;
using kind = end_rule::kind;

namespace {

connector lines(bool keyed = true)
{
    connector c("lines", "https://api.example.com/items");
    c.format = page_format::json_lines;
    if (keyed) c.key = {key_field("/id")};
    c.next.from = {token_source(source::header, "X-Next")};
    c.next.to = {token_target(target::query, "cursor")};
    c.end = {kind::missing};
    REQUIRE(validate(c).empty());
    return c;
}

std::vector<std::string> records_of(reading& r)
{
    const page_content content = r.reader->take();
    std::vector<std::string> out;
    for (const extent& e : content.records)
        out.emplace_back(e.in(content.body));
    return out;
}

answer page(const std::string& text)
{
    return answer(text).with("Content-Length", std::to_string(text.size()));
}

errc code_of(const reading& r) { return static_cast<errc>(r.facts.code.value()); }

}  // namespace

TEST_CASE("a page in JSON lines gives its lines, their keys and a header's token", "[lines]")
{
    const answer sent = page("{\"id\":1,\"error\":\"of its own\"}\r\n\n{\"id\":2,\"next\":\"x\"}")
                            .with("X-Next", "t1");
    for (std::size_t piece = 0; piece < 10; ++piece) {
        reading r = read(lines(), sent, piece);
        REQUIRE(r.facts.is == page_facts::answer::page);
        CHECK(r.facts.records == 2);
        CHECK(r.facts.keys[1].text == "2");
        CHECK(r.facts.tokens[0].token.text == "t1");
        CHECK(records_of(r) == std::vector<std::string>{"{\"id\":1,\"error\":\"of its own\"}",
                                                        "{\"id\":2,\"next\":\"x\"}"});
    }
}

TEST_CASE("tokens of JSON lines come from links and last records too", "[lines]")
{
    connector linked = lines();
    linked.next.from = {token_source(source::link, "next")};
    linked.next.to = {token_target(target::url, "")};
    const reading by_link =
        read(linked, page("{\"id\":1}\n").with("Link", "</items?page=2>; rel=\"next\""));
    CHECK(by_link.facts.tokens[0].token.text == "https://api.example.com/items?page=2");

    connector last = lines();
    last.next.from = {token_source(source::last_record, "/id")};
    const reading by_last = read(last, page("{\"id\":1}\n{\"id\":9007199254740993}\n"));
    CHECK(by_last.facts.tokens[0].token.text == "9007199254740993");
}

TEST_CASE("a missing token's place is not sought in the lines", "[lines][P1]")
{
    const reading r = read(lines(), page("{\"id\":1,\"next\":\"abcdefgh\"}\n{\"id\":2}\n"));
    CHECK(r.facts.is == page_facts::answer::page);
    CHECK(r.facts.lookalikes.empty());
    const reading moved = read(lines(), page("{\"id\":1}\n").with("X-Next-Cursor", "abcdefgh"));
    CHECK_FALSE(moved.facts.lookalikes.empty());
}

TEST_CASE("no line is an empty page, unless the body is of another kind", "[lines][C15]")
{
    const answer nothing = page("").with("Content-Type", "application/x-ndjson");
    connector named = lines();
    named.end = {kind::empty_page};
    const reading none = read(named, nothing);
    CHECK(none.facts.is == page_facts::answer::page);
    CHECK(none.facts.records == 0);
    const reading html = read(lines(), page("\n").with("Content-Type", "text/html"));
    CHECK(code_of(html) == errc::wrong_content);
    const reading gateway = read(lines(), page("<html>sorry</html>\n"));
    CHECK(code_of(gateway) == errc::wrong_content);
    CHECK(gateway.facts.failed_as == error_class::retry);
}

TEST_CASE("an empty answer ends no walk that would end by what is missing", "[lines][C15][P1]")
{
    const answer nothing = page("").with("Content-Type", "application/x-ndjson");
    const reading lost = read(lines(), nothing);
    CHECK(code_of(lost) == errc::records_missing);
    CHECK(lost.facts.failed_as == error_class::retry);
    CHECK(lost.facts.mend.find("records.absent") != std::string::npos);

    connector so = lines();
    so.records.when_absent = records_rule::absence::empty;
    REQUIRE(validate(so).empty());
    CHECK(read(so, nothing).facts.is == page_facts::answer::page);

    answer with_token = nothing;
    CHECK(read(lines(), with_token.with("X-Next", "t2")).facts.is == page_facts::answer::page);
    connector counted = lines();
    counted.total.emplace().from = total_rule::place::header;
    counted.total->at = "X-Total";
    answer with_total = nothing;
    CHECK(read(counted, with_total.with("X-Total", "0")).facts.is == page_facts::answer::page);
}

TEST_CASE("without a key each line must be like the first and report no trouble",
          "[lines][C10][C12]")
{
    struct row {
        std::string body, said;
        errc code;
    };
    const std::vector<row> rows{
        {"{\"a\":1}\n[1,2]\n{\"a\":2}\n", "line 2 is an array", errc::schema_drift},
        {"{\"a\":1}\n\"bye\"\n", "line 2 is a plain value", errc::schema_drift},
        {"{\"error\":\"shard lost\"}\n{\"a\":2}\n", "shard lost", errc::error_in_page},
        {"{\"a\":1}\n{\"ok\":false}\n{\"a\":2}\n", "line 2", errc::error_in_page},
        {"{\"a\":1}\n{\"errors\":[{\"message\":\"x\"}]}\n{\"a\":2}\n", "line 2",
         errc::error_in_page},
    };
    for (const row& each : rows) {
        CAPTURE(each.body);
        const reading r = read(lines(false), page(each.body));
        CHECK(code_of(r) == each.code);
        CHECK(r.facts.failed_as == error_class::fatal);
        CHECK(r.facts.said.find(each.said) != std::string::npos);
        CHECK(r.facts.octet);
    }
    const std::string good =
        "{\"error\":null,\"ok\":true}\n{\"errors\":[ ],\"error\":\"\"}\n{\"error\":0}\n";
    CHECK(read(lines(false), page(good)).facts.records == 3);
    CHECK(read(lines(false), page("[1]\n[2]\n")).facts.records == 2);
}

TEST_CASE("a line that is cut fails the page with its octet, and no row of it passes",
          "[lines][C1]")
{
    for (std::size_t piece = 0; piece < 20; ++piece) {
        reading r = read(lines(), page("{\"id\":1}\n{\"id\":2}\n{\"id\""), piece);
        REQUIRE(r.facts.is == page_facts::answer::failed);
        CHECK(code_of(r) == errc::malformed_json);
        CHECK(r.facts.octet == 23u);
        CHECK(r.facts.failed_as == error_class::retry);
        CHECK(r.facts.records == 0);
    }
}

TEST_CASE("lines whose end only a closed connection tells are refused", "[lines][T13][H9]")
{
    const std::string body = "{\"id\":1}\n";
    const reading r = read(lines(), answer(body));
    CHECK(code_of(r) == errc::truncated);
    CHECK(r.facts.failed_as == error_class::fatal);
    CHECK(r.facts.mend.find("Content-Length") != std::string::npos);
    CHECK(read(lines(), answer(body).with("Transfer-Encoding", "chunked")).facts.records == 1);
    const reading coded = read(lines(), answer(body).with("Content-Encoding", "gzip"));
    CHECK(coded.facts.is == page_facts::answer::failed);  // it may have lost whole members
    connector document = lines();
    document.format = page_format::json;
    CHECK(read(document, answer("[" + body + "]")).facts.records == 1);
}

TEST_CASE("trouble in the last line is no record", "[lines][C10][C12]")
{
    const std::string body = "{\"id\":1}\n{\"error\":{\"message\":\"shard lost\"}}\n";
    const reading keyed = read(lines(), page(body));
    CHECK(keyed.facts.is == page_facts::answer::page);
    CHECK_FALSE(keyed.facts.keys[1].present);  // which the machine refuses

    const reading bare = read(lines(false), page(body));
    CHECK(code_of(bare) == errc::error_in_page);
    CHECK(bare.facts.pointer == "/error");

    connector taken = lines(false);
    taken.next.ignore = {"/error"};
    CHECK(read(taken, page(body)).facts.records == 2);

    connector ruled = lines();
    sign s;
    s.body = "/error/message";
    s.contains = "shard";
    ruled.errors = {error_rule(s, error_class::retry)};
    const reading again = read(ruled, page(body));
    CHECK(again.facts.is == page_facts::answer::failed);
    CHECK(again.facts.failed_as == error_class::retry);
}

TEST_CASE("failed answers of an API in JSON lines are JSON", "[lines]")
{
    connector c = lines();
    sign s;
    s.status = 400;
    s.body = "/code";
    s.equals = "expired";
    c.expiry.signs = {s};
    const reading r =
        read(c, answer("{\n \"code\": \"expired\",\n \"message\": \"too late\"}", 400));
    CHECK(r.facts.failed_as == error_class::expired);
    CHECK(r.facts.said == "too late");
}

TEST_CASE("a map at the root gives its values as records", "[page_reader]")
{
    connector c = lines();
    c.format = page_format::json;
    c.records.as = records_rule::shape::map;
    REQUIRE(validate(c).empty());
    reading r = read(c, page("{\"a\":{\"id\":1},\"error\":{\"id\":2}}").with("X-Next", "t"), 1);
    REQUIRE(r.facts.is == page_facts::answer::page);
    CHECK(r.facts.keys[1].text == "2");
    CHECK(r.facts.tokens[0].token.text == "t");
    CHECK(records_of(r) == std::vector<std::string>{"{\"id\":1}", "{\"id\":2}"});
    CHECK(code_of(read(c, page("[{\"id\":1}]"))) == errc::records_missing);
}
