// Processes that share a quota and know nothing of each other.
#include "sim/strict_server.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <memory>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// One of several programs: its own transport, engine and chains.
struct process {
    process(sim& time, server s, std::uint64_t seed)
        : wire(time.get_executor(), time, std::move(s), wiring(seed)),
          on(time.get_executor(), wire, time, options(seed))
    {
    }

    void walk(sim& time, const std::shared_ptr<const connector>& c, std::size_t chains)
    {
        all.resize(chains);
        for (harvest& h : all) {
            ways.push_back(std::make_unique<chain>(on, c));
            asio::co_spawn(time.get_executor(), gather(*ways.back(), h), asio::detached);
        }
    }

    [[nodiscard]] std::size_t pages() const
    {
        std::size_t n = 0;
        for (const harvest& h : all)
            n += h.records.size();
        return n;
    }

    static fake_transport_options wiring(std::uint64_t seed)
    {
        fake_transport_options o;
        o.seed = seed;
        o.latency = 40ms;
        o.jitter = 20ms;
        return o;
    }
    static engine_options options(std::uint64_t seed)
    {
        engine_options o;
        o.seed = seed;
        return o;
    }

    fake_transport wire;
    engine on;
    std::vector<std::unique_ptr<chain>> ways;
    std::vector<harvest> all;
};

}  // namespace

TEST_CASE("two processes that share a quota both settle and both get on", "[sim][R12]")
{
    using window = strict_server::window;
    using words = strict_server::words;
    const std::uint64_t seed = 1;
    const auto counts = GENERATE(window::sliding, window::fixed);
    const auto says = GENERATE(words::none, words::draft, words::github);
    const bool says_when = GENERATE(false, true);
    const bool declared = GENERATE(false, true);
    CAPTURE(seed, int(counts), int(says), says_when, declared);

    strict_server api;
    api.counts = counts;
    api.says = says;
    api.says_when = says_when;
    sim time(seed);
    const auto serve = [&](const http_request& r, const arrival& how) {
        return api.answer(r, how);
    };
    process one(time, serve, seed), other(time, serve, seed + 100);
    connector c = endless();
    if (declared)
        c.limits.policies.emplace_back(100, 10s, 100);  // each thinks it is all for itself
    const auto shared = std::make_shared<const connector>(c);
    one.walk(time, shared, 32);
    (void)time.run_for(7s);  // one has had it alone
    other.walk(time, shared, 32);
    (void)time.run_for(2min);
    const std::uint64_t refused = api.refused;
    const std::uint64_t served = api.served;
    const std::size_t before = one.pages();
    const std::size_t before_other = other.pages();
    (void)time.run_for(4min);

    for (const process* p : {&one, &other})
        for (const harvest& h : p->all)
            REQUIRE_FALSE(h.done);
    const double quota = 24 * 100;
    const double mine = double(one.pages() - before);
    const double its = double(other.pages() - before_other);
    CAPTURE(mine, its, api.refused - refused);
    // Who declares all of a quota that others use too takes what it can, and is within its limits.
    CHECK((declared || mine >= quota * 0.15));
    CHECK((declared || its >= quota * 0.15));
    CHECK(mine + its >= quota * 0.7);
    CHECK(double(api.refused - refused) <= double(api.served - served) * 0.3);
}

TEST_CASE("a hold ends for each process at a moment of its own, and for none early", "[sim][R12]")
{
    const auto pause = GENERATE(as<duration>{}, 2s, 90s);
    std::vector<duration> back;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        behaviour b;
        fault busy = fault::answer(429, 3, 1);
        busy.retry_after = pause;
        b.faults.push_back(busy);
        world w(seed, contract("token"), 40, b);
        (void)walk_all(w);
        const auto& log = w.model.log();
        // Sent half a way before it came, and told half a way after.
        back.push_back(log.at(4).at - log.at(3).at - 10ms);
        CHECK(back.back() >= pause);
        CHECK(back.back() <= pause + std::min<duration>(pause / 10, 1s));
    }
    std::sort(back.begin(), back.end());
    CHECK(back.back() - back.front() >= std::min<duration>(pause / 10, 1s) / 2);
    CHECK(std::unique(back.begin(), back.end()) == back.end());
}
