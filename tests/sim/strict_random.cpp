// Random policies at random servers: never above any of them, and nothing is wasted.
#include "sim/strict_server.hpp"
#include "support/catch.hpp"
#include <catena/core/budget.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr duration span = 10min;

// A server that keeps several policies, each as strictly as can be.
struct strict_policies {
    scripted_answer answer(const http_request& ask, const arrival& how)
    {
        for (strict_server& one : each) {
            one.count(how.at);
            if (one.used == one.most) ++refused;
        }
        for (strict_server& one : each)
            last = one.answer(ask, how);
        return last;
    }

    std::vector<strict_server> each;
    scripted_answer last{200, ""};
    std::uint64_t refused = 0;
};

struct draw {
    explicit draw(std::uint64_t seed) : dice(seed) {}

    std::uint64_t number(std::uint64_t least, std::uint64_t most)
    {
        return least + dice.draw(most - least + 1);
    }
    bool coin() { return dice.draw(2) == 0; }

    // Windows so long that jitter is a hundredth of them at most.
    rate_policy policy(bool may_be_bucket)
    {
        rate_policy p(static_cast<std::uint32_t>(number(1, 120)),
                      std::chrono::seconds(number(4, 60)));
        p.burst = static_cast<std::uint32_t>(number(1, p.requests));
        if (may_be_bucket && coin()) p.counts = rate_policy::window::bucket;
        return p;
    }

    strict_server server(const rate_policy& p)
    {
        strict_server s;
        s.most = p.requests;
        s.per = p.per;
        s.counts = coin() ? strict_server::window::sliding : strict_server::window::fixed;
        s.begins = time_point(std::chrono::milliseconds(number(0, 60'000)));
        if (p.counts != rate_policy::window::bucket) return s;
        s.counts = strict_server::window::bucket;
        s.most = p.burst;  // a bucket of that size, refilled at the policy's rate
        s.per = p.per * p.burst / p.requests;
        return s;
    }

    sim dice;
};

std::uint64_t walk(strict_policies& api, const limits_rule& limits, std::uint64_t seed,
                   duration latency, duration jitter)
{
    sim time(seed);
    fake_transport_options wiring;
    wiring.seed = seed;
    wiring.latency = latency;
    wiring.jitter = jitter;
    fake_transport wire(
        time.get_executor(), time,
        [&](const http_request& r, const arrival& how) { return api.answer(r, how); }, wiring);
    engine_options options;
    options.seed = seed;
    engine on(time.get_executor(), wire, time, options);
    connector c = endless();
    c.limits = limits;
    const auto shared = std::make_shared<const connector>(c);
    std::vector<std::unique_ptr<chain>> chains;
    std::vector<harvest> all(24);
    for (harvest& h : all) {
        chains.push_back(std::make_unique<chain>(on, shared));
        asio::co_spawn(time.get_executor(), gather(*chains.back(), h), asio::detached);
    }
    (void)time.run_for(span);
    return wire.log().size();
}

// What one could send who stands beside the server and waits for no answer.
std::uint64_t possible(const limits_rule& limits)
{
    budget b(limits);
    std::uint64_t sent = 0;
    const time_point end = time_point() + span;
    for (time_point now = b.earliest(time_point()); now < end; now = b.earliest(now)) {
        b.release(b.take(now, {}), exchange_outcome::good, {}, now);
        ++sent;
    }
    return sent;
}

}  // namespace

TEST_CASE("at random servers random policies are kept and used up", "[sim][R3][R13][random]")
{
    double worst = 1;
    constexpr unsigned runs = 50;
    for (unsigned seed = 1; seed <= runs; ++seed) {
        draw d(seed);
        const duration jitter = d.coin() ? 0ms : std::chrono::milliseconds(d.number(1, 30));
        const duration latency = std::chrono::milliseconds(d.number(1, 300));
        strict_policies api;
        limits_rule limits;
        for (std::uint64_t n = d.number(1, 3); n > 0; --n) {
            limits.policies.push_back(d.policy(jitter == 0ms));
            api.each.push_back(d.server(limits.policies.back()));
        }
        std::string rules;
        for (const rate_policy& p : limits.policies)
            rules += std::to_string(p.requests) + " in " + std::to_string(p.per / 1s) +
                     " s, burst " + std::to_string(p.burst) +
                     (p.counts == rate_policy::window::bucket ? " as a bucket; " : "; ");
        CAPTURE(seed, jitter.count(), latency.count(), rules);
        const std::uint64_t sent = walk(api, limits, seed, latency, jitter);
        const std::uint64_t most = possible(limits);
        CHECK(api.refused == 0);
        CHECK(sent * 100 + 100 >= most * 99);
        worst = std::min(worst, double(sent) / double(most));
    }
    WARN(runs << " servers: at least " << worst * 100 << " % of what was possible");
}

TEST_CASE("of one random policy at least 99 % is used", "[sim][R3][R13][random]")
{
    double worst = 1;
    constexpr unsigned runs = 20;
    for (unsigned seed = 1001; seed <= 1000 + runs; ++seed) {
        draw d(seed);
        const duration jitter = std::chrono::milliseconds(d.number(0, 30));
        limits_rule limits;
        limits.policies.push_back(d.policy(false));
        const rate_policy& p = limits.policies.front();
        strict_policies api;
        api.each.push_back(d.server(p));
        CAPTURE(seed, jitter.count(), p.requests, p.per.count(), p.burst);
        const std::uint64_t sent = walk(api, limits, seed, 50ms, jitter);
        const double quota = double(p.requests) * double(span.count()) / double(p.per.count());
        CHECK(api.refused == 0);
        CHECK(double(sent) >= quota * 0.99 - 1);
        worst = std::min(worst, double(sent) / quota);
    }
    WARN(runs << " policies: at least " << worst * 100 << " % used");
}
