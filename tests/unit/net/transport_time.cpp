#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "support/catch.hpp"
#include "support/full_listener.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <string>
#include <utility>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Catch::Matchers::Contains;

namespace {

constexpr auto small = 40ms;

script drip(std::string answer)
{
    script s = say(std::move(answer), script::ending::drip);
    s.gap = 2ms;
    return s;
}

const std::string part = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n0123456789";

// Runs it and checks that it took about as long as the limit.
void run_for_limit(probe& p, asio::io_context& context, transport& wire)
{
    const auto begin = std::chrono::steady_clock::now();
    p.run(context, wire);
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(took >= small);
    CHECK(took < 2s);
}

struct outcome {
    error_code ec;
    exchange_report report;
};

// What comes of asking a server that never ends its answer.
outcome give_up_on(script s, const wire_options& options)
{
    asio::io_context context;
    raw_server server(context, always(std::move(s)));
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    run_for_limit(p, context, wire);
    return {p.ec, p.report};
}

}  // namespace

TEST_CASE("a server that says nothing is given up in time", "[timeouts][T10]")
{
    wire_options options;
    options.times.first_octet = small;
    const outcome got = give_up_on(script(), options);

    CHECK(got.ec == errc::timed_out_first_octet);
    CHECK_FALSE(got.report.answered);
}

TEST_CASE("a server that stops in mid answer is given up in time", "[timeouts][T9]")
{
    const std::string answer = GENERATE(as<std::string>(), part, "HTTP/1.1 2");
    wire_options options;
    options.times.idle = small;
    const outcome got = give_up_on(say(answer), options);

    CHECK(got.ec == errc::timed_out_idle);
    CHECK(got.report.answered);
    CHECK_THAT(got.report.detail, Contains(answer == part ? "got 10 of 100000" : "header block"));
}

TEST_CASE("octets that come one by one do not put off the deadline of the whole", "[timeouts][T9]")
{
    wire_options options;
    options.times.request = small;
    options.times.least_octets_per_second = 0;
    options.times.rate_window = 1ms;
    const outcome got = give_up_on(drip(part), options);

    CHECK(got.ec == errc::timed_out_request);
    CHECK_THAT(got.report.detail, Contains("of 100000 octets"));
}

TEST_CASE("an answer slower than the least rate is given up", "[timeouts][T9]")
{
    wire_options options;
    options.times.least_octets_per_second = 5000;
    options.times.rate_window = small;
    const outcome got = give_up_on(drip(part), options);

    CHECK(got.ec == errc::timed_out_idle);
    CHECK_THAT(got.report.detail, Contains("least_octets_per_second"));
}

TEST_CASE("an answer above the least rate is left alone", "[timeouts]")
{
    asio::io_context context;
    script slow;
    for (const char c : ok(std::string(20, 'x')))
        slow.segments.emplace_back(1, c);
    slow.gap = 1ms;
    raw_server server(context, always(slow));
    wire_options options;
    options.times.least_octets_per_second = 1;
    options.times.rate_window = 1ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.run(context, wire);

    CHECK(p.ec == error_code());
}

TEST_CASE("an address that does not answer is given up in time", "[timeouts][T5]")
{
    asio::io_context context;
    const full_listener dead(context, "127.0.0.1");
    wire_options options;
    options.times.connect = small;
    http_transport wire(context.get_executor(), options);
    probe p(dead.port());
    run_for_limit(p, context, wire);

    CHECK(p.ec == errc::timed_out_connect);
    CHECK_THAT(p.report.detail, Contains("127.0.0.1") && Contains("no answer in time"));
}

TEST_CASE("a name that is not resolved in time does not hold anybody", "[timeouts][T2]")
{
    hold_stuck_names();
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    wire_options options;
    options.times.resolve = small;
    http_transport wire(context.get_executor(), options);
    probe p(server.port()), other(server.port());
    p.ask.to.host = "stuck.test";
    run_for_limit(p, context, wire);
    other.run(context, wire);
    release_stuck_names();

    CHECK(p.ec == errc::timed_out_resolve);
    CHECK(other.ec == error_code());
}

TEST_CASE("a name without addresses is told with the resolver's word", "[http_transport][T1]")
{
    asio::io_context context;
    http_transport wire(context.get_executor());
    probe p(80);
    p.ask.to.host = "nowhere.test";
    p.run(context, wire);

    CHECK(p.ec == asio::error::host_not_found);
    CHECK_THAT(p.report.detail, Contains("nowhere.test") && Contains("not found"));
}

TEST_CASE("one dead address does not cost the time of the living", "[timeouts][T3]")
{
    const bool hangs = GENERATE(true, false);
    CAPTURE(hangs);
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    // 127.0.0.2 refuses; 127.0.0.3 lets wait.
    const full_listener dead(context, "127.0.0.3", server.port());
    set_name("two.test", {hangs ? "127.0.0.3" : "127.0.0.2", "127.0.0.1"});
    wire_options options;
    options.times.connect = 200ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.ask.to.host = "two.test";
    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(p.body == "x");
}

TEST_CASE("where all addresses refuse, each is told", "[http_transport][T4]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("dead.test", {"127.0.0.2", "127.0.0.4"});
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.ask.to.host = "dead.test";
    p.run(context, wire);

    CHECK(p.ec == asio::error::connection_refused);
    CHECK_THAT(p.report.detail, Contains("127.0.0.2") && Contains("127.0.0.4") &&
                                    Contains("refused") &&
                                    Contains(std::to_string(asio::error::connection_refused)));
}

TEST_CASE("a wait for a connection ends in time", "[timeouts]")
{
    asio::io_context context;
    raw_server server(context, always(script()));
    wire_options options;
    options.pool.connections_per_origin = 1;
    options.times.request = small;
    http_transport wire(context.get_executor(), options);
    probe first(server.port()), second(server.port());
    first.start(wire);
    run_for_limit(second, context, wire);
    first.wait(context);

    CHECK(first.ec == errc::timed_out_request);
    CHECK(second.ec == errc::timed_out_request);
}

TEST_CASE("a loop held up by its host does not fail what arrived meanwhile", "[timeouts][U14]")
{
    asio::io_context context, servers;
    raw_server server(servers, always(say(ok("x"))));
    wire_options options;
    options.times.first_octet = 80ms;
    http_transport wire(context.get_executor(), options);
    probe p(server.port());
    p.start(wire);
    while (server.requests().empty() || servers.poll_one() != 0) {
        for (asio::io_context* c : {&context, &servers}) {
            c->restart();
            c->poll_one();
        }
        if (!server.requests().empty()) break;
    }
    // The answer is on its way; the host is busy with something else for longer than the limit.
    const auto until = std::chrono::steady_clock::now() + 200ms;
    while (std::chrono::steady_clock::now() < until)
        servers.poll();
    p.wait(context);

    CHECK(p.ec == error_code());
}
