#include "net/resolver.hpp"

#include "exchange_probe.hpp"
#include "fake_names.hpp"
#include "support/catch.hpp"
#include "support/raw_server.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/errc.hpp>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <netdb.h>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Releases what hangs, however the test ends.
struct hanging_names {
    hanging_names() { hold_stuck_names(); }
    ~hanging_names() { release_stuck_names(); }
};

// What a thread does is no event of the context.
void watch_until(asio::io_context& context, const std::function<bool()>& yes)
{
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!yes() && std::chrono::steady_clock::now() < end) {
        context.restart();
        context.poll();
        std::this_thread::yield();
    }
    REQUIRE(yes());
}

}  // namespace

TEST_CASE("three names that hang hold nobody else", "[resolver][T2]")
{
    const hanging_names stuck;
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("lively.test", {"127.0.0.1"});
    http_transport wire(context.get_executor());
    std::vector<std::unique_ptr<probe>> hung;
    for (const char* host : {"a.stuck.test", "b.stuck.test", "c.stuck.test"}) {
        // Many who ask for one name are no more than one.
        for (int i = 0; i < 10; ++i) {
            hung.push_back(std::make_unique<probe>(server.port()));
            hung.back()->ask.to.host = host;
            hung.back()->start(wire);
        }
    }
    probe lively(server.port());
    lively.ask.to.host = "lively.test";
    const auto begin = std::chrono::steady_clock::now();
    lively.run(context, wire);

    CHECK(lively.ec == error_code());
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    for (const auto& p : hung) {
        p->signal.emit(asio::cancellation_type::total);
        p->wait(context);
        CHECK(p->ec == asio::error::operation_aborted);
    }
    CHECK(lookups_of("a.stuck.test") == 1);
}

TEST_CASE("names beyond the threads wait for one", "[resolver]")
{
    hold_stuck_names();
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    http_transport wire(context.get_executor());
    std::vector<std::unique_ptr<probe>> all;
    for (int i = 0; i < 12; ++i) {
        const std::string host = "n" + std::to_string(i) + ".stuck.test";
        set_name(host, {"127.0.0.1"});
        all.push_back(std::make_unique<probe>(server.port()));
        all.back()->ask.to.host = host;
        all.back()->start(wire);
    }
    watch_until(context, [&] { return lookups_of("n3.stuck.test") == 1; });
    context.run_for(20ms);
    CHECK(lookups_of("n4.stuck.test") == 0);
    release_stuck_names();
    for (const auto& p : all) {
        p->wait(context);
        CHECK(p->ec == error_code());
    }
}

TEST_CASE("equal names under way are looked up once, and kept", "[resolver]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("popular.test", {"127.0.0.1"});
    http_transport wire(context.get_executor());
    std::vector<std::unique_ptr<probe>> all;
    for (int i = 0; i < 20; ++i) {
        all.push_back(std::make_unique<probe>(server.port()));
        all.back()->ask.to.host = "popular.test";
        all.back()->start(wire);
    }
    for (const auto& p : all) {
        p->wait(context);
        CHECK(p->ec == error_code());
    }
    CHECK(lookups_of("popular.test") == 1);
}

TEST_CASE("transport and context may go while the system still looks", "[resolver][U1][U2]")
{
    const bool transport_first = GENERATE(true, false);
    CAPTURE(transport_first);
    const auto begin = std::chrono::steady_clock::now();
    {
        const hanging_names stuck;
        auto context = std::make_unique<asio::io_context>();
        std::optional<http_transport> wire(std::in_place, context->get_executor());
        probe p(80), queued(80);
        p.ask.to.host = queued.ask.to.host = "gone.stuck.test";
        p.start(*wire);
        queued.start(*wire);
        watch_until(*context, [] { return lookups_of("gone.stuck.test") > 0; });
        if (transport_first) {
            wire.reset();
            p.wait(*context);
            CHECK(p.ec == asio::error::operation_aborted);
        }
        context.reset();
        CHECK(p.completions == (transport_first ? 1 : 0));
    }
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("a late answer finds nobody, and the next lookup is a new one", "[resolver][T2]")
{
    asio::io_context context;
    raw_server server(context, always(say(ok("x"))));
    set_name("late.stuck.test", {"127.0.0.1"});
    wire_options options;
    options.times.resolve = 20ms;
    http_transport wire(context.get_executor(), options);
    hold_stuck_names();
    for (int i = 0; i < 3; ++i) {
        probe p(server.port());
        p.ask.to.host = "late.stuck.test";
        p.run(context, wire);
        CHECK(p.ec == errc::timed_out_resolve);
    }
    CHECK(lookups_of("late.stuck.test") == 1);
    release_stuck_names();
    context.restart();
    context.run_for(20ms);

    probe p(server.port());
    p.ask.to.host = "late.stuck.test";
    p.run(context, wire);
    CHECK(p.ec == error_code());
}

TEST_CASE("each failure of the system's resolver has its code", "[resolver][T1]")
{
    struct row {
        int failure, number;
        error_code ec;
    };
    const row rows[] = {
        {EAI_NONAME, 0, asio::error::host_not_found},
        {EAI_AGAIN, 0, asio::error::host_not_found_try_again},
        {EAI_AGAIN, ECONNREFUSED, asio::error::host_not_found_try_again},
        {EAI_FAIL, 0, asio::error::no_recovery},
        {EAI_MEMORY, 0, make_error_code(boost::system::errc::not_enough_memory)},
        {EAI_SYSTEM, ENETDOWN, asio::error::network_down},
        {EAI_SYSTEM, 0, asio::error::no_recovery},
    };
    for (const row& r : rows) {
        CAPTURE(r.failure, r.number);
        fail_name("bad.test", r.failure, r.number);
        asio::io_context context;
        const auto names = std::make_shared<net::resolver>(context.get_executor());
        const auto who = std::make_shared<net::bell>(context.get_executor());
        const auto asked = names->ask("bad.test", who);
        const auto work = asio::make_work_guard(context);
        run_until(context, [&] { return asked->done; });

        CHECK(asked->ec == r.ec);
        CHECK(asked->found.empty());
    }
}

TEST_CASE("an address that is told twice is one", "[resolver]")
{
    set_name("twice.test", {"127.0.0.1", "::1", "127.0.0.1", "::1"});
    asio::io_context context;
    const auto names = std::make_shared<net::resolver>(context.get_executor());
    const auto who = std::make_shared<net::bell>(context.get_executor());
    const auto asked = names->ask("twice.test", who);
    const auto work = asio::make_work_guard(context);
    run_until(context, [&] { return asked->done; });

    CHECK(asked->found ==
          net::addresses{asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1")});
}
