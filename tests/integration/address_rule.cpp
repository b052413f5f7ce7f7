// The bar on local addresses, from the engine's options down to the socket.
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/catena.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <string>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

struct outcome {
    int pages = 0;
    diagnostics why;
};

asio::awaitable<void> walk(chain& way, outcome& out)
{
    try {
        while (auto page = co_await way.next_page())
            ++out.pages;
    } catch (const failure& f) {
        out.why = f.why();
    }
}

std::string at(const raw_server& server)
{
    return "http://127.0.0.1:" + std::to_string(server.port());
}

}  // namespace

TEST_CASE("a next URL to a local address is refused, the connector's own is not", "[A7]")
{
    const bool trusted = GENERATE(true, false);
    CAPTURE(trusted);
    asio::io_context context;
    raw_server inner(context, always(say(ok(R"({"items": [2], "next": null})"))));
    raw_server api(context, [&](const raw_server::asked&) {
        return say(ok(R"({"items": [1], "next": ")" + at(inner) + R"(/2"})"));
    });
    const connector c = load_connector(R"({"name": "leading astray", "request": {"url": ")" +
                                       at(api) + R"(/1"}, "records": "/items",
        "next": {"from": {"body": "/next"}, "to": {"url": true}}, "end": ["null"],
        "origins": [")" + at(inner) + R"("]})");
    engine_options options;
    options.addresses = address_rule::public_only;
    if (trusted) options.trusted_hosts = {"127.0.0.1"};
    engine on(context.get_executor(), options);
    chain way(on, c);
    outcome out;
    asio::co_spawn(context, walk(way, out), asio::detached);
    // The servers never end by themselves.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const auto over = [&] { return out.pages == 2 || out.why.code; };
    while (!over() && std::chrono::steady_clock::now() < end)
        context.run_one_until(end);

    CHECK(out.pages == (trusted ? 2 : 1));
    CHECK(inner.connections() == (trusted ? 1 : 0));
    if (trusted) return;
    CHECK(out.why.code == errc::address_barred);
    CHECK_THAT(out.why.text(), Catch::Matchers::Contains("127.0.0.1 (loopback)") &&
                                   Catch::Matchers::Contains("trusted_hosts"));
}
