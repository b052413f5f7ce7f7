// A server that stays dead: chains that wait for it end in time, together, and can be resumed.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/core/flow.hpp>
#include <catena/shared_budgets.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <memory>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// A walk that notes when it ended.
struct walker {
    walker(engine& e, const std::shared_ptr<const connector>& c, const chain_limits& l)
        : way(e, c, l)
    {
    }
    chain way;
    harvest got;
    time_point ended{};
};

asio::awaitable<void> walk_and_note(walker& w, sim& time)
{
    co_await gather(w.way, w.got);
    w.ended = time.now();
}

// Many chains of one engine, and a server that is dead from one moment to another.
struct crowd {
    explicit crowd(std::uint64_t seed, std::size_t records = 2000)
        : w(seed, contract("token"), records)
    {
        w.wire.fail_by([this](std::size_t, const http_request&) -> std::optional<wire_fault> {
            if (w.time.now() < dies || w.time.now() >= lives) return std::nullopt;
            return wire_fault(refuses ? wire_fault::kind::refused : wire_fault::kind::status);
        });
    }

    walker& add(engine& e, const chain_limits& l = {})
    {
        all.push_back(std::make_unique<walker>(e, shared, l));
        asio::co_spawn(w.time.get_executor(), walk_and_note(*all.back(), w.time), asio::detached);
        return *all.back();
    }

    world w;
    std::shared_ptr<const connector> shared = std::make_shared<const connector>(w.contract);
    time_point dies = time_point::max(), lives = time_point::max();
    bool refuses = false;
    std::vector<std::unique_ptr<walker>> all;
};

// Between two probes, and for the answer to the last.
constexpr duration one_probe = flow::longest_probe + 1s;

}  // namespace

TEST_CASE("a thousand chains of a server that stays dead end together and in time", "[sim][R10]")
{
    const auto seed = GENERATE(1u, 2u);
    const bool refuses = GENERATE(false, true);
    CAPTURE(seed, refuses);
    crowd c(seed, 300);
    c.refuses = refuses;
    const time_point begun = c.w.time.now();
    c.dies = begun + 100ms;
    for (int i = 0; i < 1000; ++i)
        c.add(*c.w.on);
    c.w.time.run();

    time_point first = time_point::max();
    time_point last{};
    std::size_t together = 0;
    for (const auto& one : c.all) {
        REQUIRE(one->got.done);
        if (refuses)
            REQUIRE(one->got.why.code == asio::error::connection_refused);
        else
            REQUIRE(one->got.why.code == errc::server_failed);
        REQUIRE(one->got.why.next == advice::resume);
        last = std::max(last, one->ended);
        first = std::min(first, one->ended);
    }
    const duration bound = chain_limits().longest_outage + one_probe;
    CHECK(last - c.dies <= bound);
    for (const auto& one : c.all)
        together += one->ended == last ? 1 : 0;
    CHECK(together > 900);  // but for those that the first failures used up

    std::size_t late = 0;  // no storm: probes only
    for (const exchanged& e : c.w.wire.log())
        late += e.begun > c.dies + 5s ? 1 : 0;
    CHECK(late <= 20);
}

TEST_CASE("the rest of a walk that an outage ended can be fetched later", "[sim][R10][T19]")
{
    crowd c(1, 2000);
    c.dies = c.w.time.now() + 100ms;
    c.lives = c.dies + 20min;
    walker& one = c.add(*c.w.on);
    for (int i = 0; i < 20; ++i)
        c.add(*c.w.on);
    c.w.time.run();
    REQUIRE(one.got.why.code == errc::server_failed);
    REQUIRE_FALSE(one.got.after.empty());

    c.w.time.stall(20min);
    chain rest(*c.w.on, c.w.contract, one.got.after.back());
    const harvest h = walk(c.w, rest);
    INFO(h.why.text());
    std::vector<std::string> records = one.got.records;
    records.insert(records.end(), h.records.begin(), h.records.end());
    CHECK(records == c.w.model.records());
}

TEST_CASE("an outage that ends in time ends no chain", "[sim][R10][T19]")
{
    const auto seed = GENERATE(1u, 2u, 3u);
    crowd c(seed, 300);
    c.dies = c.w.time.now() + 100ms;
    c.lives = c.dies + 4min;
    chain_limits patient;
    patient.attempts = 1000;
    for (int i = 0; i < 100; ++i)
        c.add(*c.w.on, patient);
    c.w.time.run();
    for (const auto& one : c.all) {
        INFO(one->got.why.text());
        REQUIRE(one->got.records == c.w.model.records());
    }
}

TEST_CASE("a chain that begins in an outage has all its patience, and finds the end of it",
          "[sim][R10]")
{
    crowd c(1);
    c.dies = c.w.time.now();
    c.lives = c.dies + 30min;
    for (int i = 0; i < 100; ++i)
        c.add(*c.w.on);
    c.w.time.run();
    chain_limits patient;
    patient.attempts = 1000;
    c.w.time.stall(c.dies + 20min - c.w.time.now());
    walker& gives_up = c.add(*c.w.on, patient);
    c.w.time.run();
    CHECK(gives_up.got.why.code == errc::server_failed);
    CHECK(gives_up.ended >= c.dies + 25min);
    CHECK(gives_up.ended <= c.dies + 25min + one_probe);
    c.w.time.stall(c.dies + 28min - c.w.time.now());
    walker& gets_through = c.add(*c.w.on, patient);
    c.w.time.run();
    CHECK(gets_through.got.records == c.w.model.records());
}

TEST_CASE("each chain has the patience that it was given", "[sim][R10]")
{
    crowd c(1);
    const time_point begun = c.w.time.now();
    c.dies = begun + 100ms;
    chain_limits limits;
    limits.attempts = 1000;
    limits.retry_time = duration::zero();
    for (const duration d : {1min, 10min, 3min}) {
        limits.longest_outage = d;
        c.add(*c.w.on, limits);
    }
    c.w.time.run();
    // The last one that is left asks at its own pace, not at that of the probes.
    const duration alone = limits.longest_backoff + 1s;
    const auto ended_within = [&](std::size_t i, duration d) {
        const duration took = c.all[i]->ended - c.dies;
        return took >= d && took <= d + std::max(one_probe, alone);
    };
    CHECK(ended_within(0, 1min));
    CHECK(ended_within(1, 10min));
    CHECK(ended_within(2, 3min));
}

TEST_CASE("an outage ends the chains of all engines that share the budget", "[sim][R10]")
{
    crowd c(1);
    c.dies = c.w.time.now() + 100ms;
    engine_options options = c.w.options(1);
    options.budgets = std::make_shared<shared_budgets>();
    engine a(c.w.time.get_executor(), c.w.wire, c.w.time, options);
    engine b(c.w.time.get_executor(), c.w.wire, c.w.time, options);
    chain_limits patient;
    patient.attempts = 1000;
    for (int i = 0; i < 100; ++i)
        c.add(i % 2 == 0 ? a : b, patient);
    c.w.time.run();
    const time_point end = c.all.front()->ended;
    CHECK(end - c.dies <= chain_limits().longest_outage + one_probe);
    for (const auto& one : c.all)
        CHECK((one->ended - end).count() == 0);
}
