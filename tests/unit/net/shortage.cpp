#include "net/shortage.hpp"

#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "fake_sockets.hpp"
#include "support/catch.hpp"
#include "support/full_listener.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <netdb.h>
#include <optional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using lack = short_machine::lack;
using Catch::Matchers::Contains;

TEST_CASE("where sockets are short exchanges wait, and none fails", "[shortage][T16][T17]")
{
    const auto what = GENERATE(lack::files, lack::system_files, lack::ports);
    CAPTURE(int(what));
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    const short_machine poor(what, 3);
    std::vector<std::unique_ptr<probe>> all;
    for (int i = 0; i < 40; ++i) {
        all.push_back(std::make_unique<probe>(server.port()));
        all.back()->start(wire);
    }
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& p : all)
        p->wait(context);

    CHECK(std::chrono::steady_clock::now() - begin < 900ms);
    CHECK(poor.refusals() > 0);
    CHECK(server.connections() == 3);
    for (const auto& p : all)
        CHECK(p->ec == error_code());
    const auto told = [](const auto& p) { return !p->report.shortage.empty(); };
    REQUIRE(std::count_if(all.begin(), all.end(), told) == 1);
    const std::string text = (*std::find_if(all.begin(), all.end(), told))->report.shortage;
    CHECK_THAT(text, Contains("idle connections are closed"));
    if (what == lack::files) CHECK_THAT(text, Contains("(RLIMIT_NOFILE)"));
    if (what == lack::system_files) CHECK_THAT(text, Contains("fs.file-max"));
    if (what == lack::ports) CHECK_THAT(text, Contains("ip_local_port_range"));
}

TEST_CASE("an idle connection of another origin makes room at once", "[shortage][T16][T17]")
{
    const auto what = GENERATE(lack::files, lack::ports);
    asio::io_context context;
    raw_server one(context, always(say(ok("1"))));
    raw_server two(context, always(say(ok("2"))));
    http_transport wire(context.get_executor());
    const short_machine poor(what, 1);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 3; ++i) {
        probe a(one.port()), b(two.port());
        a.run(context, wire);
        b.run(context, wire);
        CHECK(a.body == "1");
        CHECK(b.body == "2");
    }
    CHECK(one.connections() == 3);
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
}

TEST_CASE("a wait for a socket ends when one becomes free elsewhere", "[shortage][T16]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    short_machine poor(lack::files, 0);
    probe p(server.port());
    p.start(wire);
    context.run_for(20ms);
    CHECK(p.completions == 0);
    poor.allow(1);
    const auto begin = std::chrono::steady_clock::now();
    p.wait(context);

    CHECK(p.ec == error_code());
    CHECK(p.report.detail.empty());
    CHECK(std::chrono::steady_clock::now() - begin < 1500ms);
}

TEST_CASE("a wait for a socket has the time of a request", "[shortage][T16]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    wire_options options;
    options.times.request = 60ms;
    http_transport wire(context.get_executor(), options);
    const short_machine poor(lack::files, 0);
    probe p(server.port());
    p.run(context, wire);

    CHECK(p.ec == errc::timed_out_request);
    CHECK_THAT(p.report.detail, Contains("RLIMIT_NOFILE") && Contains("time_limits::request"));
    CHECK(poor.refusals() == 1);
}

TEST_CASE("a wait for a socket can be cancelled, and outlived", "[shortage][cancellation]")
{
    enum class end { cancel, transport, context };
    const auto how = GENERATE(end::cancel, end::transport, end::context);
    CAPTURE(int(how));
    auto context = std::make_unique<asio::io_context>();
    std::optional<http_transport> wire(std::in_place, context->get_executor());
    const short_machine poor(lack::files, 0);
    probe p(1), q(1);
    p.start(*wire);
    q.start(*wire);
    context->run_for(5ms);
    if (how == end::cancel) p.signal.emit(asio::cancellation_type::total);
    if (how == end::transport) wire.reset();
    if (how == end::context) {
        context.reset();
        CHECK(p.completions == 0);
        return;
    }
    while (context->poll() != 0) {
    }
    CHECK(p.completions == 1);
    CHECK(p.ec == asio::error::operation_aborted);
    CHECK(q.completions == (how == end::transport ? 1 : 0));
    q.signal.emit(asio::cancellation_type::total);
    q.wait(*context);
}

TEST_CASE("no address to connect from is an error, and no shortage", "[shortage][T17]")
{
    asio::io_context context;
    http_transport wire(context.get_executor());
    const short_machine poor(lack::addresses, 0);
    probe p(1);
    p.run(context, wire);

    CHECK(p.ec == boost::system::errc::address_not_available);
    CHECK(p.report.shortage.empty());
    CHECK_THAT(p.report.detail, Contains("127.0.0.1 port 1"));
}

TEST_CASE("a resolver without files is a shortage too", "[shortage][T16]")
{
    const int failure = GENERATE(EAI_SYSTEM, EAI_AGAIN, EAI_NONAME);
    CAPTURE(failure);
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    set_name("poor.test", {"127.0.0.1"});
    fail_name("poor.test", failure, EMFILE);
    const int before = lookups_of("poor.test");
    probe p(server.port()), other(server.port());
    p.ask.to.host = "poor.test";
    p.start(wire);
    while (lookups_of("poor.test") == before)
        context.poll();
    context.run_for(10ms);
    CHECK(p.completions == 0);
    set_name("poor.test", {"127.0.0.1"});
    // Whoever ends wakes those who wait.
    other.run(context, wire);
    const auto begin = std::chrono::steady_clock::now();
    p.wait(context);

    CHECK(p.ec == error_code());
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
    CHECK_THAT(p.report.shortage, Contains("RLIMIT_NOFILE"));
}

TEST_CASE("a dead address gives its socket to the next one", "[shortage][T3][T16]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    const full_listener dead(context, "127.0.0.3", server.port());
    set_name("half.test", {"127.0.0.3", "127.0.0.1"});
    wire_options options;
    options.times.next_address = 20ms;
    http_transport wire(context.get_executor(), options);
    const short_machine poor(lack::files, 1);
    probe p(server.port());
    p.ask.to.host = "half.test";
    const auto begin = std::chrono::steady_clock::now();
    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(std::chrono::steady_clock::now() - begin < 500ms);
}

TEST_CASE("what is short is told with its limit", "[shortage][T16][T17]")
{
    namespace sys = boost::system::errc;
    CHECK_THAT(net::describe_shortage(make_error_code(sys::too_many_files_open)),
               Contains("no more files open than ") && Contains("RLIMIT_NOFILE"));
    CHECK(net::is_out_of_files(make_error_code(sys::too_many_files_open_in_system)));
    CHECK_FALSE(net::is_out_of_files(make_error_code(sys::not_enough_memory)));
    const asio::ip::tcp::endpoint here(asio::ip::address_v4::loopback(), 1);
    CHECK(net::is_out_of_ports(make_error_code(sys::address_not_available), here));
    CHECK_FALSE(net::is_out_of_ports(make_error_code(sys::connection_refused), here));
}
