#include "codec/request_weight.hpp"

#include "support/catch.hpp"
#include <catena/core/chain_machine.hpp>

#include <memory>
#include <string>

using namespace catena;
using place = token_target::place;

namespace {

constexpr time_point t0{std::chrono::hours(1)};

connector basic(token_target to)
{
    connector c("items", "https://host/items");
    c.request.method = to.to == place::body ? "POST" : "GET";
    c.request.query = {{"fields", std::string(100, 'f')}};
    c.request.headers = {{"X-Own", std::string(200, 'h')}};
    c.next.from.emplace_back(token_source::place::body, "/next");
    c.next.to = {std::move(to)};
    c.end = {end_rule::kind::missing};
    return c;
}

page_facts refused(int status)
{
    page_facts f;
    f.is = page_facts::answer::failed;
    f.status = status;
    f.failed_as = error_class::caller;
    f.code = errc::refused;
    return f;
}

}  // namespace

TEST_CASE("a refusal for the size names the size and the member that made it", "[H18]")
{
    struct row {
        int status;
        token_target to;
        std::size_t token;
        std::uint32_t page_size;
        const char *said, *pointer;
    };
    const token_target query(place::query, "cursor"), header(place::header, "X-Next"),
        body(place::body, "/next");
    const row rows[] = {
        {413, query, 5, 500, "a body of 7 octets, and asks for 500 records", "/page_size/value"},
        {413, query, 5, 0, "a body of 7 octets", "/request/body"},
        {413, body, 5, 0, "a body of 7 octets", "/next/to/0"},
        {414, query, 5, 500, "a target of 9 octets", "/request/query/fields"},
        {414, query, 500, 500, "a target of 9 octets", "/next/to/0"},
        {431, query, 500, 500, "headers of 11 octets", "/request/headers/X-Own"},
        {431, header, 500, 500, "headers of 11 octets", "/next/to/0"},
    };
    for (const row& r : rows) {
        CAPTURE(r.status, r.pointer, r.token);
        connector c = basic(r.to);
        c.page_size.to = token_target(place::query, "limit");
        c.page_size.value = r.page_size;
        http_request sent;
        sent.target = "/?t=secre";
        sent.body = "{\"a\":1}";
        sent.headers = {{"A", "secret"}};
        const position at{{}, {value{json_kind::string, std::string(r.token, 's')}}};

        page_facts facts = refused(r.status);
        codec::blame_size(facts, sent, c, at);
        CHECK(facts.said == std::string("the request has ") + r.said);
        CHECK(facts.pointer == r.pointer);
        CHECK(facts.mend.find(r.pointer) == 0);

        checkpoint from;
        from.at = at;
        chain_machine m(std::make_shared<const connector>(c), from);
        (void)m.poll(t0);
        (void)m.on_answer(facts, t0);
        (void)m.poll(t0);
        const std::string text = m.why().text();
        CHECK(text.find(r.said) != std::string::npos);
        CHECK(text.find(r.pointer) != std::string::npos);
        CHECK(text.find("secre") == std::string::npos);
        CHECK(text.find("sssss") == std::string::npos);
    }
    page_facts other = refused(400);
    codec::blame_size(other, {}, basic(query), {});
    CHECK(other.said.empty());
    CHECK(other.mend.empty());
}
