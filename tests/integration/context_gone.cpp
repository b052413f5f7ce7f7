// An io_context that is destroyed before the engines, transports and chains that hang on it.
#include "support/catch.hpp"
#include "support/mute_server.hpp"
#include <catena/catena.hpp>
#include <catena/net/http_transport.hpp>
#include <catena/net/system_time.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

connector described(std::uint16_t port)
{
    connector c("silent", "http://127.0.0.1:" + std::to_string(port) + "/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

// Chains whose calls wait for an answer that has only begun, and for their turn behind it.
struct waiting {
    void start(engine& on, const mute_server& server)
    {
        for (int i = 0; i < 3; ++i) {
            ways.push_back(std::make_unique<chain>(on, described(server.port())));
            ways.back()->next_page([this](error_code, const std::optional<page>&) { ++calls; });
        }
    }

    std::vector<std::unique_ptr<chain>> ways;
    int calls = 0;
};

engine_options one_connection()
{
    engine_options o;
    o.pool.connections_per_origin = 1;
    return o;
}

}  // namespace

TEST_CASE("a context that goes first takes every call with it, unfinished", "[U2]")
{
    const bool wire_first = GENERATE(true, false);
    CAPTURE(wire_first);
    auto context = std::make_unique<asio::io_context>();
    std::optional<mute_server> server;
    server.emplace(*context, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");

    waiting own, lent;
    std::optional<http_transport> wire;
    std::optional<engine> alone, gone;
    gone.emplace(context->get_executor());
    gone.reset();
    if (wire_first) wire.emplace(context->get_executor());
    alone.emplace(context->get_executor(), one_connection());
    if (!wire_first) wire.emplace(context->get_executor());
    system_time clock(context->get_executor());
    engine guest(context->get_executor(), *wire, clock);
    own.start(*alone, *server);
    lent.start(guest, *server);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (server->connections() < 4 && std::chrono::steady_clock::now() < end)
        context->run_one_until(end);
    REQUIRE(server->connections() == 4);

    server.reset();
    context.reset();
    CHECK(own.calls == 0);
    CHECK(lent.calls == 0);
}

TEST_CASE("an engine with a clock of its own may go while requests are in flight", "[U2]")
{
    asio::io_context context;
    std::optional<mute_server> server;
    server.emplace(context, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    waiting w;
    std::optional<engine> on;
    on.emplace(context.get_executor(), one_connection());
    w.start(*on, *server);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (server->connections() < 1 && std::chrono::steady_clock::now() < end)
        context.run_one_until(end);
    on.reset();
    server.reset();
    context.run();
    CHECK(w.calls == 3);
}
