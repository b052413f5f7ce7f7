#include "certificates.hpp"
#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "support/catch.hpp"
#include "support/full_listener.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

enum class stage {
    started,
    queued,
    resolving,
    connecting,
    securing,
    sending,
    head,
    body,
    tls_body
};

constexpr stage all_stages[] = {stage::started,    stage::queued,   stage::resolving,
                                stage::connecting, stage::securing, stage::sending,
                                stage::head,       stage::body,     stage::tls_body};

// An exchange that has come as far as a stage and goes no further by itself.
struct halted {
    explicit halted(stage s)
        : context(std::make_unique<asio::io_context>()), deaf(std::in_place, *context, any_port())
    {
        hold_stuck_names();
        if (s == stage::tls_body) roots.equip(as_server);
        script answer;
        if (s == stage::body || s == stage::tls_body)
            answer = say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        server.emplace(*context, always(answer), s == stage::tls_body ? &as_server : nullptr);
        full.emplace(*context, "127.0.0.1");
        wire_options options;
        options.tls.roots_file = roots.roots_file();
        if (s == stage::queued) options.pool.connections_per_origin = 1;
        wire.emplace(context->get_executor(), options);

        p = std::make_unique<probe>(port_for(s));
        p->ask.to.tls = s == stage::securing || s == stage::tls_body;
        if (s == stage::resolving) p->ask.to.host = "stuck.test";
        if (s == stage::sending) {
            p->ask.method = "POST";
            p->ask.body.assign(16 * 1024 * 1024, 'x');
            p->ask.headers = {{"X-Never", "read"}};
        }
        if (s == stage::queued) {
            first = std::make_unique<probe>(server->port());
            first->start(*wire);
        }
        p->start(*wire);
        arrive(s);
    }

    ~halted()
    {
        release_stuck_names();
        wire.reset();
        close_servers();
        context.reset();
    }

    std::uint16_t port_for(stage s)
    {
        if (s == stage::connecting) return full->port();
        // The kernel takes the connection and some octets; nobody reads them.
        if (s == stage::sending) return deaf->local_endpoint().port();
        return server->port();
    }

    void settle()
    {
        context->restart();
        while (context->poll() != 0) {
        }
    }

    void arrive(stage s)
    {
        if (s == stage::started) return;
        if (s == stage::body || s == stage::tls_body)
            return run_until(*context, [&] { return p->body == "abc"; });
        if (s == stage::head)
            return run_until(*context, [&] { return !server->requests().empty(); });
        if (s == stage::securing) run_until(*context, [&] { return server->connections() == 1; });
        settle();
    }

    static asio::ip::tcp::endpoint any_port()
    {
        return asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0);
    }

    void close_servers()
    {
        full.reset();
        server.reset();
        deaf.reset();
    }

    std::unique_ptr<asio::io_context> context;
    std::optional<asio::ip::tcp::acceptor> deaf;
    authority roots;
    asio::ssl::context as_server{asio::ssl::context::tls_server};
    std::optional<raw_server> server;
    std::optional<full_listener> full;
    std::optional<http_transport> wire;
    std::unique_ptr<probe> first, p;
};

}  // namespace

TEST_CASE("a cancelled exchange ends at once, wherever it stands", "[cancellation][U3]")
{
    for (const stage s : all_stages) {
        for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                                asio::cancellation_type::total}) {
            CAPTURE(int(s), int(type));
            halted h(s);
            const std::string seen = h.p->body;
            h.p->signal.emit(type);
            CHECK(h.p->completions == 0);
            // Without waiting for anything: what is ready is enough, however busy the machine.
            h.settle();

            REQUIRE(h.p->completions == 1);
            CHECK(h.p->ec == asio::error::operation_aborted);
            h.p->signal.emit(type);
            h.settle();
            CHECK(h.p->completions == 1);
            CHECK(h.p->body == seen);
        }
    }
}

TEST_CASE("a transport that is destroyed ends its exchanges", "[cancellation][U1][U2]")
{
    for (const stage s : all_stages) {
        CAPTURE(int(s));
        halted h(s);
        h.wire.reset();
        CHECK(h.p->completions == 0);
        h.p->wait(*h.context);

        CHECK(h.p->ec == asio::error::operation_aborted);
        if (h.first) h.first->wait(*h.context);
        h.settle();
        CHECK(h.p->completions == 1);
    }
}

TEST_CASE("a context may be destroyed before the transport", "[cancellation][U2]")
{
    for (const stage s : all_stages) {
        CAPTURE(int(s));
        halted h(s);
        release_stuck_names();
        h.close_servers();
        h.context.reset();
        CHECK(h.p->completions == 0);
    }
}

TEST_CASE("a context may be destroyed before a transport with idle connections", "[U2]")
{
    auto context = std::make_unique<asio::io_context>();
    std::optional<raw_server> server;
    server.emplace(*context, always(say(ok("x"))));
    http_transport wire(context->get_executor());
    probe p(server->port());
    p.run(*context, wire);
    server.reset();
    context.reset();
    CHECK(p.ec == error_code());
}

TEST_CASE("a receiver may cancel, or destroy the transport, in the middle", "[cancellation]")
{
    const bool destroys = GENERATE(true, false);
    CAPTURE(destroys);
    asio::io_context context;
    raw_server server(context, always(say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                          "1\r\na\r\n1\r\nb\r\n0\r\n\r\n")));
    std::optional<http_transport> wire;
    wire.emplace(context.get_executor());
    probe p(server.port());
    p.on_event = [&] {
        if (p.body != "a") return;
        if (destroys) {
            wire.reset();
        } else {
            p.signal.emit(asio::cancellation_type::terminal);
        }
    };
    p.run(context, *wire);

    CHECK(p.ec == asio::error::operation_aborted);
    CHECK(p.body == "a");
}

TEST_CASE("after a cancelled exchange the next one is served", "[cancellation]")
{
    for (const stage s : {stage::head, stage::body}) {
        halted h(s);
        h.p->signal.emit(asio::cancellation_type::total);
        h.p->wait(*h.context);
        probe next(h.server->port());
        next.start(*h.wire);
        run_until(*h.context, [&] { return h.server->requests().size() == 2; });
        CHECK(h.server->connections() == 2);
        next.signal.emit(asio::cancellation_type::total);
        next.wait(*h.context);
    }
}
