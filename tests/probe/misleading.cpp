// Servers whose answers look like something that they are not.
#include "probe/reading.hpp"
#include "probe/words.hpp"
#include "probed.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

const std::string url = "https://api.example.com/items";

}  // namespace

TEST_CASE("a server that ignores what it is asked is not proposed for", "[probe][P14]")
{
    for (const char* extra :
         {"", R"(,"total":500)", R"(,"next_cursor":"x")", R"(,"has_more":true)", R"(,"page":1)"}) {
        const scripted_answer same =
            json_answer(R"({"items":[)" + records(1, 10) + "]" + extra + "}");
        const probed p = probe_answers(url, {same, same, same, same, same});
        INFO(p.text);
        CHECK_FALSE(p.is.is);
        CHECK(p.asked.size() <= 4);
    }
}

TEST_CASE("an offset that counts pages is noticed before records are lost", "[probe][P12]")
{
    // "start" counts pages here: start=10 would leave out nine of them.
    const auto serve = [](const http_request& ask, const arrival&) {
        const auto start = probe::parameter_of(ask.target, "start").value_or("0");
        return json_answer(R"({"items":[)" + records(std::stoul(start) * 10 + 1, 10) + "]}");
    };
    probe::wish w;
    w.request.url = url + "?start=0";
    const probed p = probe_with(serve, w);
    INFO(p.text);
    CHECK_FALSE(p.is.is);
    CHECK(p.is.refusal.find("did not come again") != std::string::npos);
}

TEST_CASE("a page's own count is not taken for the total", "[probe][P15]")
{
    const auto at = [](std::size_t from) {
        return json_answer(R"({"count":10,"total":10,"items":[)" + records(from, 10) +
                           R"(],"next_cursor":"t)" + std::to_string(from) + "\"}");
    };
    const probed p = probe_answers(url, {at(1), at(11)});
    REQUIRE(p.is.is);
    CHECK_FALSE(p.is.is->total);
}

TEST_CASE("a field that merely happens to differ is no key", "[probe][P10]")
{
    // Each record has another customer here, and will not for ever.
    const auto at = [](std::size_t from) {
        std::string body = R"({"items":[)";
        for (std::size_t i = 0; i < 10; ++i)
            body += (i ? "," : "") + (R"({"customer_id":)" +
                                      std::to_string((from + i) * 7919 % 1009) + R"(,"sum":1})");
        return json_answer(body + R"(],"next_cursor":"t)" + std::to_string(from) + "\"}");
    };
    const probed p = probe_answers(url, {at(1), at(11)});
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->key.empty());
    CHECK(p.text.find("what identifies a record") != std::string::npos);
}

TEST_CASE("the user's choice of records and key goes before what is found", "[probe]")
{
    const auto at = [](std::size_t from) {
        return json_answer(R"({"data":[)" + records(from + 50, 12) + R"(],"rows":[)" +
                           records(from, 10) + R"(],"next_cursor":"t)" + std::to_string(from) +
                           "\"}");
    };
    probe::wish w;
    w.records = "/rows";
    w.key = {"/id"};
    const probed p = probe_answers(url, {at(1), at(11)}, w);
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->records.at == "/rows");
    CHECK(p.is.is->key == std::vector<key_field>{key_field("/id")});

    w.records = "/none";
    CHECK_FALSE(probe_answers(url, {at(1), at(11)}, w).is.is);
}

TEST_CASE("a number that is no total never ends a walk", "[probe][P15][P16]")
{
    // 95 records in pages of 10. "last_page" counts from 0, "total" stops at 45, behind the end
    // comes an empty page, a 404, or the last page again.
    struct server_kind {
        const char* extra;
        int behind;  // 0: the last page again
    };
    for (const server_kind kind : {server_kind{R"("last_page":9)", 200},
                                   {R"("last_page":9)", 404},
                                   {R"("last_page":9)", 0},
                                   {R"("total":45)", 200},
                                   {R"("total":45)", 404},
                                   {R"("total":45)", 0},
                                   {R"("total":50)", 0},
                                   {R"("total":60)", 404}}) {
        const auto serve = [&](const http_request& ask, const arrival&) {
            std::size_t at = std::stoul(probe::parameter_of(ask.target, "page").value_or("0")) * 10;
            if (at >= 95 && kind.behind == 404) return scripted_answer(404, "{}");
            if (at >= 95 && kind.behind == 0) at = 90;
            const std::size_t n = at >= 95 ? 0 : std::min<std::size_t>(10, 95 - at);
            return json_answer(R"({"items":[)" + records(at + 1, n) + "]," + kind.extra + "}");
        };
        probe::wish w;
        w.request.url = url + "?page=0";
        const probed p = probe_with(serve, w);
        INFO(p.text);
        if (!p.is.is) continue;
        for (const end_rule& e : p.is.is->end) {
            CHECK(e.what != end_rule::kind::total);
            CHECK(e.what != end_rule::kind::sign);
        }
        CHECK_FALSE(p.is.is->total);
    }
}

TEST_CASE("a total that could not be looked behind twice does not end a walk", "[probe][P15]")
{
    // Offsets are rounded down, which costs a request; "total" is the size of something else.
    const auto serve = [](const http_request& ask, const arrival&) {
        const std::size_t at = std::stoul(probe::parameter_of(ask.target, "offset").value_or("0"));
        return json_answer(R"({"items":[)" + records(at / 10 * 10 + 1, 10) + R"(],"total":42})");
    };
    probe::wish w;
    w.request.url = url + "?offset=0";
    const probed p = probe_with(serve, w);
    INFO(p.text);
    CHECK(p.asked.size() == 4);
    REQUIRE(p.is.is);
    CHECK(p.is.is->end == std::vector<end_rule>{end_rule::kind::empty_page});
}

TEST_CASE("a flag that says no more where more comes is no flag", "[probe][P1]")
{
    const auto at = [](std::size_t from) {
        return json_answer(R"({"done":true,"items":[)" + records(from, 10) +
                           R"(],"next_cursor":"t)" + std::to_string(from) + "\"}");
    };
    const probed p = probe_answers(url, {at(1), at(11)});
    INFO(p.text);
    REQUIRE(p.is.is);
    for (const end_rule& e : p.is.is->end)
        CHECK(e.what != end_rule::kind::flag_true);

    // It says "more" on a page that has no token.
    const auto lying = [](std::size_t from, const std::string& token) {
        return json_answer(R"({"has_more":true,"items":[)" + records(from, 10) + "]" + token + "}");
    };
    const probed lied = probe_answers(url, {lying(1, R"(,"next_cursor":"t")"), lying(11, "")});
    INFO(lied.text);
    REQUIRE(lied.is.is);
    for (const end_rule& e : lied.is.is->end)
        CHECK(e.what != end_rule::kind::flag_false);
}

TEST_CASE("page numbers are not proposed where it is unknown whether they begin at 0", "[probe]")
{
    // Two other ways are tried first, and no request is left to ask for page 1 by its number.
    const auto serve = [](const http_request& ask, const arrival&) {
        const std::size_t at = std::stoul(probe::parameter_of(ask.target, "page").value_or("0"));
        std::string items;
        for (std::size_t i = 0; i < 10; ++i)
            items += (i ? "," : "") + (R"({"id":")" + std::to_string(900 - at * 10 - i) + "\"}");
        return json_answer(R"({"has_more":true,"items":[)" + items + "]}");
    };
    probe::wish w;
    w.request.url = url;
    const probed p = probe_with(serve, w);
    INFO(p.text);
    CHECK(p.asked.size() == 4);
    CHECK_FALSE(p.is.is);
    CHECK(p.is.refusal.find("page=1") != std::string::npos);
}

TEST_CASE("a list that is missing behind the end does not make every missing list an end",
          "[probe][C9]")
{
    const auto serve = [](const http_request& ask, const arrival&) {
        const std::size_t at = std::stoul(probe::parameter_of(ask.target, "offset").value_or("0"));
        if (at > 90) return json_answer(R"({"message":"nothing here"})");
        return json_answer(R"({"items":[)" + records(at + 1, 10) + "]}");
    };
    probe::wish w;
    w.request.url = url + "?offset=0";
    const probed p = probe_with(serve, w);
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->records.when_absent == records_rule::absence::error);
    CHECK(p.text.find("how the end looks") != std::string::npos);
}

TEST_CASE("a proposal that a run would read otherwise is none", "[probe][C6]")
{
    // The token's member stands twice, which a run refuses.
    const auto at = [](std::size_t from) {
        return json_answer(R"({"items":[)" + records(from, 10) + R"(],"next_cursor":"a)" +
                           std::to_string(from) + R"(","next_cursor":"b"})");
    };
    const probed p = probe_answers(url, {at(1), at(11)});
    CHECK_FALSE(p.is.is);

    std::string why;
    probe::answer a;
    a.status = 200;
    a.body = R"({"items":[{"id":1}],"next":"t"})";
    const auto page_one = probe::read_page(a, url, false, why);
    probe::settle(*page_one, "/items");
    connector c("api", url);
    c.records = records_rule("/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    CHECK(probe::flaw_in_reading(c, *page_one, true).empty());
    c.next.from[0].at = "/token";
    CHECK_FALSE(probe::flaw_in_reading(c, *page_one, true).empty());
    c.records.at = "/things";
    CHECK_FALSE(probe::flaw_in_reading(c, *page_one, false).empty());
}

TEST_CASE("a next URL that drops a filter is told", "[probe][P22]")
{
    const auto at = [](std::size_t from) {
        return json_answer("[" + records(from, 10) + "]",
                           {{"Link", "</items?page=" + std::to_string(from) + ">; rel=next"}});
    };
    const probed p = probe_answers(url + "?state=all", {at(1), at(11)});
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.text.find("lacks state") != std::string::npos);
}
