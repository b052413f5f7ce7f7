#include "net/pool.hpp"

#include "support/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::net;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

const time_point t0{1000h};

class guest final : public customer {
public:
    void on_turn(std::unique_ptr<connection> kept) override
    {
        ++turns;
        line = std::move(kept);
    }

    void on_relief(std::unique_ptr<connection> kept) override
    {
        ++reliefs;
        line = std::move(kept);
    }

    std::unique_ptr<connection> line;
    int turns = 0;
    int reliefs = 0;
};

// A pool, and real connections to nobody.
class world {
public:
    explicit world(const pool_limits& limits = {})
        : lines(limits), acceptor_(context_, {asio::ip::address_v4::loopback(), 0})
    {
        ask.to.host = "h.test";
    }

    std::unique_ptr<connection> open(time_point now)
    {
        auto c = std::make_unique<connection>(context_.get_executor(), intake_limits());
        c->socket.connect(acceptor_.local_endpoint());
        c->socket.non_blocking(true);
        others.push_back(acceptor_.accept());
        c->opened = now;
        return c;
    }

    // One exchange on a kept connection or a new one. Whether it was a kept one.
    bool serve(time_point now, std::uint64_t session = 0,
               connection_choice on = connection_choice::any)
    {
        guest g;
        ask.session = session;
        ask.on = on;
        REQUIRE(lines.enter(g, ask, false, now, g.line) == pool::entry::admitted);
        const bool kept = g.line != nullptr;
        if (!kept) g.line = open(now);
        ++g.line->exchanges;
        lines.leave(g, std::move(g.line), now);
        return kept;
    }

private:
    asio::io_context context_;

public:
    pool lines;
    http_request ask;
    std::vector<tcp::socket> others;

private:
    tcp::acceptor acceptor_;
};

pool_limits with(duration most_age, std::uint64_t requests)
{
    pool_limits l;
    l.idle_time = 1h;
    l.most_age = most_age;
    l.requests_per_connection = requests;
    return l;
}

}  // namespace

TEST_CASE("a connection past its age is not used again", "[pool][T20]")
{
    world w(with(10min, 0));
    CHECK_FALSE(w.serve(t0));
    CHECK(w.serve(t0 + 10min - 1ns));
    CHECK_FALSE(w.serve(t0 + 10min));
    CHECK(w.serve(t0 + 19min));

    world any_age(with(duration::zero(), 0));
    CHECK_FALSE(any_age.serve(t0));
    for (int i = 1; i < 48; ++i)
        CHECK(any_age.serve(t0 + i * 30min));
}

TEST_CASE("a connection serves as often as allowed and no more", "[pool][T20]")
{
    world w(with(duration::zero(), 3));
    for (int i = 0; i < 12; ++i)
        CHECK(w.serve(t0) == (i % 3 != 0));
}

TEST_CASE("a session's connection is spared by age and number, not by idleness", "[pool][A9]")
{
    world w(with(10min, 2));
    CHECK_FALSE(w.serve(t0, 7));
    for (int i = 1; i < 10; ++i)
        CHECK(w.serve(t0 + i * 59min, 7, connection_choice::kept));
    CHECK_FALSE(w.serve(t0 + 9 * 59min + 1h, 7));
}

TEST_CASE("a session's connection serves that session only", "[pool][A9]")
{
    world w(with(10min, 0));
    CHECK_FALSE(w.serve(t0, 1));
    CHECK_FALSE(w.serve(t0, 2));
    CHECK_FALSE(w.serve(t0, 0));
    CHECK(w.serve(t0, 1));
    CHECK(w.serve(t0, 2));
    CHECK(w.serve(t0, 0));
    w.ask.to.port = 81;
    CHECK_FALSE(w.serve(t0, 1));
}

TEST_CASE("a fresh connection takes the place of the session's old one", "[pool][A9]")
{
    world w(with(10min, 0));
    CHECK_FALSE(w.serve(t0, 1));
    CHECK_FALSE(w.serve(t0, 1, connection_choice::fresh));
    // The other side sees the first one end.
    char octet = 0;
    error_code ec;
    w.others[0].non_blocking(true);
    w.others[0].receive(asio::buffer(&octet, 1), 0, ec);
    CHECK(ec == asio::error::eof);
    CHECK(w.serve(t0, 1));
    CHECK_FALSE(w.serve(t0, 0));
    CHECK_FALSE(w.serve(t0, 0, connection_choice::fresh));
    CHECK(w.serve(t0, 0));
}

TEST_CASE("sessions share the origin's limit and its queue", "[pool]")
{
    pool_limits l = with(10min, 0);
    l.connections_per_origin = 2;
    world w(l);
    guest a, b, c, d;
    const auto enter = [&](guest& g, std::uint64_t session) {
        w.ask.session = session;
        return w.lines.enter(g, w.ask, false, t0, g.line);
    };
    CHECK(enter(a, 1) == pool::entry::admitted);
    CHECK(enter(b, 2) == pool::entry::admitted);
    CHECK(enter(c, 2) == pool::entry::queued);
    CHECK(enter(d, 0) == pool::entry::queued);

    w.lines.leave(a, w.open(t0), t0);
    CHECK(c.turns == 1);
    CHECK(c.line == nullptr);
    auto line = w.open(t0);
    const connection* const kept = line.get();
    w.lines.leave(c, std::move(line), t0);
    CHECK(d.turns == 1);
    CHECK(d.line == nullptr);
    w.lines.leave(d, nullptr, t0);

    CHECK(enter(a, 2) == pool::entry::admitted);
    CHECK(a.line.get() == kept);
    w.lines.leave(a, nullptr, t0);
    w.lines.leave(b, nullptr, t0);
}

TEST_CASE("idle connections of sessions do not count among those kept for anybody", "[pool]")
{
    pool_limits l = with(10min, 0);
    l.idle_per_origin = 1;
    world w(l);
    for (std::uint64_t s = 0; s < 20; ++s)
        CHECK_FALSE(w.serve(t0, s));
    for (std::uint64_t s = 0; s < 20; ++s)
        CHECK(w.serve(t0, s));
}

TEST_CASE("a session's connection is given up only after a second's rest", "[pool][T16][A9]")
{
    world w(with(10min, 0));
    CHECK_FALSE(w.serve(t0, 1));
    guest g;
    w.ask.session = 0;
    REQUIRE(w.lines.enter(g, w.ask, false, t0, g.line) == pool::entry::admitted);
    CHECK_FALSE(w.lines.find_room(g, false, t0 + 1s - 1ns, g.line));
    CHECK(w.lines.find_room(g, false, t0 + 1s, g.line));
    CHECK(g.line == nullptr);
    CHECK_FALSE(w.lines.find_room(g, false, t0 + 2s, g.line));
    w.lines.leave(g, nullptr, t0 + 2s);
    CHECK_FALSE(w.serve(t0 + 3s, 1));
}

TEST_CASE("connections of no session are closed first, the oldest of any origin", "[pool][T16]")
{
    world w(with(10min, 0));
    CHECK_FALSE(w.serve(t0, 1));
    w.ask.to.port = 81;
    CHECK_FALSE(w.serve(t0 + 1s));
    w.ask.to.port = 82;
    CHECK_FALSE(w.serve(t0 + 2s));

    guest g;
    w.ask.to.port = 83;
    REQUIRE(w.lines.enter(g, w.ask, false, t0 + 5s, g.line) == pool::entry::admitted);
    CHECK(w.lines.find_room(g, true, t0 + 5s, g.line));
    w.lines.leave(g, nullptr, t0 + 5s);
    w.ask.to.port = 82;
    CHECK(w.serve(t0 + 5s));
    w.ask.to.port = 81;
    CHECK_FALSE(w.serve(t0 + 5s));
    w.ask.to.port = 80;
    CHECK(w.serve(t0 + 5s, 1));
}

TEST_CASE("relief goes to the longest waiting, and a fitting connection to its own", "[pool][T16]")
{
    world w(with(10min, 0));
    guest user, first, second, other;
    const auto enter = [&](guest& g, std::uint16_t port) {
        w.ask.to.port = port;
        REQUIRE(w.lines.enter(g, w.ask, false, t0, g.line) == pool::entry::admitted);
    };
    enter(user, 80);
    enter(other, 81);
    enter(first, 80);
    enter(second, 80);
    for (guest* g : {&other, &first, &second})
        CHECK_FALSE(w.lines.find_room(*g, false, t0, g->line));

    w.lines.leave(user, w.open(t0), t0);
    CHECK(first.reliefs == 1);
    CHECK(first.line != nullptr);
    CHECK(other.reliefs == 0);

    // Whoever was told keeps its place until it has a connection.
    w.lines.leave(first, nullptr, t0);
    CHECK(other.reliefs == 1);
    CHECK(other.line == nullptr);
    CHECK_FALSE(w.lines.find_room(other, false, t0, other.line));
    w.lines.on_connected(other);
    CHECK(second.reliefs == 1);
    w.lines.leave(second, nullptr, t0);
    w.lines.leave(other, nullptr, t0);
    CHECK(other.reliefs == 1);
}

TEST_CASE("nobody waits for a socket for long while others use one again", "[pool][T16]")
{
    world w(with(10min, 0));
    guest user, stranger, mate;
    const auto enter = [&](guest& g, std::uint16_t port) {
        w.ask.to.port = port;
        REQUIRE(w.lines.enter(g, w.ask, false, t0, g.line) == pool::entry::admitted);
    };
    const bool patient = GENERATE(true, false);
    CAPTURE(patient);
    enter(user, 80);
    enter(stranger, 81);
    enter(mate, 80);
    CHECK_FALSE(w.lines.find_room(stranger, false, t0, stranger.line));
    CHECK_FALSE(w.lines.find_room(mate, false, t0, mate.line));
    w.lines.leave(user, w.open(t0), patient ? t0 + 1s - 1ns : t0 + 1s);

    CHECK(mate.reliefs == (patient ? 1 : 0));
    CHECK(stranger.reliefs == (patient ? 0 : 1));
    CHECK(stranger.line == nullptr);
    w.lines.leave(mate, nullptr, t0);
    w.lines.leave(stranger, nullptr, t0);
}
