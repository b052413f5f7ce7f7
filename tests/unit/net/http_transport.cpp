#include "exchange_probe.hpp"
#include "support/catch.hpp"
#include "support/mute_server.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
using ending = script::ending;

TEST_CASE("an answer comes through, and its connection serves again", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("hello"))));
    http_transport wire(context.get_executor());

    for (int i = 0; i < 5; ++i) {
        probe p(server.port(), "/a?b=" + std::to_string(i));
        p.run(context, wire);

        CHECK(p.ec == error_code());
        CHECK(p.status == 200);
        CHECK(p.body == "hello");
        CHECK(p.report.reused == (i > 0));
        CHECK(p.report.answered);
        CHECK(p.report.octets_received == ok("hello").size());
    }
    CHECK(server.connections() == 1);
    CHECK(server.requests()[3] ==
          "GET /a?b=3 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n\r\n");
}

TEST_CASE("the request goes out octet for octet", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok(""))));
    http_transport wire(context.get_executor());
    probe p(server.port(), "/x?c=%2B%26{|}\xc3\xa9");
    p.ask.method = "POST";
    p.ask.headers = {{"X-A", "b\t c"}, {"x-a", ""}};
    p.ask.body = std::string("a\0\r\nb", 5);

    p.run(context, wire);

    CHECK(p.ec == error_code());
    CHECK(
        server.requests().at(0) ==
        "POST /x?c=%2B%26{|}\xc3\xa9 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nX-A: b\t c\r\nx-a: \r\nContent-Length: 5\r\n\r\n" + p.ask.body);
}

TEST_CASE("a connection serves again only after an answer that says so", "[http_transport][H5][H9]")
{
    struct row {
        const char* what;
        std::string answer;
        bool again;
    };
    const row rows[] = {
        {"a length", ok("x"), true},
        {"no body by rule", "HTTP/1.1 304 Not Modified\r\nContent-Length: 42\r\n\r\n", true},
        {"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
         true},
        {"surplus octets", ok("x") + ok("evil"), false},
        {"Connection: close", ok("x", "Connection: close\r\n"), false},
        {"close among others", ok("x", "Connection: x, Close\r\n"), false},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false},
        {"a 204 with a length", "HTTP/1.1 204 No\r\nContent-Length: 1\r\n\r\n", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        asio::io_context context;
        raw_server server(context, always(say(r.answer)));
        http_transport wire(context.get_executor());
        probe first(server.port()), second(server.port());

        first.run(context, wire);
        second.run(context, wire);

        CHECK(first.ec == error_code());
        CHECK(second.ec == error_code());
        CHECK(second.body == first.body);
        CHECK(second.report.reused == r.again);
        CHECK(server.connections() == (r.again ? 1 : 2));
    }
}

TEST_CASE("octets that come after an answer are never the next one", "[http_transport][H5]")
{
    asio::io_context context;
    raw_server server(context, [](const raw_server::asked& q) {
        script s = say(ok("good"));
        if (q.connection == 0) s.segments.push_back(ok("evil"));
        return s;
    });
    http_transport wire(context.get_executor());
    probe first(server.port()), second(server.port());

    first.run(context, wire);
    while (context.poll_one() != 0) {
    }
    second.run(context, wire);

    CHECK(second.body == "good");
    CHECK(server.connections() == 2);
}

TEST_CASE("no more connections than allowed; the others wait in order", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    wire_options options;
    options.pool.connections_per_origin = 2;
    http_transport wire(context.get_executor(), options);
    std::vector<std::unique_ptr<probe>> all;
    std::vector<int> order;
    for (int i = 0; i < 20; ++i) {
        all.push_back(std::make_unique<probe>(server.port(), '/' + std::to_string(i)));
        all.back()->on_done = [&order, i] { order.push_back(i); };
        all.back()->start(wire);
    }
    all[7]->signal.emit(asio::cancellation_type::total);
    all[19]->signal.emit(asio::cancellation_type::terminal);

    run_until(context, [&] { return order.size() == 20; });

    CHECK(server.connections() == 2);
    CHECK(server.requests().size() == 18);
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK((all[i]->ec == asio::error::operation_aborted) == (i == 7 || i == 19));
    for (std::size_t i = 1; i < server.requests().size(); ++i)
        CHECK(server.requests()[i - 1].size() <= server.requests()[i].size());
}

TEST_CASE("no more idle connections than allowed are kept", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    wire_options options;
    options.pool.idle_per_origin = 1;
    http_transport wire(context.get_executor(), options);
    for (int round = 0; round < 2; ++round) {
        probe a(server.port()), b(server.port());
        a.start(wire);
        b.start(wire);
        a.wait(context);
        b.wait(context);
    }

    CHECK(server.connections() == 3);
}

TEST_CASE("a connection idle for too long is not used again", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    wire_options options;
    options.pool.idle_time = duration::zero();
    http_transport wire(context.get_executor(), options);
    for (int i = 0; i < 3; ++i) {
        probe p(server.port());
        p.run(context, wire);
        CHECK(p.ec == error_code());
    }

    CHECK(server.connections() == 3);
}

TEST_CASE("a kept connection that died unused is replaced once", "[http_transport][T6]")
{
    const bool repeatable = GENERATE(true, false);
    const ending death = GENERATE(ending::fin, ending::reset);
    CAPTURE(repeatable, int(death));
    asio::io_context context;
    // It dies when the second request has come, so that no look at the socket can tell before.
    raw_server server(context, [&](const raw_server::asked& q) {
        if (q.connection == 0 && q.request == 1) {
            script s;
            s.then = death;
            return s;
        }
        return say(ok("x"));
    });
    http_transport wire(context.get_executor());
    probe first(server.port()), second(server.port());
    first.run(context, wire);
    second.ask.repeatable = repeatable;
    second.run(context, wire);

    CHECK(second.ec == (repeatable ? error_code() : make_error_code(errc::connection_stale)));
    CHECK(second.body == (repeatable ? "x" : ""));
    CHECK(second.report.reused == !repeatable);
    CHECK(server.connections() == (repeatable ? 2 : 1));
}

TEST_CASE("a kept connection that was closed meanwhile is not tried", "[http_transport][T6]")
{
    asio::io_context context;
    raw_server server(context, [](const raw_server::asked& q) {
        return say(ok("x"), q.connection == 0 ? ending::fin : ending::hold);
    });
    http_transport wire(context.get_executor());
    probe first(server.port()), second(server.port());
    first.run(context, wire);
    while (context.poll_one() != 0) {
    }
    second.ask.repeatable = false;
    second.run(context, wire);

    CHECK(second.ec == error_code());
    CHECK(server.requests().size() == 2);
}

TEST_CASE("a broken answer is an error that says how far it came", "[http_transport][T7][T8]")
{
    struct row {
        const char* what;
        script play;
        error_code ec;
        const char* detail;
    };
    const std::string cut = "HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n0123456789";
    const std::string chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel";
    const row rows[] = {
        {"a cut body", say(cut, ending::fin), errc::truncated, "got 10 of 52 octets"},
        {"a cut chunk", say(chunk, ending::fin), errc::truncated, "got 3 octets of a chunked"},
        {"a cut head", say("HTTP/1.1 200 OK\r\nA: b\r\n", ending::fin), errc::truncated, "head"},
        {"nothing", say("", ending::fin), errc::truncated, "no octet"},
        {"a reset", say("", ending::reset), asio::error::connection_reset, "no octet"},
        {"not HTTP", say("220 smtp ready\r\n"), errc::bad_response, "32 32 30 20"},
        {"TLS", say(std::string("\x15\x03\x03\x00\x02\x02\x28", 7)), errc::not_tls, "TLS"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        asio::io_context context;
        raw_server server(context, always(r.play));
        http_transport wire(context.get_executor());
        probe p(server.port());
        p.run(context, wire);

        CHECK(p.ec == r.ec);
        CHECK_THAT(p.report.detail, Catch::Matchers::Contains(r.detail));
        CHECK(server.connections() == 1);
    }
}

TEST_CASE("what the receiver returns stops the exchange", "[http_transport]")
{
    const bool at_head = GENERATE(true, false);
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    probe p(server.port()), next(server.port());
    (at_head ? p.refuse_head : p.refuse_body) = errc::malformed_json;
    p.run(context, wire);
    next.run(context, wire);

    CHECK(p.ec == errc::malformed_json);
    CHECK(p.body == (at_head ? "" : "x"));
    CHECK(next.ec == error_code());
    CHECK_FALSE(next.report.reused);
}

TEST_CASE("an answer to HEAD has no body, whatever its length says", "[http_transport]")
{
    asio::io_context context;
    raw_server server(context, always(say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")));
    http_transport wire(context.get_executor());
    for (int i = 0; i < 2; ++i) {
        probe p(server.port());
        p.ask.method = "HEAD";
        p.run(context, wire);
        CHECK(p.ec == error_code());
        CHECK(p.body.empty());
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("a request too long for the server still gets its answer", "[http_transport][H18]")
{
    asio::io_context context;
    const mute_server server(context, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n",
                             mute_server::ending::close);
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.ask.method = "POST";
    p.ask.body.assign(32 * 1024 * 1024, 'x');
    p.run(context, wire);

    // The kernel may drop the answer with the reset; then the reset is told, never silence.
    if (p.ec == error_code()) {
        CHECK(p.status == 413);
    } else {
        CHECK((p.ec == asio::error::connection_reset || p.ec == asio::error::broken_pipe));
    }
}

TEST_CASE("an idle pool does not keep the context running", "[http_transport]")
{
    asio::io_context context, servers;
    raw_server server(servers, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    probe p(server.port());
    p.start(wire);
    while (p.completions == 0) {
        for (asio::io_context* c : {&context, &servers}) {
            c->restart();
            c->poll();
        }
    }

    const auto begin = std::chrono::steady_clock::now();
    context.restart();
    context.run_for(std::chrono::seconds(5));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
}

TEST_CASE("limits out of range are refused by name", "[http_transport][U17]")
{
    asio::io_context context;
    wire_options no_connections, no_time, no_roots;
    no_connections.pool.connections_per_origin = 0;
    no_time.times.idle = duration::zero();
    no_roots.tls.roots_file = "/nonexistent/roots.pem";
    for (const wire_options& o : {no_connections, no_time, no_roots})
        CHECK_THROWS_AS(http_transport(context.get_executor(), o), std::invalid_argument);
}
