// What the engine must not let a host, an observer, a transport or a server do to other chains.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;
using std::chrono::seconds;

namespace {

std::vector<std::string> records_of(const page& p)
{
    return {p.records().begin(), p.records().end()};
}

// Calls `act` once, in the callback of that number.
struct meddler : observer {
    void at(int which)
    {
        if (which == in && act) std::exchange(act, nullptr)();
    }
    void on_request(const request_sent&) override { at(0); }
    void on_answer(const answer_received&) override { at(1); }
    void on_page(const page_delivered&) override { at(2); }
    void on_notice(chain_id, std::uint64_t, const notice&) override { at(3); }
    void on_hold(const budget_held&) override { at(4); }

    int in = 0;
    std::function<void()> act;
};

behaviour troubled()
{
    behaviour b;
    fault busy = fault::answer(429, 1);
    busy.retry_after = seconds(5);
    b.faults.push_back(busy);
    return b;
}

}  // namespace

TEST_CASE("a page cancelled on its way to a handler elsewhere is kept", "[sim][U4]")
{
    world w(1, contract("token"));
    asio::io_context elsewhere;
    chain way(*w.on, w.contract);
    asio::cancellation_signal stop;
    error_code ec;
    std::optional<page> got;
    const auto call = [&] {
        way.next_page(asio::bind_cancellation_slot(
            stop.slot(), asio::bind_executor(elsewhere, [&](error_code e, std::optional<page> p) {
                ec = e;
                got = std::move(p);
            })));
        w.time.run();
    };

    call();  // the page has left the engine and waits for the other context
    stop.emit(asio::cancellation_type::terminal);
    elsewhere.run();
    w.time.run();
    CHECK(ec == asio::error::operation_aborted);
    CHECK_FALSE(got);
    CHECK(way.after().pages == 0);

    elsewhere.restart();
    call();
    elsewhere.run();
    REQUIRE(got);
    CHECK(got->number() == 0);
    CHECK(way.after().pages == 1);
    CHECK(w.wire.log().size() == 1);
}

TEST_CASE("no request slips out between a 429 and its hold", "[sim][R3]")
{
    connector c = contract("token");
    c.limits.concurrency = 1;
    behaviour b;
    fault busy = fault::answer(429, 0);
    busy.retry_after = seconds(60);
    b.faults.push_back(busy);
    world w(1, c, 10, b);
    const auto shared = std::make_shared<const connector>(c);
    chain one(*w.on, shared), two(*w.on, shared);
    harvest first, second;
    asio::co_spawn(w.time.get_executor(), gather(one, first), asio::detached);
    asio::co_spawn(w.time.get_executor(), gather(two, second), asio::detached);
    const time_point start = w.time.now();
    w.time.run();

    CHECK(first.records == w.model.records());
    CHECK(second.records == w.model.records());
    REQUIRE(w.wire.log().size() > 1);
    CHECK(w.wire.log()[1].begun - start >= seconds(60));
}

TEST_CASE("a budget remembers its requests and its holds when its chains are gone", "[sim][R3]")
{
    connector c = contract("token");
    c.limits.policies.emplace_back(1, seconds(60));
    world w(1, c, 5);
    for (int i = 0; i < 4; ++i)
        REQUIRE(walk_all(w).records == w.model.records());
    const auto& log = w.wire.log();
    for (std::size_t i = 1; i < log.size(); ++i)
        CHECK(log[i].begun - log[i - 1].begun >= seconds(60));
}

TEST_CASE("limits of every connector that shares a budget hold", "[sim]")
{
    world w(1, contract("token"), 5);
    chain free_of_limits(*w.on, w.contract);
    connector c = w.contract;
    c.limits.policies.emplace_back(1, seconds(60));
    const auto shared = std::make_shared<const connector>(c);
    std::vector<std::unique_ptr<chain>> chains;
    std::vector<harvest> all(3);
    for (harvest& h : all) {
        chains.push_back(std::make_unique<chain>(*w.on, shared));
        asio::co_spawn(w.time.get_executor(), gather(*chains.back(), h), asio::detached);
    }
    w.time.run();
    REQUIRE(w.wire.log().size() == 3);
    CHECK(w.wire.log()[1].begun - w.wire.log()[0].begun >= seconds(60));
}

TEST_CASE("a hold that is longer than a chain may wait ends every chain with the time to resume",
          "[sim][R9]")
{
    // 204: the page itself, which tells that the quota is used up.
    const int status = GENERATE(429, 200, 204);
    behaviour b;
    if (status == 429) {
        fault busy = fault::answer(429, 1);
        busy.retry_after = std::chrono::hours(90);
        b.faults.push_back(busy);
    }
    world w(1, contract("token"), 40, b);
    fake_transport wire(w.time.get_executor(), w.time, [&](const http_request& r, time_point t) {
        scripted_answer a = w.model.answer(r, t);
        if (status == 200 && w.model.log().size() == 2)
            a.headers.push_back({"Retry-After", "324000"});
        if (status == 204 && w.model.log().size() == 2) {
            a.headers.push_back({"RateLimit-Remaining", "0"});
            a.headers.push_back({"RateLimit-Reset", "324000"});
        }
        return a;
    });
    engine on(w.time.get_executor(), wire, w.time);
    const auto shared = std::make_shared<const connector>(w.contract);
    chain one(on, shared), two(on, shared);
    harvest first, second;
    const time_point start = w.time.now();
    asio::co_spawn(w.time.get_executor(), gather(one, first), asio::detached);
    asio::co_spawn(w.time.get_executor(), gather(two, second), asio::detached);
    w.time.run();

    for (const harvest* h : {&first, &second}) {
        CHECK(h->why.code == errc::hold_too_long);
        CHECK(h->why.next == advice::resume_after);
        CHECK(h->why.retry_in > std::chrono::hours(89));
    }
    CHECK(w.time.now() - start < seconds(10));
}

TEST_CASE("an observer may cancel the call or destroy the chain in any callback", "[sim][U1][U11]")
{
    const int in = GENERATE(0, 1, 2, 3, 4);
    const bool destroys = GENERATE(false, true);
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    CAPTURE(in, destroys, seed);
    world w(seed, contract("token"), 40, troubled());
    meddler watch;
    engine_options o;
    o.watch = &watch;
    engine on(w.time.get_executor(), w.wire, w.time, o);
    auto way = std::make_unique<chain>(on, w.contract);
    chain other(on, w.contract);
    asio::cancellation_signal stop;
    watch.in = in;
    watch.act = [&] {
        if (destroys)
            way.reset();
        else
            stop.emit(asio::cancellation_type::total);
    };

    std::vector<std::string> records;
    std::size_t calls = 0, aborted = 0;
    bool done = false;
    std::function<void()> go = [&] {
        way->next_page(
            asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, std::optional<page> p) {
                ++calls;
                if (ec) ++aborted;
                if (p)
                    for (std::string& r : records_of(*p))
                        records.push_back(std::move(r));
                done = !ec && !p;
                if (way && !done && calls < 100) go();
            }));
    };
    go();
    w.time.run();
    if (destroys) {
        CHECK_FALSE(way);
        CHECK(calls >= 1);
    } else {
        CHECK(done);
        CHECK(aborted <= 1);
        CHECK(records == w.model.records());
    }

    harvest rest;
    asio::co_spawn(w.time.get_executor(), gather(other, rest), asio::detached);
    w.time.run();
    CHECK(rest.records == w.model.records());
}

TEST_CASE("a transport that throws fails one chain and stalls no other", "[sim][U16]")
{
    struct thrower : transport {
        explicit thrower(transport& t) : real(t) {}
        void async_exchange(const http_request& ask, response_receiver& to, handler done) override
        {
            if (count++ == 0) throw std::runtime_error("no more handles");
            real.async_exchange(ask, to, std::move(done));
        }
        transport& real;
        int count = 0;
    };
    connector c = contract("token");
    c.limits.concurrency = 1;
    world w(1, c);
    thrower wire(w.wire);
    engine on(w.time.get_executor(), wire, w.time);
    const auto shared = std::make_shared<const connector>(c);
    chain one(on, shared), two(on, shared);
    harvest first, second;
    asio::co_spawn(w.time.get_executor(), gather(one, first), asio::detached);
    asio::co_spawn(w.time.get_executor(), gather(two, second), asio::detached);
    w.time.run();

    const bool first_failed = bool(first.why.code);
    const harvest& failed = first_failed ? first : second;
    const harvest& good = first_failed ? second : first;
    CHECK(failed.why.code == errc::transport_threw);
    CHECK(failed.why.what.find("no more handles") != std::string::npos);
    CHECK(good.records == w.model.records());
}

TEST_CASE("a cancelled wait leaves nothing behind that would keep a context running", "[sim]")
{
    behaviour b;
    fault busy = fault::answer(429, 0);
    busy.retry_after = std::chrono::minutes(30);
    b.faults.push_back(busy);
    world w(1, contract("token"), 40, b);
    chain way(*w.on, w.contract);
    asio::cancellation_signal stop;
    bool ended = false;
    way.next_page(asio::bind_cancellation_slot(
        stop.slot(), [&](error_code, std::optional<page>) { ended = true; }));
    (void)w.time.run_for(seconds(5));
    REQUIRE(w.time.waiting() == 1);

    const time_point then = w.time.now();
    stop.emit(asio::cancellation_type::terminal);
    w.time.run();
    CHECK(ended);
    CHECK(w.time.now() == then);
}

TEST_CASE("a server that quotes credentials and cursors gets none of them into a message",
          "[sim][A11]")
{
    connector c = contract("token");
    c.request.headers.emplace_back("Authorization", setting::from_environment("KEY", "Bearer "));
    world w(1, c);
    fake_transport wire(w.time.get_executor(), w.time, [&](const http_request& r, time_point t) {
        scripted_answer a = w.model.answer(r, t);
        if (w.model.log().size() < 3) return a;
        std::string quoted;
        for (const header_field& h : r.headers)
            quoted += h.value + " ";
        return scripted_answer(401, R"({"message": "denied: )" + quoted + r.target + R"("})");
    });
    struct listener : observer {
        void on_failure(chain_id, const diagnostics& d) override { heard += d.text(); }
        void on_notice(chain_id, std::uint64_t, const notice& n) override { heard += n.text; }
        void on_request(const request_sent& r) override { heard += r.target; }
        std::string heard;
    } watch;
    engine_options o;
    o.watch = &watch;
    o.secrets = [](setting::source, const std::string&) {
        return std::optional<secret>(secret("canary-4711-canary"));
    };
    engine on(w.time.get_executor(), wire, w.time, o);
    chain way(on, c);
    harvest h;
    asio::co_spawn(w.time.get_executor(), gather(way, h), asio::detached);
    w.time.run();

    CHECK(h.why.code == errc::unauthorized);
    REQUIRE_FALSE(h.after.empty());
    const std::string cursor = h.after.back().at.tokens.at(0).text;
    for (const std::string& text : {h.why.text(), watch.heard}) {
        CHECK(text.find("4711") == std::string::npos);
        CHECK(text.find(cursor) == std::string::npos);
    }
}
