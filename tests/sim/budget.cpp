// All chains of one set of credentials together keep the server's limits.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

// Walks the same data with `n` chains at once; all must be complete.
void walk_with(world& w, std::size_t n, std::vector<harvest>& out)
{
    std::vector<std::unique_ptr<chain>> chains;
    const auto shared = std::make_shared<const connector>(w.contract);
    out.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        chains.push_back(std::make_unique<chain>(*w.on, shared));
        asio::co_spawn(w.time.get_executor(), gather(*chains[i], out[i]), asio::detached);
    }
    w.time.run();
}

}  // namespace

TEST_CASE("a rate policy holds for all chains together", "[sim][R3][R13]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    connector c = contract("token");
    c.limits.policies.emplace_back(10, std::chrono::seconds(1), 4);
    behaviour b;
    b.enforce_limits = true;
    world w(seed, c, 40, b);
    std::vector<harvest> all;
    walk_with(w, 20, all);

    for (const harvest& h : all)
        CHECK(h.records == w.model.records());
    const auto& log = w.wire.log();
    for (std::size_t i = 4; i < log.size(); ++i)
        REQUIRE(log[i].begun - log[i - 4].begun >= std::chrono::milliseconds(100));
    // and nothing is wasted: the last request goes out when the rate allows it
    const auto span = log.back().begun - log.front().begun;
    CHECK(span <= std::chrono::milliseconds(100 * (log.size() - 4) + 100));
}

TEST_CASE("Retry-After holds every chain of the budget", "[sim][R3][R4]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    const bool as_date = GENERATE(false, true);
    CAPTURE(seed, as_date);
    behaviour b;
    fault busy = fault::answer(429, 10, 5);
    busy.retry_after = std::chrono::seconds(90);
    busy.as_date = as_date;
    b.faults.push_back(busy);
    world w(seed, contract("token"), 40, b);
    std::vector<harvest> all;
    walk_with(w, 5, all);

    for (const harvest& h : all)
        CHECK(h.records == w.model.records());
    time_point held = time_point::max();
    for (const served& s : w.model.log()) {
        if (s.status == 429 && held == time_point::max()) held = s.at;
        const bool during = held != time_point::max() &&
                            s.at > held + std::chrono::milliseconds(20) &&
                            s.at < held + std::chrono::seconds(89);
        CHECK_FALSE(during);  // those already on their way may arrive, no other one
    }
}

TEST_CASE("a concurrency cap is kept", "[sim]")
{
    connector c = contract("token");
    c.limits.concurrency = 3;
    world w(1, c, 40);
    std::vector<harvest> all;
    walk_with(w, 30, all);
    for (const harvest& h : all)
        CHECK(h.records == w.model.records());
    CHECK(w.wire.most_in_flight() == 3);
}

TEST_CASE("when all chains have ended no timer keeps the context", "[sim]")
{
    world w(1, contract("token"), 5);
    std::vector<harvest> all;
    const time_point begun = w.time.now();
    walk_with(w, 8, all);  // all but the first wait for its answer, or a second at most
    for (const harvest& h : all)
        CHECK(h.records == w.model.records());
    CHECK(w.time.now() - begun < std::chrono::seconds(1));
}

TEST_CASE("waiting chains cost no timer of their own, and go in order", "[sim]")
{
    connector c = contract("token");
    c.limits.policies.emplace_back(1, std::chrono::seconds(60));
    world w(1, c, 5);
    std::vector<harvest> all;
    std::vector<std::unique_ptr<chain>> chains;
    const auto shared = std::make_shared<const connector>(w.contract);
    all.resize(1000);
    for (std::size_t i = 0; i < all.size(); ++i) {
        chains.push_back(std::make_unique<chain>(*w.on, shared));
        asio::co_spawn(w.time.get_executor(), gather(*chains[i], all[i]), asio::detached);
    }
    (void)w.time.run_for(std::chrono::seconds(30));
    CHECK(w.time.waiting() <= 1);
    w.time.run();
    for (const harvest& h : all)
        CHECK(h.records == w.model.records());
}
