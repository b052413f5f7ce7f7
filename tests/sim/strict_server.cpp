// A server that counts strictly: none of our requests may be refused, and the quota must be used.
#include "sim/strict_server.hpp"

#include "support/catch.hpp"

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Many chains for ten minutes of virtual time.
void walk(strict_server& api, const connector& c, std::uint64_t seed, duration jitter)
{
    sim time(seed);
    fake_transport_options wiring;
    wiring.seed = seed;
    wiring.latency = 40ms;
    wiring.jitter = jitter;
    fake_transport wire(
        time.get_executor(), time,
        [&](const http_request& r, const arrival& how) { return api.answer(r, how); }, wiring);
    engine_options options;
    options.seed = seed;
    engine on(time.get_executor(), wire, time, options);

    const auto shared = std::make_shared<const connector>(c);
    std::vector<std::unique_ptr<chain>> chains;
    std::vector<harvest> all(64);
    for (harvest& h : all) {
        chains.push_back(std::make_unique<chain>(on, shared));
        asio::co_spawn(time.get_executor(), gather(*chains.back(), h), asio::detached);
    }
    (void)time.run_for(10min);
    for (const harvest& h : all)
        CHECK_FALSE(h.done);
}

}  // namespace

TEST_CASE("with its limits declared no request is refused and the quota is used", "[sim][R3][R13]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 4u));
    const duration jitter = GENERATE(0ms, 30ms);
    const auto counts = GENERATE(strict_server::window::sliding, strict_server::window::fixed);
    CAPTURE(seed, jitter.count(), int(counts));
    strict_server api;
    api.counts = counts;
    connector c = endless();
    c.limits.policies.emplace_back(100, 10s);
    c.limits.policies[0].burst = GENERATE(1u, 100u);
    walk(api, c, seed, jitter);
    CHECK(api.refused == 0);
    CHECK(api.served >= 60 * 100 * 99 / 100);
}

TEST_CASE("where the server tells of its limits no request is refused either", "[sim][R6][R8]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 4u));
    const duration jitter = GENERATE(0ms, 30ms);
    const auto says = GENERATE(strict_server::words::draft, strict_server::words::github);
    CAPTURE(seed, jitter.count(), int(says));
    strict_server api;
    api.counts = strict_server::window::fixed;
    api.says = says;
    api.per = 1min;
    walk(api, endless(), seed, jitter);
    CHECK(api.refused == 0);
    CHECK(api.served >= 10 * 100 * 99 / 100);
}
