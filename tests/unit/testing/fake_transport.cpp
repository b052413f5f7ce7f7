#include "support/catch.hpp"
#include <catena/error.hpp>
#include <catena/testing/fake_transport.hpp>
#include <catena/testing/sim.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using kind = wire_fault::kind;

namespace {

const std::string body = R"({"items":[1,2,3],"next":"abcdefghij"})";

struct receiver final : response_receiver {
    error_code on_head(const response_head& head) override
    {
        status = head.status;
        length = std::string(find_header(head.headers, "content-length")->value);
        return refuse_head;
    }
    error_code on_body(std::string_view octets) override
    {
        REQUIRE_FALSE(done);
        got += octets;
        ++pieces;
        return refuse_body;
    }

    int status = 0, pieces = 0;
    std::string got, length;
    error_code refuse_head, refuse_body;
    bool done = false;
};

struct bench {
    explicit bench(std::uint64_t seed = 1, const fake_transport_options& o = {})
        : world(seed), wire(world.get_executor(), world, serve(), o)
    {
    }
    server serve()
    {
        return [this](const http_request&, time_point) {
            ++answered;
            return scripted_answer(200, body);
        };
    }
    void start(asio::cancellation_slot slot = {})
    {
        wire.async_exchange(
            ask, to, asio::bind_cancellation_slot(slot, [this](error_code e, exchange_report r) {
                REQUIRE_FALSE(outcome);
                outcome = e;
                report = std::move(r);
                to.done = true;
            }));
        CHECK_FALSE(outcome);
    }

    int answered = 0;
    sim world;
    http_request ask;
    receiver to;
    std::optional<error_code> outcome;
    exchange_report report;
    fake_transport wire;
};

}  // namespace

TEST_CASE("an answer comes whole after the latency, in pieces of the seed", "[fake_transport]")
{
    int most_pieces = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        fake_transport_options o;
        o.seed = seed;
        bench b(seed, o);
        const time_point start = b.world.now();
        b.start();
        b.world.run();

        CHECK(b.outcome == error_code());
        CHECK(b.to.status == 200);
        CHECK(b.to.length == std::to_string(body.size()));
        CHECK(b.to.got == body);
        CHECK(b.world.now() == start + 10ms);
        CHECK(b.report.answered);
        CHECK(b.report.octets_received > body.size());
        most_pieces = std::max(most_pieces, b.to.pieces);
        REQUIRE(b.wire.log().size() == 1);
        CHECK(b.wire.log()[0].begun == start);
        CHECK(b.wire.log()[0].ended == start + 10ms);
        CHECK(b.wire.in_flight() == 0);
    }
    CHECK(most_pieces == 4);
}

TEST_CASE("jitter and gaps between pieces cost time by the seed", "[fake_transport]")
{
    fake_transport_options o;
    o.jitter = 100ms;
    o.piece_gap = 1s;
    bench b(3, o);
    const time_point start = b.world.now();
    b.start();
    b.world.run();
    const auto took = b.world.now() - start;
    CHECK(took > 10ms);
    CHECK(took < 3110ms + (b.to.pieces - 4) * 1s);
    CHECK(took >= (b.to.pieces - 1) * 1s);
    CHECK(b.to.got == body);
}

TEST_CASE("each lever breaks an exchange in its way", "[fake_transport][T4][T6][T7][T8]")
{
    struct row {
        kind what;
        error_code outcome;
        bool answered;
        int served;
        std::size_t octets;
    };
    const row rows[] = {
        {kind::refused, asio::error::connection_refused, false, 0, 0},
        {kind::stale, errc::connection_stale, false, 0, 0},
        {kind::reset_in_head, asio::error::connection_reset, true, 1, 0},
        {kind::reset_in_body, asio::error::connection_reset, true, 1, 20},
        {kind::truncated, errc::truncated, true, 1, 20},
        {kind::late, error_code(), true, 1, body.size()},
        {kind::status, error_code(), true, 0, 0},
    };
    for (const row& r : rows) {
        CAPTURE(int(r.what));
        bench b;
        b.wire.fail(0, wire_fault(r.what, 20));
        const time_point start = b.world.now();
        b.start();
        b.world.run();

        CHECK(b.outcome == r.outcome);
        CHECK(b.report.answered == r.answered);
        CHECK(b.report.reused == (r.what == kind::stale));
        CHECK(b.answered == r.served);
        CHECK(b.to.got == body.substr(0, r.octets));
        CHECK(b.to.status == (r.what == kind::status ? 503 : r.octets > 0 ? 200 : 0));
        CHECK(b.wire.log()[0].outcome == r.outcome);
        if (r.what == kind::late) CHECK(b.world.now() == start + 60s + 10ms);
        if (r.what == kind::truncated) CHECK(b.report.detail == "got 20 of 37 octets");
    }
}

TEST_CASE("a lever strikes one exchange and a chooser any", "[fake_transport]")
{
    bench b;
    b.wire.fail(1, wire_fault(kind::refused));
    b.wire.fail_by([](std::size_t n, const http_request&) {
        return n == 2 ? std::optional(wire_fault(kind::truncated, 1)) : std::nullopt;
    });
    const error_code wanted[] = {{}, asio::error::connection_refused, errc::truncated, {}};
    for (const error_code& w : wanted) {
        b.outcome.reset();
        b.to = {};
        b.start();
        b.world.run();
        CHECK(b.outcome == w);
    }
}

TEST_CASE("an exchange reuses the connection that fell idle last, and what fails loses its own",
          "[fake_transport][T6]")
{
    sim world(1);
    std::vector<std::uint64_t> told;
    fake_transport wire(world.get_executor(), world, [&](const http_request&, const arrival& how) {
        CHECK(how.at == world.now());
        told.push_back(how.connection);
        return scripted_answer(200, body);
    });
    http_request ask;
    const auto exchange = [&](std::size_t at_once, bool reused) {
        std::vector<receiver> to(at_once);
        for (receiver& r : to)
            wire.async_exchange(ask, r, [&](error_code, exchange_report report) {
                CHECK(report.reused == reused);
            });
        world.run();
    };
    exchange(1, false);
    exchange(1, true);
    wire.fail(2, wire_fault(kind::reset_in_body, 5));
    exchange(1, true);
    exchange(3, false);
    exchange(1, true);
    wire.fail(7, wire_fault(kind::refused));
    exchange(1, false);
    exchange(2, true);
    exchange(1, true);

    std::vector<std::uint64_t> logged;
    for (const exchanged& e : wire.log())
        logged.push_back(e.connection);
    REQUIRE(logged.size() == 11);
    CHECK(std::vector(logged.begin(), logged.begin() + 3) == std::vector<std::uint64_t>{1, 1, 1});
    // The world answers what is at once in an order of its own.
    CHECK(std::set(logged.begin() + 3, logged.begin() + 6) == std::set<std::uint64_t>{2, 3, 4});
    CHECK(logged[7] == logged[6]);
    CHECK(std::set{logged[7], logged[8], logged[9]} == std::set<std::uint64_t>{2, 3, 4});
    CHECK((logged[10] == logged[8] || logged[10] == logged[9]));
    logged.erase(logged.begin() + 7);  // refused: the server never heard of it
    CHECK(std::is_permutation(told.begin(), told.end(), logged.begin(), logged.end()));
}

TEST_CASE("a connection serves as many exchanges as told", "[fake_transport][T6]")
{
    for (const std::uint64_t served : {1U, 2U, 3U}) {
        fake_transport_options o;
        o.close_after = served;
        bench b(1, o);
        for (std::uint64_t i = 0; i < 6; ++i) {
            b.outcome.reset();
            b.to = {};
            b.start();
            b.world.run();
            CHECK(b.wire.log()[i].connection == 1 + i / served);
            CHECK(b.report.reused == (i % served > 0));
        }
    }
}

TEST_CASE("a hanging exchange ends when it is cancelled and not before", "[fake_transport][T10]")
{
    for (const kind how : {kind::hang, kind::hang_in_body}) {
        bench b;
        asio::cancellation_signal stop;
        b.wire.fail(0, wire_fault(how, 5));
        b.start(stop.slot());
        b.world.run();
        CHECK_FALSE(b.outcome);
        CHECK(b.wire.in_flight() == 1);
        CHECK(b.to.got == (how == kind::hang ? "" : body.substr(0, 5)));

        stop.emit(asio::cancellation_type::total);
        CHECK_FALSE(b.outcome);
        b.world.run();
        CHECK(b.outcome == asio::error::operation_aborted);
        CHECK(b.wire.in_flight() == 0);
    }
}

TEST_CASE("a cancel of any type at any moment ends the exchange without a wait",
          "[fake_transport][U3]")
{
    std::size_t cancelled = 0;
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        for (int steps = 0; steps < 14; ++steps) {
            fake_transport_options o;
            o.piece_gap = 1ms;
            bench b(1, o);
            asio::cancellation_signal stop;
            b.start(stop.slot());
            for (int i = 0; i < steps; ++i)
                b.world.step();
            const bool late = b.outcome.has_value();
            const std::string before = b.to.got;
            const time_point at = b.world.now();
            stop.emit(type);
            b.world.run();

            REQUIRE(b.outcome);
            if (late) continue;
            ++cancelled;
            CHECK(b.outcome == asio::error::operation_aborted);
            CHECK(b.world.now() == at);
            CHECK(b.to.got == before);
        }
    }
    CHECK(cancelled >= 12);
}

TEST_CASE("a cancel reaches an exchange whose wait is over and whose turn has not come",
          "[fake_transport][U3]")
{
    sim world(1);
    fake_transport wire(world.get_executor(), world,
                        [](const http_request&, time_point) { return scripted_answer(200, body); });
    http_request ask;
    receiver to[2];
    asio::cancellation_signal stop[2];
    std::optional<error_code> outcome[2];
    for (int i = 0; i < 2; ++i) {
        wire.async_exchange(
            ask, to[i],
            asio::bind_cancellation_slot(stop[i].slot(), [&, i](error_code e, exchange_report) {
                outcome[i] = e;
                stop[1 - i].emit(asio::cancellation_type::terminal);
            }));
    }
    world.run();
    CHECK((outcome[0] == error_code()) != (outcome[1] == error_code()));
    CHECK((to[0].got.empty() || to[1].got.empty()));
}

TEST_CASE("an error of the receiver stops the exchange and is its outcome", "[fake_transport]")
{
    bench head;
    head.to.refuse_head = errc::limit_exceeded;
    head.start();
    head.world.run();
    CHECK(head.outcome == errc::limit_exceeded);
    CHECK(head.to.got.empty());

    bench octets;
    octets.to.refuse_body = errc::malformed_json;
    octets.start();
    octets.world.run();
    CHECK(octets.outcome == errc::malformed_json);
    CHECK(octets.to.pieces == 1);
}

TEST_CASE("a transport that dies cancels what it carries", "[fake_transport][U1]")
{
    for (int steps = 0; steps < 4; ++steps) {
        for (const bool hangs : {false, true}) {
            CAPTURE(steps, hangs);
            sim world(1);
            http_request ask;
            receiver to;
            std::optional<error_code> outcome;
            auto wire = std::make_unique<fake_transport>(
                world.get_executor(), world,
                [](const http_request&, time_point) { return scripted_answer(200, body); });
            if (hangs) wire->fail(0, wire_fault(kind::hang));
            wire->async_exchange(ask, to, [&](error_code e, exchange_report) { outcome = e; });
            for (int i = 0; i < steps; ++i)
                world.step();
            if (outcome) continue;
            wire.reset();
            world.run();
            CHECK(outcome == asio::error::operation_aborted);
        }
    }
}

TEST_CASE("a world that ends with exchanges in flight leaves nothing behind",
          "[fake_transport][U2]")
{
    auto held = std::make_shared<int>(1);
    http_request ask;
    receiver to;
    {
        sim world(1);
        fake_transport wire(world.get_executor(), world, [](const http_request&, time_point) {
            return scripted_answer(200, body);
        });
        for (int i = 0; i < 3; ++i) {
            if (i == 2) wire.fail(2, wire_fault(kind::hang));
            wire.async_exchange(ask, to, [held](error_code, exchange_report) {});
        }
        for (int i = 0; i < 4; ++i)
            world.step();
        CHECK(wire.most_in_flight() == 3);
    }
    CHECK(held.use_count() == 1);
}
