#include "support/catch.hpp"
#include <catena/net/system_time.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>

using namespace catena;
using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST_CASE("a wait ends at its time and not inside the call", "[system_time]")
{
    asio::io_context context;
    system_time clock(context.get_executor());
    for (const duration d : {duration(-1h), duration(0), duration(20ms)}) {
        const time_point due = clock.now() + d;
        int calls = 0;
        clock.async_wait_until(due, [&](error_code ec) {
            ++calls;
            CHECK(ec == error_code());
            CHECK(clock.now() >= due);
        });
        CHECK(calls == 0);
        context.restart();
        context.run();
        CHECK(calls == 1);
    }
}

TEST_CASE("a wait ends when it is cancelled, or its clock is destroyed", "[system_time]")
{
    const bool cancels = GENERATE(true, false);
    asio::io_context context;
    asio::cancellation_signal signal;
    std::optional<system_time> clock;
    clock.emplace(context.get_executor());
    error_code got;
    clock->async_wait_until(
        time_point::max(),
        asio::bind_cancellation_slot(signal.slot(), [&](error_code ec) { got = ec; }));
    CHECK(context.poll() == 0);
    if (cancels) {
        signal.emit(asio::cancellation_type::partial);
    } else {
        clock.reset();
    }
    context.restart();
    context.run();

    CHECK(got == asio::error::operation_aborted);
}

TEST_CASE("a context may be destroyed before its clock", "[system_time][U2]")
{
    auto context = std::make_unique<asio::io_context>();
    system_time clock(context->get_executor());
    bool called = false;
    clock.async_wait_until(clock.now() + 1h, [&](error_code) { called = true; });
    context.reset();
    CHECK_FALSE(called);
}

TEST_CASE("the wall clock tells the calendar's time", "[system_time]")
{
    asio::io_context context;
    const system_time clock(context.get_executor());
    const auto now = std::chrono::system_clock::now();
    CHECK(clock.wall_now() - now < 1min);
    CHECK(now - clock.wall_now() < 1min);
}
