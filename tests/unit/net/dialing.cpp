#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "support/catch.hpp"
#include "support/full_listener.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Catch::Matchers::Contains;

namespace {

auto open_files()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

// Whether this machine has the address ::1; where not, 127.0.0.3 has to play the dead one.
std::string dead_address()
{
    asio::io_context context;
    asio::ip::tcp::acceptor a(context);
    error_code ec;
    a.open(asio::ip::tcp::v6(), ec);
    if (!ec) a.bind({asio::ip::address_v6::loopback(), 0}, ec);
    if (!ec) return "::1";
    WARN("no IPv6 here: 127.0.0.3 stands for the dead IPv6 address");
    return "127.0.0.3";
}

template <class F>
auto time_of(F&& f)
{
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::steady_clock::now() - begin;
}

}  // namespace

TEST_CASE("a dead IPv6 address costs a quarter of a second, once", "[dialing][T3]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"), script::ending::fin)));
    const std::string silent = dead_address();
    const full_listener dead(context, silent, server.port());
    set_name("dual.test", {silent, "127.0.0.1"});
    http_transport wire(context.get_executor());
    const auto before = open_files();

    probe first(server.port()), second(server.port());
    first.ask.to.host = second.ask.to.host = "dual.test";
    const auto at_first = time_of([&] { first.run(context, wire); });
    const auto then = time_of([&] { second.run(context, wire); });
    // One idle connection, and nothing of what was tried beside it.
    run_until(context, [&] { return open_files() <= before + 1; });

    CHECK(first.ec == error_code());
    CHECK(at_first >= 245ms);
    CHECK(at_first < 600ms);
    CHECK(second.ec == error_code());
    CHECK(then < 200ms);
    CHECK_FALSE(second.report.reused);
}

TEST_CASE("an address that refuses costs no wait", "[dialing][T3]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("refusing.test", {"127.0.0.2", "::1", "127.0.0.4", "127.0.0.1"});
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.ask.to.host = "refusing.test";
    const auto took = time_of([&] { p.run(context, wire); });

    CHECK(p.ec == error_code());
    CHECK(took < 200ms);
}

TEST_CASE("the first of several that accepts wins, however late it was begun", "[dialing][T3]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    std::vector<std::unique_ptr<full_listener>> dead;
    std::vector<std::string> all;
    for (const char* a : {"127.0.0.3", "127.0.0.5", "127.0.0.6", "127.0.0.7"}) {
        dead.push_back(std::make_unique<full_listener>(context, a, server.port()));
        all.emplace_back(a);
    }
    all.emplace_back("127.0.0.1");
    set_name("five.test", all);
    wire_options options;
    options.times.next_address = 20ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.host = "five.test";
    const auto before = open_files();
    const auto took = time_of([&] { p.run(context, wire); });

    CHECK(p.ec == error_code());
    CHECK(took >= 75ms);
    CHECK(took < 500ms);
    // What is left is the connection and the server's end of it.
    CHECK(open_files() <= before + 2);
}

TEST_CASE("an address that hangs and one that refuses are both told", "[dialing][T4][T5]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    const full_listener dead(context, "127.0.0.3", server.port());
    set_name("none.test", {"127.0.0.3", "127.0.0.2"});
    wire_options options;
    options.times.connect = 60ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.host = "none.test";
    const auto took = time_of([&] { p.run(context, wire); });

    CHECK(p.ec == asio::error::connection_refused);
    const std::string port = " port " + std::to_string(server.port());
    CHECK_THAT(p.report.detail, Contains("127.0.0.3" + port + ": no answer in time") &&
                                    Contains("127.0.0.2" + port + ": Connection refused (111)"));
    CHECK(took >= 60ms);
    CHECK(took < 1s);
}

TEST_CASE("cancelled between two addresses, a dial leaves no socket", "[dialing][cancellation]")
{
    const bool destroyed = GENERATE(true, false);
    CAPTURE(destroyed);
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    const full_listener a(context, "127.0.0.3", server.port());
    const full_listener b(context, "127.0.0.5", server.port());
    set_name("slow.test", {"127.0.0.3", "127.0.0.5", "127.0.0.1"});
    std::optional<http_transport> wire;
    wire_options options;
    options.times.next_address = 20ms;
    wire.emplace(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.host = "slow.test";
    const auto before = open_files();
    p.start(*wire);
    run_until(context, [&] { return open_files() >= before + 2; });
    if (destroyed) {
        wire.reset();
    } else {
        p.signal.emit(asio::cancellation_type::total);
    }
    while (context.poll() != 0) {
    }

    REQUIRE(p.completions == 1);
    CHECK(p.ec == asio::error::operation_aborted);
    CHECK(open_files() <= before);
    CHECK(server.connections() == 0);
}

TEST_CASE("a context may be destroyed between two addresses", "[dialing][U2]")
{
    auto context = std::make_unique<asio::io_context>();
    auto a = std::make_unique<full_listener>(*context, "127.0.0.3");
    set_name("gone.test", {"127.0.0.3", "127.0.0.2"});
    wire_options options;
    options.times.next_address = 10s;
    http_transport wire(context->get_executor(), options);
    probe p(a->port());
    p.ask.to.host = "gone.test";
    const auto before = open_files();
    p.start(wire);
    run_until(*context, [&] { return open_files() > before; });
    a.reset();
    context.reset();

    CHECK(p.completions == 0);
}

TEST_CASE("new connections follow the name once it has been kept long enough", "[dialing][T20]")
{
    const bool kept = GENERATE(true, false);
    CAPTURE(kept);
    asio::io_context context;
    raw_server server(context, always(say(ok("x"), script::ending::fin)));
    set_name("moving.test", {"127.0.0.1"});
    wire_options options;
    if (!kept) options.times.names_kept = duration::zero();
    http_transport wire(context.get_executor(), options);
    probe before(server.port()), after(server.port());
    before.ask.to.host = after.ask.to.host = "moving.test";
    before.run(context, wire);
    set_name("moving.test", {"127.0.0.2"});
    after.run(context, wire);

    CHECK(before.ec == error_code());
    CHECK(after.ec == (kept ? error_code() : error_code(asio::error::connection_refused)));
}

TEST_CASE("a name whose addresses are dead is looked up again", "[dialing][T20]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("moved.test", {"127.0.0.2"});
    http_transport wire(context.get_executor());
    probe first(server.port()), second(server.port());
    first.ask.to.host = second.ask.to.host = "moved.test";
    first.run(context, wire);
    set_name("moved.test", {"127.0.0.1"});
    second.run(context, wire);

    CHECK(first.ec == asio::error::connection_refused);
    CHECK(second.ec == error_code());
}

TEST_CASE("times of names and addresses out of range are refused by name", "[dialing][U17]")
{
    asio::io_context context;
    wire_options hasty, negative;
    hasty.times.next_address = 9ms;
    negative.times.names_kept = -1s;
    CHECK_THROWS_WITH(http_transport(context.get_executor(), hasty), Contains("next_address"));
    CHECK_THROWS_WITH(http_transport(context.get_executor(), negative), Contains("names_kept"));
}
