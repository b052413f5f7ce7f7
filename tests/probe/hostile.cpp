// Servers and users that mean harm, or do it by accident.
#include "probe/words.hpp"
#include "probed.hpp"
#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

std::string records(std::size_t from, std::size_t n)
{
    std::string out;
    for (std::size_t i = from; i < from + n; ++i)
        out += (i > from ? "," : "") + (R"({"id":)" + std::to_string(i) + "}");
    return out;
}

const std::string url = "https://api.example.com/items";

}  // namespace

TEST_CASE("deep, long and odd pages are answered with words", "[probe][C1][C2][C5]")
{
    std::string deep(100'000, '[');
    std::string wide = "[";
    for (int i = 0; i < 100'000; ++i)
        wide += "0,";
    std::string members = "{";
    for (int i = 0; i < 50'000; ++i)
        members += "\"next" + std::to_string(i) + "\":\"t\",";
    for (const std::string& body :
         {deep, deep + std::string(100'000, ']'), wide + "0]", members + "\"z\":[]}",
          std::string("{\"items\":[{\"id\":1},"), std::string("\xff\xfe[1]"), std::string("{}"),
          std::string("null"), std::string("\"text\""), std::string("[[[]]]"),
          std::string("[null,null,null,null,null]"), std::string("<"), std::string("<!--"),
          std::string("{\"a\\u0000b\":[{\"\\u001b[2J\":1}]}")}) {
        const probed p = probe_answers(url, {json_answer(body)});
        CHECK_FALSE(p.is.is);
        CHECK_FALSE(p.is.refusal.empty());
        CHECK(p.asked.size() <= 4);
    }
}

TEST_CASE("names with controls neither reach the terminal nor the proposal", "[probe][A14]")
{
    const auto body = [](std::size_t from) {
        return R"({"\u001b[2J\u0007":[)" + records(from, 3) + R"(],"items":[)" + records(from, 10) +
               R"(],"next\u000a":"evil","next_cursor":"t)" + std::to_string(from) +
               R"(","tab\u0009":"x"})";
    };
    const probed p = probe_answers(url, {json_answer(body(1)), json_answer(body(11))});
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->records.at == "/items");
    for (const char c : p.text)
        CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));

    const probed list =
        probe_answers(url, {json_answer(R"({"a\u0007":[)" + records(1, 10) + "]}")});
    CHECK(list.asked.size() == 1);
    CHECK(list.is.refusal.find("no array") != std::string::npos);
    const auto token = [](std::size_t from) {
        return json_answer(R"({"items":[)" + records(from, 11) + R"(],"next_cursor\u0007":"t"})");
    };
    CHECK_FALSE(probe_answers(url, {token(1), token(12)}).is.is);
}

TEST_CASE("no text repeats a secret, a token or a cursor", "[probe][A11][A12]")
{
    probe::wish w;
    w.request.headers.emplace_back("Authorization", setting::from_environment("TOKEN", "Bearer "));
    w.request.query.emplace_back("api_key", setting::from_environment("KEY"));
    const auto page_at = [](std::size_t from, const std::string& token) {
        return json_answer(R"({"items":[)" + records(from, 10) + R"(],"echo":"canary-secret",)" +
                               R"("next_cursor":")" + token + "\"}",
                           {{"X-Debug", "canary-secret"}});
    };
    const probed good =
        probe_answers(url, {page_at(1, "canary-cursor-1"), page_at(11, "canary-cursor-2")}, w);
    INFO(good.text);
    REQUIRE(good.is.is);
    CHECK(good.asked[0].find("canary-secret") != std::string::npos);
    CHECK(good.asked[1].find("canary-cursor-1") != std::string::npos);
    CHECK(good.text.find("canary") == std::string::npos);
    CHECK(good.text.find(R"("$env": "TOKEN")") != std::string::npos);

    for (const int status : {400, 401, 403, 500}) {
        const probed bad =
            probe_answers(url, {scripted_answer(status, R"({"message":"bad canary-secret"})")}, w);
        CHECK(bad.text.find("canary") == std::string::npos);
    }
    const probed lost = probe_answers(
        url,
        {page_at(1, "canary-cursor-1"), scripted_answer(400, R"({"message":"canary-cursor-1"})")},
        w);
    CHECK_FALSE(lost.is.is);
    CHECK(lost.text.find("canary") == std::string::npos);
}

TEST_CASE("a credential as plain text is refused before anything is asked", "[probe][A11]")
{
    probe::wish w;
    w.request.url = url + "?api_key=canary";
    CHECK_THROWS_AS(probe::machine(w), std::invalid_argument);
    try {
        const probe::machine m(w);
    } catch (const std::invalid_argument& e) {
        CHECK(std::string(e.what()).find("canary") == std::string::npos);
    }
    w.request.url = url;
    w.request.headers.emplace_back("X-Api-Key", setting("canary"));
    CHECK_THROWS_AS(probe::machine(w), std::invalid_argument);
    w.request.headers = {{"X-Trace", setting("Bearer canary")}};
    CHECK_THROWS_AS(probe::machine(w), std::invalid_argument);
    w.request.headers.clear();
    w.request.url = "https://user:canary@api.example.com/items";
    CHECK_THROWS_AS(probe::machine(w), std::invalid_argument);
}

TEST_CASE("no next URL leads the probe to another origin", "[probe][A5][A6]")
{
    for (const char* next :
         {"https://evil.example/items?page=x", "http://api.example.com/items?page=x",
          "file:///etc/passwd", "https://a@api.example.com/items?page=x", "//evil.example/x"}) {
        const probed p = probe_answers(
            url, {json_answer(R"({"items":[)" + records(1, 10) + R"(],"next":")" + next + "\"}")});
        INFO(next << '\n' << p.text);
        CHECK_FALSE(p.is.is);
        for (const std::string& target : p.asked)
            CHECK(probe::path_of(target) == "/items");
    }
}

TEST_CASE("a redirect is followed on the same origin only", "[probe][H11][H12]")
{
    scripted_answer moved(308, "");
    moved.headers = {{"Location", "/v2/items"}};
    const auto at = [](std::size_t from) {
        return json_answer("[" + records(from, 10) + "]",
                           {{"Link", "</v2/items?page=" + std::to_string(from) + ">; rel=next"}});
    };
    const probed p = probe_answers(url, {moved, at(1), at(11)});
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->request.url == "https://api.example.com/v2/items");

    moved.headers = {{"Location", "https://evil.example/items"}};
    const probed away = probe_answers(url, {moved});
    CHECK_FALSE(away.is.is);
    CHECK(away.asked.size() == 1);
}

TEST_CASE("a wait that the server asks for is kept once, if it is short", "[probe][R1][R2]")
{
    scripted_answer busy(429, "{}");
    busy.headers = {{"Retry-After", "7"}};
    probe::wish w;
    w.request.url = url;
    probe::machine m(w);
    const auto give = [&](const scripted_answer& a) {
        probe::answer got;
        got.status = a.status;
        got.headers = a.headers;
        got.body = a.body;
        m.on_answer(std::move(got), wall_time());
    };
    give(busy);
    REQUIRE(m.next());
    CHECK(m.pause() == duration(7s));
    give(busy);
    CHECK_FALSE(m.next());
    CHECK(m.result().refused_by_server);

    busy.headers = {{"Retry-After", "3600"}};
    const probed p = probe_answers(url, {busy});
    CHECK(p.asked.size() == 1);
}

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
