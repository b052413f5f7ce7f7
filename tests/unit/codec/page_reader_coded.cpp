// Pages that come in a content coding, and what their heads tell of quotas.
#include "support/catch.hpp"
#include "unit/codec/decode_support.hpp"
#include "unit/codec/page_reader_answer.hpp"

using namespace catena;
using namespace catena::testing;

namespace {

connector described()
{
    connector c("coded", "https://api.example.com/items");
    c.records = records_rule("/items");
    c.key.emplace_back("/id");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    c.errors.emplace_back();
    c.errors.back().when.status = 400;
    c.errors.back().when.body = "/code";
    c.errors.back().when.equals = "expired";
    c.errors.back().is = error_class::expired;
    return c;
}

const std::string page = R"({"items":[{"id":1},{"id":22},{"id":333}],"next":"abc"})";

const char* name_of(content_coding c)
{
    switch (c) {
        case content_coding::gzip: return "gzip";
        case content_coding::deflate: return "deflate";
        case content_coding::br: return "br";
        case content_coding::zstd: return "zstd";
    }
    return "";
}

answer coded(const form& f, const std::string& text, int status = 200)
{
    return answer(f.of(text), status).with("Content-Encoding", name_of(f.coding));
}

}  // namespace

TEST_CASE("a page in a content coding is read as if it had none, however it is cut", "[C4]")
{
    for (const form& f : forms()) {
        for (const std::size_t piece : {0U, 1U, 2U, 3U, 7U}) {
            CAPTURE(f.name, piece);
            reading r = read(described(), coded(f, page), piece);
            REQUIRE(r.facts.is == page_facts::answer::page);
            CHECK(r.facts.records == 3);
            CHECK(r.facts.keys[2].text == "333");
            CHECK(r.facts.tokens[0].token.text == "abc");
            const page_content content = r.reader->take();
            CHECK(content.body == page);
            CHECK(content.records[1].in(content.body) == R"({"id":22})");
        }
    }
}

TEST_CASE("a coded page that is cut is asked for again, never read in part", "[C4][T7]")
{
    for (const form& f : forms()) {
        const std::string whole = f.of(page);
        for (std::size_t size = 1; size < whole.size(); ++size) {
            CAPTURE(f.name, size);
            const answer cut =
                answer(whole.substr(0, size)).with("Content-Encoding", name_of(f.coding));
            const page_facts facts = read(described(), cut, 5).facts;
            REQUIRE(facts.is == page_facts::answer::failed);
            CHECK(facts.failed_as == error_class::retry);
            CHECK(facts.code == errc::damaged_coding);
            CHECK(facts.pointer == "Content-Encoding");
            CHECK_FALSE(facts.said.empty());
        }
    }
}

TEST_CASE("a false label and a coding that nobody knows are told by name", "[C4]")
{
    const page_facts label = read(described(), answer(page).with("Content-Encoding", "gzip")).facts;
    CHECK(label.code == errc::wrong_encoding);
    CHECK(label.failed_as == error_class::fatal);

    const page_facts strange =
        read(described(), answer(page).with("Content-Encoding", "rot13")).facts;
    CHECK(strange.code == errc::wrong_encoding);
    CHECK(strange.said.find("rot13") != std::string::npos);

    page_limits one;
    one.codings = 1;
    const answer twice = answer("x").with("Content-Encoding", "gzip, gzip");
    CHECK(read(described(), twice, 0, one).facts.code == errc::wrong_encoding);
    CHECK(read(described(), answer("x", 503).with("Content-Encoding", "rot13")).facts.code ==
          errc::server_failed);
}

TEST_CASE("a small body that grows without end stops at the page's limit", "[C4]")
{
    page_limits small;
    small.page_octets = 100'000;
    const std::string blanks = page + std::string(50'000'000, ' ');
    for (const form& f : forms()) {
        CAPTURE(f.name);
        const std::string octets = f.of(blanks);
        if (octets.size() > small.page_octets) continue;
        const reading r = read(
            described(), answer(octets).with("Content-Encoding", name_of(f.coding)), 4096, small);
        CHECK(r.early == errc::limit_exceeded);
        CHECK(r.facts.code == errc::limit_exceeded);
        CHECK(r.facts.failed_as == error_class::fatal);
    }
}

TEST_CASE("the words of a coded failure are read, as far as they can be", "[C4]")
{
    const std::string words = R"({"code":"expired","message":"start over"})";
    for (const form& f : forms()) {
        CAPTURE(f.name);
        const page_facts facts = read(described(), coded(f, words, 400), 3).facts;
        CHECK(facts.failed_as == error_class::expired);
        CHECK(facts.said.find("start over") != std::string::npos);

        const std::string whole = f.of(words);
        const answer cut = answer(whole.substr(0, whole.size() / 2), 400)
                               .with("Content-Encoding", name_of(f.coding));
        const error_class of_half = read(described(), cut).facts.failed_as;
        CHECK((of_half == error_class::expired || of_half == error_class::caller));
    }
}

TEST_CASE("what an answer tells of quotas goes with its facts", "[R6]")
{
    const answer told = answer(page)
                            .with("RateLimit-Policy", R"("hour";q=100;w=3600)")
                            .with("RateLimit", R"("hour";r=7;t=60)");
    const page_facts facts = read(described(), told).facts;
    REQUIRE(facts.is == page_facts::answer::page);
    REQUIRE(facts.quotas.size() == 1);
    CHECK(facts.quotas[0].remaining == 7u);
    CHECK(facts.quotas[0].limit == 100u);

    // GitHub says so with a 403 that has no other sign.
    const answer gone = answer("{}", 403).with("X-RateLimit-Remaining", "0");
    CHECK(read(described(), gone).facts.code == errc::rate_limited);
    CHECK(read(described(), answer("{}", 403)).facts.code == errc::forbidden);
}
