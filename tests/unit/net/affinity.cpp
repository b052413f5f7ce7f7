#include "exchange_probe.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
using ending = script::ending;
using Catch::Matchers::Contains;

namespace {

const std::string misdirected = "HTTP/1.1 421 Misdirected Request\r\nContent-Length: 2\r\n\r\nno";

// A transport and a server that notes which connection each request came on.
struct shop {
    explicit shop(const wire_options& options = {},
                  raw_server::director direct = always(say(ok("x"))))
        : server(context,
                 [this, direct](const raw_server::asked& q) {
                     served_on.push_back(q.connection);
                     return direct(q);
                 }),
          wire(context.get_executor(), options)
    {
    }

    probe& run(probe& p, std::uint64_t session, connection_choice on)
    {
        p.ask.session = session;
        p.ask.on = on;
        p.run(context, wire);
        return p;
    }

    error_code serve(std::uint64_t session, connection_choice on = connection_choice::any)
    {
        probe p(server.port());
        return run(p, session, on).ec;
    }

    asio::io_context context;
    std::vector<std::size_t> served_on;
    raw_server server;
    http_transport wire;
};

}  // namespace

TEST_CASE("a session keeps its own connection, and nobody else gets it", "[affinity][A9]")
{
    shop s;
    for (const std::uint64_t session : {1u, 2u, 0u, 1u, 2u, 0u, 3u, 1u})
        CHECK(s.serve(session) == error_code());
    CHECK(s.serve(2, connection_choice::kept) == error_code());

    CHECK(s.served_on == std::vector<std::size_t>{0, 1, 2, 0, 1, 2, 3, 0, 1});
}

TEST_CASE("a request for a kept connection is not sent on another", "[affinity][A9]")
{
    shop s;
    CHECK(s.serve(1) == error_code());
    probe p(s.server.port());
    s.run(p, 2, connection_choice::kept);

    CHECK(p.ec == errc::session_lost);
    CHECK(p.ec == condition::rebuild);
    CHECK_THAT(p.report.detail, Contains("no connection of this session"));
    CHECK(s.server.connections() == 1);
    CHECK(s.serve(0, connection_choice::kept) == errc::session_lost);
    CHECK(s.serve(1, connection_choice::kept) == error_code());
}

TEST_CASE("a kept connection that has died is the session's end, not a reason to open another",
          "[affinity][A9][T6]")
{
    const auto choice = GENERATE(connection_choice::kept, connection_choice::any);
    const auto death = GENERATE(ending::fin, ending::reset);
    CAPTURE(int(choice), int(death));
    shop s({}, [&](const raw_server::asked& q) {
        if (q.connection == 0 && q.request == 1) {
            script dead;
            dead.then = death;
            return dead;
        }
        return say(ok("x"));
    });
    CHECK(s.serve(1) == error_code());

    const bool kept = choice == connection_choice::kept;
    CHECK(s.serve(1, choice) == (kept ? make_error_code(errc::session_lost) : error_code()));
    CHECK(s.server.connections() == (kept ? 1 : 2));
}

TEST_CASE("a session's connection that was closed meanwhile is lost", "[affinity][A9]")
{
    shop s({}, always(say(ok("x"), ending::fin)));
    CHECK(s.serve(1) == error_code());
    while (s.context.poll_one() != 0) {
    }
    CHECK(s.serve(1, connection_choice::kept) == errc::session_lost);
    CHECK(s.served_on.size() == 1);
}

TEST_CASE("a request for a fresh connection gets one", "[affinity]")
{
    shop s;
    CHECK(s.serve(0) == error_code());
    CHECK(s.serve(0, connection_choice::fresh) == error_code());
    CHECK(s.serve(1) == error_code());
    CHECK(s.serve(1, connection_choice::fresh) == error_code());
    CHECK(s.serve(1, connection_choice::kept) == error_code());
    CHECK(s.served_on == std::vector<std::size_t>{0, 1, 2, 3, 3});
}

TEST_CASE("a connection is used as often as allowed", "[affinity][T20]")
{
    wire_options options;
    options.pool.requests_per_connection = 2;
    shop s(options);
    for (int i = 0; i < 6; ++i)
        CHECK(s.serve(0) == error_code());
    CHECK(s.served_on == std::vector<std::size_t>{0, 0, 1, 1, 2, 2});
}

TEST_CASE("a connection is not used past its age", "[affinity][T20]")
{
    wire_options options;
    options.pool.most_age = duration(1);
    shop s(options);
    for (int i = 0; i < 3; ++i)
        CHECK(s.serve(0) == error_code());
    CHECK(s.served_on == std::vector<std::size_t>{0, 1, 2});

    asio::io_context context;
    options.pool.most_age = duration(-1);
    CHECK_THROWS_WITH(http_transport(context.get_executor(), options), Contains("most_age"));
}

TEST_CASE("an answer of 421 is asked for again on a fresh connection, unseen", "[affinity][H16]")
{
    const bool kept_before = GENERATE(true, false);
    CAPTURE(kept_before);
    const std::size_t wrong = kept_before ? 1 : 0;
    shop s({}, [&](const raw_server::asked& q) {
        return say(q.connection == 0 && q.request == wrong ? misdirected : ok("x"));
    });
    if (kept_before) CHECK(s.serve(0) == error_code());
    probe p(s.server.port());
    s.run(p, 0, connection_choice::any);

    CHECK(p.ec == error_code());
    CHECK(p.status == 200);
    CHECK(p.body == "x");
    CHECK_FALSE(p.report.reused);
    CHECK(s.server.connections() == 2);
    CHECK(s.serve(0) == error_code());
    CHECK(s.server.connections() == 2);
}

TEST_CASE("421 comes through when it comes again, or may not be asked for again", "[affinity][H16]")
{
    const bool repeatable = GENERATE(true, false);
    CAPTURE(repeatable);
    shop s({}, always(say(misdirected)));
    probe p(s.server.port());
    p.ask.repeatable = repeatable;
    s.run(p, 0, connection_choice::any);

    CHECK(p.ec == error_code());
    CHECK(p.status == 421);
    CHECK(p.body == "no");
    CHECK(s.server.connections() == (repeatable ? 2 : 1));

    // A connection that was not the one to ask serves nobody else.
    probe next(s.server.port());
    next.ask.repeatable = false;
    s.run(next, 0, connection_choice::any);
    CHECK(s.server.connections() == (repeatable ? 3 : 2));
}

TEST_CASE("421 on a session's own connection is not asked for elsewhere", "[affinity][H16][A9]")
{
    shop s({},
           [](const raw_server::asked& q) { return say(q.request == 0 ? ok("x") : misdirected); });
    CHECK(s.serve(1) == error_code());
    probe p(s.server.port());
    s.run(p, 1, connection_choice::kept);

    CHECK(p.status == 421);
    CHECK(s.server.connections() == 1);
    CHECK(s.serve(1, connection_choice::kept) == errc::session_lost);
}
