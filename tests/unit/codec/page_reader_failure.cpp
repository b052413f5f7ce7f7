#include "page_reader_answer.hpp"
#include "support/catch.hpp"
#include <catena/codec/page_reader.hpp>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

sign when_body(std::string at, std::string equals, std::optional<int> status = {})
{
    sign s;
    s.body = std::move(at);
    if (!equals.empty()) s.equals = std::move(equals);
    s.status = status;
    return s;
}

sign when_status(int status)
{
    sign s;
    s.status = status;
    return s;
}

page_facts facts(const connector& c, const answer& a) { return read(c, a).facts; }

}  // namespace

TEST_CASE("a failed answer has the class of its status", "[page_reader][H15][H17][A3][R2]")
{
    const std::vector<std::tuple<int, error_class, errc>> table{
        {100, error_class::fatal, errc::unexpected_status},
        {204, error_class::fatal, errc::unexpected_status},
        {206, error_class::fatal, errc::unexpected_status},
        {304, error_class::fatal, errc::unexpected_status},
        {999, error_class::fatal, errc::unexpected_status},
        {302, error_class::fatal, errc::unexpected_redirect},
        {400, error_class::caller, errc::refused},
        {401, error_class::auth, errc::unauthorized},
        {403, error_class::caller, errc::forbidden},
        {404, error_class::caller, errc::not_found},
        {408, error_class::retry, errc::server_failed},
        {410, error_class::expired, errc::cursor_expired},
        {422, error_class::caller, errc::refused},
        {425, error_class::retry, errc::server_failed},
        {429, error_class::retry, errc::rate_limited},
        {500, error_class::retry, errc::server_failed},
        {501, error_class::retry, errc::server_failed},
        {503, error_class::retry, errc::server_failed},
    };
    for (const auto& [status, is, code] : table) {
        CAPTURE(status);
        const page_facts f = facts(plain(), answer("{}", status));
        CHECK(f.is == page_facts::answer::failed);
        CHECK(f.status == status);
        CHECK(f.failed_as == is);
        CHECK(f.code == code);
    }
}

TEST_CASE("a 403 that speaks of limits is a rate limit", "[page_reader][R5][A3]")
{
    const answer words(R"({"message":"You have exceeded a Secondary Rate Limit"})", 403);
    const answer header = answer("{}", 403).with("X-RateLimit-Remaining", "0");
    const answer after = answer("{}", 403).with("Retry-After", "7");
    for (const answer& a : {words, header, after}) {
        const page_facts f = facts(plain(), a);
        CHECK(f.failed_as == error_class::retry);
        CHECK(f.code == errc::rate_limited);
        CHECK(f.retry_after >= duration(std::chrono::seconds(7)));
    }
    CHECK(facts(plain(), words).retry_after == duration(std::chrono::seconds(60)));
    CHECK(facts(plain(), after).retry_after == duration(std::chrono::seconds(7)));
    CHECK(facts(plain(), answer("{}", 403).with("X-RateLimit-Remaining", "10")).code ==
          errc::forbidden);
}

TEST_CASE("rules stand above ends, ends above expiry, expiry above the status",
          "[page_reader][P25]")
{
    const answer gone(R"({"code":"x"})", 404);
    connector c = plain();
    CHECK(facts(c, gone).code == errc::not_found);
    c.expiry.signs = {when_status(404)};
    CHECK(facts(c, gone).code == errc::cursor_expired);
    end_rule end(end_rule::kind::sign);
    end.when = when_status(404);
    c.end.push_back(end);
    CHECK(facts(c, gone).is == page_facts::answer::end);
    c.errors.emplace_back(when_body("/code", "x"), error_class::auth);
    CHECK(facts(c, gone).failed_as == error_class::auth);
    c.errors.insert(c.errors.begin(), error_rule(when_body("/code", "x"), error_class::retry));
    CHECK(facts(c, gone).failed_as == error_class::retry);
}

TEST_CASE("with signs of expiry of its own, a connector takes no 410 for one", "[page_reader][P6]")
{
    connector c = plain();
    c.expiry.signs = {when_body("/error/code", "cursor_gone", 400)};
    CHECK(facts(c, answer("{}", 410)).code == errc::refused);
    CHECK(facts(c, answer(R"({"error":{"code":"cursor_gone"}})", 400)).code ==
          errc::cursor_expired);
    CHECK(facts(c, answer(R"({"error":{"code":"other"}})", 400)).code == errc::refused);
    CHECK(facts(c, answer(R"({"error":{"code":"cursor_gone"}})", 500)).code == errc::server_failed);
}

TEST_CASE("every part of a sign must hold", "[page_reader][P6]")
{
    sign s;
    s.status = 400;
    s.header = "X-Error";
    s.contains = "EXPIRED";
    connector c = plain();
    c.expiry.signs = {s};
    const answer right = answer("{}", 400).with("x-error", "cursor expired");
    CHECK(facts(c, right).code == errc::cursor_expired);
    CHECK(facts(c, answer("{}", 400)).code == errc::refused);
    CHECK(facts(c, answer("{}", 400).with("x-error", "other")).code == errc::refused);
    s.header.reset();
    c.expiry.signs = {s};
    CHECK(facts(c, answer("the token has expired", 400)).code == errc::cursor_expired);
    s.body = "/m";
    c.expiry.signs = {s};
    CHECK(facts(c, answer(R"({"m":"it is Exp\u0069red","n":1})", 400)).code ==
          errc::cursor_expired);
    CHECK(facts(c, answer(R"({"m":"","n":"expired"})", 400)).code == errc::refused);
}

TEST_CASE("an error inside a 200 is an error by rule", "[page_reader][C10]")
{
    connector c = plain();
    c.errors.emplace_back(when_body("/error", "ratelimited"), error_class::retry);
    c.errors.emplace_back(when_body("/ok", "false"), error_class::caller);
    c.expiry.signs = {when_body("/error", "invalid_cursor")};
    std::swap(c.errors[0], c.errors[1]);
    CHECK(facts(c, {R"({"ok":false,"error":"x"})"}).code == errc::error_in_page);
    CHECK(facts(c, {R"({"ok":false,"error":"x"})"}).said == "x");
    CHECK(facts(c, {R"({"ok":true,"items":[]})"}).is == page_facts::answer::page);
    c.errors.clear();
    CHECK(facts(c, {R"({"ok":false,"error":"invalid_cursor"})"}).failed_as == error_class::expired);
}

TEST_CASE("errors beside data are an error unless the connector knows better", "[page_reader][C10]")
{
    const answer both(R"({"items":[1],"next":"x","errors":[{"message":"half of it failed"}]})");
    const page_facts f = facts(plain(), both);
    CHECK(f.code == errc::error_in_page);
    CHECK(f.failed_as == error_class::fatal);
    CHECK(f.said == "half of it failed");
    CHECK(facts(plain(), {R"({"items":[1],"errors":[ ]})"}).is == page_facts::answer::page);
    CHECK(facts(plain(), {R"({"items":[1],"errors":null})"}).is == page_facts::answer::page);
    connector c = plain();
    c.next.ignore = {"/errors"};
    CHECK(facts(c, both).is == page_facts::answer::page);
}

TEST_CASE("a page without its records says what stands there", "[page_reader][C9][C10]")
{
    const std::vector<std::tuple<const char*, errc, const char*>> table{
        {R"({"x":1})", errc::records_missing, "found nothing"},
        {R"({"items":null})", errc::records_missing, "found null"},
        {R"({"items":{}})", errc::records_missing, "found an object"},
        {R"({"items":"x"})", errc::records_missing, "found a string"},
        {R"([])", errc::records_missing, "found nothing"},
        {R"({"error":{"message":"broken"}})", errc::error_in_page, "broken"},
        {R"({"success":false,"message":"no"})", errc::error_in_page, "no"},
        {R"({"ok":false,"next":"live"})", errc::error_in_page,
         "the body says that something failed"},  // what it holds may be a live cursor
        {R"({"error":null,"errors":[],"ok":true})", errc::records_missing, "found nothing"},
    };
    for (const auto& [body, code, said] : table) {
        CAPTURE(body);
        const page_facts f = facts(plain(), {body});
        CHECK(f.code == code);
        CHECK(f.said == said);
        CHECK(f.failed_as == error_class::fatal);
        CHECK(f.pointer == "/items");
    }
    connector c = plain();
    c.records.when_absent = records_rule::absence::empty;
    CHECK(facts(c, {R"({"x":1})"}).is == page_facts::answer::page);
    CHECK(facts(c, {R"({"items":null})"}).records == 0);
    CHECK(facts(c, {R"({"items":{}})"}).code == errc::records_missing);
    CHECK(facts(c, {R"({"error":"x"})"}).code == errc::error_in_page);
}

TEST_CASE("what is no JSON is no page", "[page_reader][C1][C15][H13]")
{
    const page_facts html =
        facts(plain(), answer(" <html>\r\nBad gateway").with("Content-Type", "text/html"));
    CHECK(html.code == errc::wrong_content);
    CHECK(html.failed_as == error_class::retry);
    CHECK(html.said == "text/html:  <html>  Bad gateway");
    CHECK(facts(plain(), {"<?xml?>"}).code == errc::wrong_content);
    CHECK(facts(plain(), answer("id,name\n1,2").with("Content-Type", "text/csv; x=y")).code ==
          errc::wrong_content);
    CHECK(facts(plain(), {"Service unavailable"}).code == errc::wrong_content);
    CHECK(facts(plain(), answer("{\"items\":[]}").with("Content-Type", "text/html")).is ==
          page_facts::answer::page);

    const page_facts cut = facts(plain(), {R"({"items":[1,2)"});
    CHECK(cut.code == errc::malformed_json);
    CHECK(cut.failed_as == error_class::retry);
    CHECK(cut.octet == 13u);
    CHECK(facts(plain(), {""}).code == errc::malformed_json);
    CHECK(facts(plain(), {R"({"items":[]}{"items":[]})"}).octet == 12u);
}

TEST_CASE("intake has limits", "[page_reader][C3][C13][C4]")
{
    page_limits l;
    l.page_octets = 20;
    l.records = 2;
    const answer big(R"({"items":["0123456789"]})");
    for (const std::size_t piece : {0u, 1u, 5u}) {
        reading r = read(plain(), big, piece, l);
        CHECK(r.early == errc::limit_exceeded);
        CHECK(r.facts.code == errc::limit_exceeded);
        CHECK(r.facts.failed_as == error_class::fatal);
    }
    reading claimed = read(plain(), answer("{}").with("Content-Length", "21"), 0, l);
    CHECK(claimed.early == errc::limit_exceeded);
    CHECK(claimed.facts.code == errc::limit_exceeded);
    CHECK(read(plain(), {R"({"items":[1,2,3]})"}, 0, l).facts.code == errc::limit_exceeded);

    const page_facts coded =
        read(plain(), answer("no gzip").with("Content-Encoding", "gzip")).facts;
    CHECK(coded.code == errc::wrong_encoding);
    CHECK(read(plain(), answer("x", 503).with("Content-Encoding", "gzip")).facts.code ==
          errc::server_failed);
    CHECK(read(plain(), answer(R"({"items":[]})").with("Content-Encoding", "Identity")).facts.is ==
          page_facts::answer::page);
}

TEST_CASE("a member that the connector reads and that stands twice fails the page",
          "[page_reader][C6]")
{
    const page_facts f = facts(plain(), {R"({"items":[],"next":"a","next":"b"})"});
    CHECK(f.code == errc::ambiguous_field);
    CHECK(f.pointer == "/next");
    CHECK(f.failed_as == error_class::fatal);
}

TEST_CASE("an expired token can bring its successor", "[page_reader][P6]")
{
    connector c = plain();
    c.expiry.recover.by = recovery_rule::method::token_from;
    c.expiry.recover.at = "/metadata/continue";
    const page_facts f = facts(c, answer(R"({"metadata":{"continue":"fr\u0065sh"}})", 410));
    CHECK(f.failed_as == error_class::expired);
    REQUIRE(f.fresh_token);
    CHECK(f.fresh_token->text == "fresh");
    CHECK_FALSE(facts(c, answer(R"({"metadata":{"continue":""}})", 410)).fresh_token);
    CHECK_FALSE(facts(c, answer("gone", 410)).fresh_token);
}

TEST_CASE("the server's words are found, cut, made printable and free of the cursor",
          "[page_reader][A11][H19]")
{
    const auto said = [](const std::string& body) {
        return facts(plain(), answer(body, 400)).said;
    };
    CHECK(said(R"({"error":{"message":"a\u0007b"}})") == "a b");
    CHECK(said(R"({"error":"bad","error_description":"worse"})") == "worse");
    CHECK(said(R"({"errors":[{"message":"m"}]})") == "m");
    CHECK(said("plain \xff\xc3\xa9") == "plain ?é");
    CHECK(said(R"({"message":"cursor current-cursor is no more"})") == "cursor *** is no more");
    CHECK(said(std::string(500, 'x')).size() == 200);
    CHECK(said("").empty());
    // A body past what is kept: the members that have passed still count.
    CHECK(said(R"({"message":"early","pad":")" + std::string(100'000, 'x') + "\"}") == "early");
}

TEST_CASE("a secret or cursor that the server quotes is struck out, also encoded or cut",
          "[page_reader][A11][H19]")
{
    const std::string secret = "SECRET+CANARY/12345=";
    const auto said = [&](const std::string& body, std::string type = "application/json") {
        answer a = answer(body, 400).with("Content-Type", std::move(type));
        a.hidden = {secret, "abc"};
        return facts(plain(), a).said;
    };
    CHECK(said(R"({"message":"bad Bearer SECRET+CANARY/12345="})") == "bad Bearer ***");
    CHECK(said(R"({"sent":"SECRET+CANARY\/12345="})") == R"({"sent":"***"})");
    CHECK(said(R"({"sent":"SECRET\u002BCANARY\/12345\u003d"})") == R"({"sent":"***"})");
    CHECK(said(R"({"sent":"\u0053ECRET\u002bCANARY, cut"})") == R"({"sent":"***, cut"})");
    CHECK(said("<e>SECRET&#43;CANARY&#x2f;12345=</e>") == "<e>***</e>");
    CHECK(said("GET /?k=SECRET%2BCANARY%2F12345%3D") == "GET /?k=***");
    CHECK(said("SECRET+CANARY... is wrong, SECRET+CANARY/12345= too") ==
          "***... is wrong, *** too");
    CHECK(said("abc stands everywhere") == "abc stands everywhere");
    // Wherever the words are cut, also in the middle of the secret.
    for (std::size_t before = 150; before <= 210; ++before) {
        const std::string text = said(std::string(before, '.') + secret + " is unknown");
        CAPTURE(before, text);
        CHECK(text.size() <= 200);
        CHECK(text.find("SECR") == std::string::npos);
    }
    // A body that nearly holds a long cursor at every octet costs no time.
    answer slow = answer(std::string(64 * 1024, 'a'), 400);
    slow.url = "https://api.example.com/items?c=" + std::string(16 * 1024, 'a') + "z";
    CHECK(facts(plain(), slow).said == std::string(200, 'a'));
    answer page = answer("<p>SECRET+CANARY/12345=</p>").with("Content-Type", "text/html");
    page.hidden = {secret};
    CHECK(facts(plain(), page).said == "text/html: <p>***</p>");
    page.url = "https://api.example.com/items?c=cur%2Fsor";
    page.body = "<p>?c=cur%2Fsor cur/sor";
    CHECK(facts(plain(), page).said == "text/html: <p>?c=*** ***");
}

TEST_CASE("what one answer must not show is forgotten with the next", "[page_reader][A11]")
{
    page_reader reader(
        std::make_shared<const page_contract>(std::make_shared<const connector>(plain())));
    const std::vector<std::string> first{"canary-one"};
    response_head head;
    head.status = 400;
    for (const bool asked : {true, false}) {
        const error_code ec = reader.begin("https://h/", head, wall_time{},
                                           asked ? first : std::vector<std::string>{});
        CHECK_FALSE(ec);
        CHECK_FALSE(reader.on_body("no canary-one"));
        CHECK(reader.finish().said == (asked ? "no ***" : "no canary-one"));
    }
}

TEST_CASE("facts do not depend on how the body was cut", "[page_reader]")
{
    connector c = plain();
    c.errors.emplace_back(when_body("/code", "7"), error_class::auth);
    sign deep;
    deep.contains = "needle";
    c.errors.emplace_back(deep, error_class::retry);
    std::vector<answer> answers{
        {R"({"items":[{"id":1}],"next":"x","code":7})"},
        {R"({"items":[{"id":1},)"},
        {"<html>" + std::string(1000, 'x')},
        {"<html>" + std::string(2000, 'x') + "needle"},
        {"<" + std::string(100'000, 'x') + "needle"},
        {R"({"message":"no","code":7})", 500},
        {std::string(100'000, '{'), 200},
        {R"({"items":[],"items":[]})"},
        {R"({"items":[],"nextCursor":"y"})"},
        {"{\"items\":[\"\xff\"]}"},
    };
    for (const answer& a : answers) {
        const std::string whole = report(facts(c, a));
        CAPTURE(a.body.substr(0, 80), whole);
        CHECK(report(read(c, a, 1).facts) == whole);
        CHECK(report(read(c, a, 1000).facts) == whole);
    }
}
