#include "support/catch.hpp"
#include <catena/detail/initiate.hpp>
#include <catena/testing/sim.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

template <class Token>
auto wait_until(timekeeper& time, time_point t, Token&& token)
{
    return detail::initiate<void(error_code)>(
        std::forward<Token>(token),
        [&time, t](timekeeper::handler h) { time.async_wait_until(t, std::move(h)); });
}

std::vector<int> order_of_ten(std::uint64_t seed)
{
    sim world(seed);
    std::vector<int> ran;
    for (int i = 0; i < 10; ++i)
        asio::post(world.get_executor(), [&ran, i] { ran.push_back(i); });
    world.run();
    return ran;
}

asio::awaitable<void> sleeper(sim& world, duration span, std::vector<std::string>& log,
                              std::string name)
{
    auto [ec] = co_await wait_until(world, world.now() + span, asio::as_tuple(asio::deferred));
    log.push_back(name + (ec ? " cancelled" : " done"));
}

asio::awaitable<void> wait_plainly(sim& world, duration span)
{
    co_await wait_until(world, world.now() + span, asio::use_awaitable);
}

}  // namespace

TEST_CASE("a seed decides the order of ready handlers and the same seed repeats it", "[sim]")
{
    std::vector<int> in_order(10);
    std::iota(in_order.begin(), in_order.end(), 0);
    int orders = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto ran = order_of_ten(seed);
        CHECK(ran == order_of_ten(seed));
        CHECK(std::is_permutation(ran.begin(), ran.end(), in_order.begin()));
        if (ran != order_of_ten(seed + 1)) ++orders;
    }
    CHECK(orders >= 19);
}

TEST_CASE("time stands still while anything is ready and then jumps to the next deadline", "[sim]")
{
    sim world(7);
    const time_point start = world.now();
    const wall_time calendar = world.wall_now();
    std::vector<std::string> log;
    asio::co_spawn(world.get_executor(), sleeper(world, 3h, log, "three"), asio::detached);
    asio::co_spawn(world.get_executor(), sleeper(world, 1h, log, "one"), asio::detached);
    asio::co_spawn(world.get_executor(), sleeper(world, 2h, log, "two"), asio::detached);
    asio::co_spawn(world.get_executor(), sleeper(world, -1h, log, "past"), asio::detached);

    CHECK(world.run_until([&] { return log.size() == 1; }));
    CHECK(world.now() == start);
    world.run();

    CHECK(log == std::vector<std::string>{"past done", "one done", "two done", "three done"});
    CHECK(world.now() == start + 3h);
    CHECK(world.wall_now() == calendar + 3h);
    CHECK(world.waiting() == 0);
}

TEST_CASE("waits that are due together complete in an order of the seed", "[sim]")
{
    std::vector<std::vector<std::string>> seen;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        sim world(seed);
        std::vector<std::string> log;
        for (const char* name : {"a", "b", "c", "d"})
            asio::co_spawn(world.get_executor(), sleeper(world, 1s, log, name), asio::detached);
        world.run();
        REQUIRE(log.size() == 4);
        if (std::find(seen.begin(), seen.end(), log) == seen.end()) seen.push_back(log);
    }
    CHECK(seen.size() > 3);
}

TEST_CASE("dispatch runs inline inside the world and queues outside of it, post always queues",
          "[sim]")
{
    sim world(3);
    asio::any_io_executor ex = world.get_executor();
    std::string log;
    asio::dispatch(ex, [&] {
        log += 'a';
        asio::post(ex, [&] { log += 'c'; });
        asio::dispatch(ex, [&] { log += 'b'; });
    });

    CHECK(log.empty());
    world.run();
    CHECK(log == "abc");
}

TEST_CASE("every type of cancellation ends a wait at once and only that wait", "[sim][U3]")
{
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        sim world(5);
        const time_point start = world.now();
        asio::cancellation_signal stop;
        std::optional<error_code> first, second;
        world.async_wait_until(start + 3h, asio::bind_cancellation_slot(
                                               stop.slot(), [&](error_code e) { first = e; }));
        world.async_wait_until(start + 1h, [&](error_code e) { second = e; });

        stop.emit(type);
        CHECK_FALSE(first);
        CHECK(world.run_until([&] { return first.has_value(); }));
        CHECK(first == asio::error::operation_aborted);
        CHECK(world.now() == start);
        stop.emit(type);
        world.run();
        CHECK(second == error_code());
        CHECK(world.now() == start + 1h);
    }
}

TEST_CASE("the loser of an awaitable or is cancelled and time does not run to its deadline",
          "[sim][U4]")
{
    using namespace asio::experimental::awaitable_operators;
    sim world(11);
    const time_point start = world.now();
    std::size_t winner = 9;
    const auto race = [&]() -> asio::awaitable<void> {
        auto result = co_await (wait_plainly(world, 5h) || wait_plainly(world, 2s));
        winner = result.index();
    };

    asio::co_spawn(world.get_executor(), race(), asio::detached);
    world.run();
    CHECK(winner == 1);
    CHECK(world.now() == start + 2s);
}

TEST_CASE("strands keep their order whatever the seed", "[sim]")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        sim world(seed);
        const auto strand = asio::make_strand(asio::any_io_executor(world.get_executor()));
        std::string log;
        for (char c = 'a'; c <= 'f'; ++c)
            asio::post(strand, [&log, c] { log += c; });
        world.run();
        CHECK(log == "abcdef");
    }
}

TEST_CASE("a world dies cleanly with handlers that never ran", "[sim][U2]")
{
    auto held = std::make_shared<int>(1);
    asio::cancellation_signal stop;
    {
        sim world(2);
        std::vector<std::string> log;
        const auto strand = asio::make_strand(asio::any_io_executor(world.get_executor()));
        asio::post(world.get_executor(), [held] {});
        asio::post(strand, [held] {});
        world.async_wait_until(world.now() + 1h,
                               asio::bind_cancellation_slot(stop.slot(), [held](error_code) {}));
        asio::co_spawn(world.get_executor(), sleeper(world, 1h, log, "frame"), asio::detached);
        world.run_until([&] { return world.waiting() == 2; });
        asio::post(world.get_executor(), [held] {});
        asio::co_spawn(world.get_executor(), sleeper(world, 1h, log, "fresh"), asio::detached);
        CHECK(held.use_count() > 1);
    }
    CHECK(held.use_count() == 1);
    stop.emit(asio::cancellation_type::terminal);
}

TEST_CASE("a run without an end is an error that names the seed", "[sim]")
{
    sim world(42, 1000);
    const std::function<void()> again = [&] { asio::post(world.get_executor(), [&] { again(); }); };
    again();
    CHECK_THROWS_WITH(world.run(), Catch::Contains("1000") && Catch::Contains("seed 42"));
}

TEST_CASE("an exception of a handler leaves the run and the world goes on", "[sim][U11]")
{
    sim world(1);
    asio::post(world.get_executor(), [] { throw std::runtime_error("a bug"); });
    CHECK_THROWS_WITH(world.run(), "a bug");

    bool inlined = true, ran = false;
    asio::dispatch(world.get_executor(), [&] { ran = true; });
    inlined = ran;
    world.run();
    CHECK_FALSE(inlined);
    CHECK(ran);
}

TEST_CASE("run_for stops exactly at its end and a stall fires what became due", "[sim][U14]")
{
    sim world(9);
    const time_point start = world.now();
    std::vector<std::string> log;
    asio::co_spawn(world.get_executor(), sleeper(world, 10s, log, "ten"), asio::detached);
    asio::co_spawn(world.get_executor(), sleeper(world, 20s, log, "twenty"), asio::detached);

    world.run_for(15s);
    CHECK(world.now() == start + 15s);
    CHECK(log == std::vector<std::string>{"ten done"});
    world.stall(30s);
    world.run();
    CHECK(world.now() == start + 45s);
    CHECK(log.size() == 2);
}

TEST_CASE("the trace tells runs apart and is the same for the same seed", "[sim]")
{
    const auto trace = [](std::uint64_t seed, duration span) {
        sim world(seed);
        std::vector<std::string> log;
        for (int i = 0; i < 5; ++i)
            asio::co_spawn(world.get_executor(), sleeper(world, span, log, "x"), asio::detached);
        world.run();
        return world.trace();
    };
    CHECK(trace(1, 1s) == trace(1, 1s));
    CHECK(trace(1, 1s) != trace(2, 1s));
    CHECK(trace(1, 1s) != trace(1, 2s));
}

TEST_CASE("turning the calendar moves no deadline", "[sim][T19]")
{
    sim world(1);
    const time_point start = world.now();
    const wall_time calendar = world.wall_now();
    bool done = false;
    world.async_wait_until(start + 1h, [&](error_code) { done = true; });
    world.turn_calendar(-24h);
    CHECK(world.wall_now() == calendar - 24h);
    world.run();
    CHECK(done);
    CHECK(world.now() == start + 1h);
}
