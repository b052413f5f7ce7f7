// Servers and users that mean harm, or do it by accident.
#include "probe/words.hpp"
#include "probed.hpp"
#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <chrono>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

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
