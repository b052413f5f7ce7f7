// A whole walk by way of a proxy.
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/catena.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <string>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
using Catch::Matchers::Contains;

namespace {

connector described()
{
    connector c("far", "http://api.test/items");
    c.request.headers = {{"Authorization", "Bearer token"}};
    c.records = records_rule("/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

struct by_proxy {
    explicit by_proxy(raw_server::director direct) : proxy(context, std::move(direct)) {}

    // Take pages until there is none, or a failure.
    diagnostics walk()
    {
        engine_options o;
        o.proxies.url = "http://u:canary@127.0.0.1:" + std::to_string(proxy.port());
        engine on(context.get_executor(), o);
        chain_limits few;
        few.attempts = 1;
        chain way(on, described(), few);
        bool over = false;
        const std::function<void()> ask = [&] {
            way.next_page([&](error_code ec, const std::optional<page>& got) {
                over = ec || !got;
                if (got) ++pages;
                if (!over) ask();
            });
        };
        ask();
        while (!over && context.run_one() != 0) {
        }
        return way.why();
    }

    asio::io_context context;
    raw_server proxy;
    int pages = 0;
};

}  // namespace

TEST_CASE("an engine walks by way of its proxy", "[proxy]")
{
    by_proxy w([](const raw_server::asked& q) {
        const bool first = q.text.find("cursor=") == std::string::npos;
        return say(ok(first ? R"({"items":[1],"next":"b"})" : R"({"items":[2]})",
                      "Content-Type: application/json\r\n"));
    });
    CHECK_FALSE(w.walk().code);
    CHECK(w.pages == 2);
    REQUIRE(w.proxy.requests().size() == 2);
    CHECK_THAT(w.proxy.requests()[1], Contains("GET http://api.test/items?cursor=b HTTP/1.1\r\n"));
}

TEST_CASE("a walk that its proxy refuses says so, and how to mend it", "[proxy][T18]")
{
    by_proxy w([](const raw_server::asked&) {
        return say("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    });
    const diagnostics why = w.walk();
    CHECK(why.code == errc::proxy_refused);
    CHECK(why.code == condition::mend_request);
    CHECK_THAT(why.text(), Contains("the proxy 127.0.0.1:" + std::to_string(w.proxy.port())) &&
                               Contains("user and password") && Contains("check proxy_rules") &&
                               !Contains("canary") && !Contains("Bearer"));
    CHECK(w.proxy.requests().size() == 1);
}
