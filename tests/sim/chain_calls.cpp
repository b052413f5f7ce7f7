// What a host app may do to a chain at any moment, and what it may rely on.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

// A callback that keeps what it was given.
struct kept {
    std::size_t calls = 0;
    error_code ec;
    std::optional<page> got;

    auto callback()
    {
        return [this](error_code e, std::optional<page> p) {
            ++calls;
            ec = e;
            got = std::move(p);
        };
    }
};

void take(std::vector<std::string>& to, const page& p)
{
    for (const std::string_view record : p.records())
        to.emplace_back(record);
}

asio::awaitable<void> pass(sim& time, std::chrono::milliseconds span)
{
    const time_point until = time.now() + span;
    auto begin = [&time, until](auto h) { time.async_wait_until(until, std::move(h)); };
    auto operation = asio::async_initiate<const asio::deferred_t&, void(error_code)>(
        std::move(begin), asio::deferred);
    co_await std::move(operation);
}

connector slow()
{
    connector c = contract("token");
    c.limits.policies.emplace_back(1, std::chrono::seconds(5));
    return c;
}

}  // namespace

TEST_CASE("a call cancelled at any moment loses no page", "[sim][U3]")
{
    const auto type = GENERATE(asio::cancellation_type::terminal, asio::cancellation_type::partial,
                               asio::cancellation_type::total);
    const auto seed = GENERATE(Catch::Generators::range(1u, 4u));
    const auto gap = GENERATE(1u, 2u, 3u);  // to a second cancellation: of the call that follows
    bool ran_through = false;

    for (std::uint64_t moment = 0; !ran_through && moment < 400; ++moment) {
        CAPTURE(seed, int(type), moment, gap);
        behaviour b;
        b.faults.push_back(fault::answer(503, 1));
        world w(seed, slow(), 30, b);
        chain way(*w.on, w.contract);
        std::vector<std::string> records;
        asio::cancellation_signal stop;
        bool cancelled = false;
        std::uint64_t steps = 0;

        for (bool more = true; more;) {
            kept k;
            way.next_page(asio::bind_cancellation_slot(stop.slot(), k.callback()));
            while (k.calls == 0) {
                const std::uint64_t step = steps++;
                if (step == moment || step == moment + gap) {
                    const time_point then = w.time.now();
                    stop.emit(type);
                    cancelled = true;
                    REQUIRE(w.time.run_until([&] { return k.calls > 0; }));
                    CHECK(w.time.now() - then <= std::chrono::milliseconds(50));
                    break;
                }
                REQUIRE(w.time.step());
            }
            REQUIRE(k.calls == 1);
            if (k.ec == asio::error::operation_aborted) continue;
            REQUIRE_FALSE(k.ec);
            more = k.got.has_value();
            if (more) take(records, *k.got);
        }
        REQUIRE(records == w.model.records());
        ran_through = !cancelled;
    }
    CHECK(ran_through);
}

TEST_CASE("a chain or an engine destroyed at any moment ends its call", "[sim][U1][U2]")
{
    const bool whole_engine = GENERATE(false, true);
    for (std::uint64_t moment = 0; moment < 200; ++moment) {
        CAPTURE(whole_engine, moment);
        world w(7, slow(), 30);
        auto way = std::make_unique<chain>(*w.on, w.contract);
        kept k;
        for (std::uint64_t steps = 0; steps < moment && (k.calls == 0 || k.got);) {
            k.calls = 0;
            way->next_page(k.callback());
            while (k.calls == 0 && steps++ < moment)
                REQUIRE(w.time.step());
        }
        const bool outstanding = k.calls == 0;
        // On the executor, as a host does it; from elsewhere the outcome may be on its way already.
        asio::post(w.time.get_executor(), [&] {
            if (whole_engine)
                w.on.reset();
            else
                way.reset();
        });
        w.time.run();
        if (outstanding && moment > 0) {
            CHECK(k.calls == 1);
            // A page, or the end, that was on its way before the destruction is no loss.
            CHECK((k.ec == asio::error::operation_aborted || !k.ec));
        }
        if (whole_engine) {
            kept after;
            way->next_page(after.callback());
            w.time.run();
            CHECK(after.ec == errc::invalid_state);
        }
    }
}

TEST_CASE("a world that goes first takes outstanding calls with it", "[sim][U2]")
{
    for (std::uint64_t moment = 0; moment < 60; ++moment) {
        auto w = std::make_unique<world>(3, slow(), 30);
        // The coroutine owns its chain: only its frame's end frees it.
        auto own = [](engine& on, connector c) -> asio::awaitable<void> {
            chain way(on, std::move(c));
            while (co_await way.next_page()) {
            }
        };
        asio::co_spawn(w->time.get_executor(), own(*w->on, w->contract), asio::detached);
        for (std::uint64_t i = 0; i < moment; ++i)
            (void)w->time.step();
        w.reset();  // engine, wire, then the executor's context with what is left in it
    }
    SUCCEED("no crash, and the sanitizer finds no leak");
}

TEST_CASE("a second call while one is outstanding fails with busy and disturbs nothing",
          "[sim][U7]")
{
    world w(1, contract("token"));
    chain way(*w.on, w.contract);
    kept first, second;
    asio::post(w.time.get_executor(), [&] {
        way.next_page(first.callback());
        way.next_page(second.callback());
        CHECK(second.calls == 0);
    });
    w.time.run();

    CHECK(second.ec == errc::busy);
    CHECK(second.ec == condition::misuse);
    CHECK_FALSE(first.ec);
    CHECK(first.got.has_value());
    CHECK(w.wire.log().size() == 1);
}

TEST_CASE("a call is outstanding until its own executor has taken what it gives", "[sim][U7]")
{
    world w(1, contract("token"));
    chain way(*w.on, w.contract);
    asio::io_context elsewhere;
    kept first, second, third;
    way.next_page(asio::bind_executor(elsewhere.get_executor(), first.callback()));
    w.time.run();
    way.next_page(second.callback());
    w.time.run();
    CHECK(second.ec == errc::busy);
    CHECK(first.calls == 0);

    elsewhere.run();
    REQUIRE(first.got.has_value());
    CHECK(first.got->number() == 0);
    CHECK(way.after().pages == 1);
    way.next_page(third.callback());
    w.time.run();
    REQUIRE(third.got.has_value());
    CHECK(third.got->number() == 1);
}

TEST_CASE("after the end the end comes again, without a request", "[sim][U8]")
{
    world w(1, contract("token"));
    chain way(*w.on, w.contract);
    harvest h;
    asio::co_spawn(w.time.get_executor(), gather(way, h), asio::detached);
    w.time.run();
    const std::size_t requests = w.wire.log().size();

    kept again;
    way.next_page(again.callback());
    w.time.run();
    CHECK(again.calls == 1);
    CHECK_FALSE(again.ec);
    CHECK_FALSE(again.got);
    CHECK(w.wire.log().size() == requests);
}

TEST_CASE("after a fatal error the same error comes again, without a request", "[sim][U9]")
{
    behaviour b;
    b.faults.push_back(fault::answer(403, 0, fault::always));
    world w(1, contract("token"), 40, b);
    chain way(*w.on, w.contract);
    for (int i = 0; i < 3; ++i) {
        kept k;
        way.next_page(k.callback());
        w.time.run();
        CHECK(k.ec == errc::forbidden);
        CHECK(k.ec == condition::mend_request);
        CHECK(way.why().status == 403);
    }
    CHECK(w.wire.log().size() == 1);
}

TEST_CASE("a chain that was moved from says so", "[sim][U10]")
{
    world w(1, contract("token"));
    chain way(*w.on, w.contract);
    chain other = std::move(way);
    kept k, good;
    way.next_page(k.callback());  // NOLINT: that is the case
    other.next_page(good.callback());
    w.time.run();
    CHECK(k.ec == errc::invalid_state);
    CHECK(good.got.has_value());
    CHECK(way.after().pages == 0);  // NOLINT
}

TEST_CASE("next_page() || timer loses no page, whichever wins", "[sim][U4]")
{
    using namespace asio::experimental::awaitable_operators;
    const auto seed = GENERATE(Catch::Generators::range(1u, 40u));
    const auto patience = GENERATE(0, 5, 9, 10, 11, 15, 4000);
    CAPTURE(seed, patience);
    world w(seed, contract("token"), 40);
    chain way(*w.on, w.contract);
    std::vector<std::string> records;
    bool done = false;

    auto walk = [&]() -> asio::awaitable<void> {
        for (int losses = 0; !done;) {
            const std::chrono::milliseconds limit(losses++ % 3 == 2 ? 10'000 : patience);
            auto page_first = way.next_page();
            auto timer = pass(w.time, limit);
            auto both = std::move(page_first) || std::move(timer);
            auto which = co_await std::move(both);
            if (which.index() == 1) continue;
            std::optional<page>& got = std::get<0>(which);
            if (got) take(records, *got);
            done = !got;
        }
    };
    asio::co_spawn(w.time.get_executor(), walk(), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
    w.time.run();
    CHECK(done);
    CHECK(records == w.model.records());
}

TEST_CASE("a handler that throws leaves chain and engine usable", "[sim][U11]")
{
    world w(1, contract("token"));
    chain way(*w.on, w.contract);
    way.next_page(
        [](error_code, std::optional<page>) { throw std::runtime_error("the app's own"); });
    CHECK_THROWS_WITH(w.time.run(), "the app's own");

    kept k;
    way.next_page(k.callback());
    w.time.run();
    CHECK_FALSE(k.ec);
    REQUIRE(k.got);
    CHECK(k.got->number() == 1);
}

TEST_CASE("an observer that throws changes nothing and is counted", "[sim][U11]")
{
    struct thrower : observer {
        void on_page(const page_delivered&) override { throw std::runtime_error("no"); }
        void on_request(const request_sent&) override { throw std::runtime_error("no"); }
    };
    thrower watch;
    world w(1, contract("token"));
    engine_options o;
    o.watch = &watch;
    engine on(w.time.get_executor(), w.wire, w.time, o);
    chain way(on, w.contract);
    harvest h;
    asio::co_spawn(w.time.get_executor(), gather(way, h), asio::detached);
    w.time.run();
    CHECK(h.records == w.model.records());
    CHECK(on.observer_failures() == 2 * h.after.size());
}

TEST_CASE("asking again from inside the callback neither recurses nor blocks", "[sim][U12]")
{
    world w(1, contract("token"), 20'000);
    chain way(*w.on, w.contract);
    std::size_t count = 0;
    int depth = 0, deepest = 0;
    std::function<void(error_code, std::optional<page>)> again;
    again = [&](error_code ec, std::optional<page> p) {
        deepest = std::max(deepest, ++depth);
        if (!ec && p) {
            count += p->records().size();
            way.next_page(again);
        }
        --depth;
    };
    way.next_page(again);
    w.time.run();
    CHECK(count == 20'000);
    CHECK(deepest == 1);
}

TEST_CASE("a bad connector is refused at the constructor, by name", "[sim][U17]")
{
    world w(1, contract("token"));
    connector c = w.contract;
    c.end.clear();
    CHECK_THROWS_AS(chain(*w.on, c), std::invalid_argument);
    c = w.contract;
    c.request.url.clear();
    CHECK_THROWS_AS(chain(*w.on, c), std::invalid_argument);
    CHECK(w.wire.log().empty());
}

TEST_CASE("a checkpoint of another query is refused", "[sim][S6]")
{
    world w(1, contract("token"));
    const harvest h = walk_all(w);
    connector other = contract("link");
    try {
        chain way(*w.on, other, h.after.front());
        FAIL("it was taken");
    } catch (const failure& f) {
        CHECK(f.code() == errc::foreign_checkpoint);
        CHECK_FALSE(f.why().mend.empty());
    }
}
