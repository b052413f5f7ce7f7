// What a whole engine does about limits that servers show in their own ways.
#include "sim/strict_server.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// An engine, its transport and chains at one server.
struct rig {
    rig(server s, connector c, std::size_t chains = 64, observer* watch = nullptr)
        : wire(time.get_executor(), time, std::move(s), wiring()),
          on(time.get_executor(), wire, time, options(watch)),
          shared(std::make_shared<const connector>(std::move(c))),
          all(chains)
    {
        for (harvest& h : all) {
            ways.push_back(std::make_unique<chain>(on, shared));
            asio::co_spawn(time.get_executor(), gather(*ways.back(), h), asio::detached);
        }
    }

    static fake_transport_options wiring()
    {
        fake_transport_options o;
        o.latency = 40ms;
        o.jitter = 10ms;
        return o;
    }
    static engine_options options(observer* watch)
    {
        engine_options o;
        o.seed = 1;
        o.watch = watch;
        return o;
    }

    [[nodiscard]] bool all_walk_on() const
    {
        return std::none_of(all.begin(), all.end(), [](const harvest& h) { return h.done; });
    }

    sim time{1};
    fake_transport wire;
    engine on;
    std::shared_ptr<const connector> shared;
    std::vector<std::unique_ptr<chain>> ways;
    std::vector<harvest> all;
};

struct note_taker final : observer {
    void on_notice(chain_id, std::uint64_t, const notice& n) override
    {
        if (n.what == notice::kind::limit_not_understood) texts.push_back(n.text);
    }
    std::vector<std::string> texts;
};

}  // namespace

TEST_CASE("a quota that stands in the body is waited for where the connector names it",
          "[sim][R6][signals]")
{
    strict_server api;
    api.counts = strict_server::window::fixed;
    api.says = strict_server::words::body;
    api.per = 1min;
    connector c = endless();
    quota_rule q;
    q.remaining.emplace(signal_place::place::body, "/quota/left");
    q.reset.emplace(signal_place::place::body, "/quota/ms");
    q.reset_as = time_form::milliseconds;
    c.limits.signals.quotas = {q};
    rig r([&](const http_request& a, const arrival& how) { return api.answer(a, how); }, c);
    (void)r.time.run_for(10min);
    CHECK(r.all_walk_on());
    CHECK(api.refused == 0);
    CHECK(api.served >= 10 * 100 * 97 / 100);
}

TEST_CASE("a 429 counts, however much quota the answers claim", "[sim][R7]")
{
    strict_server api;
    api.counts = strict_server::window::fixed;
    api.says_when = true;
    rig r(
        [&](const http_request& a, const arrival& how) {
            scripted_answer out = api.answer(a, how);
            out.headers.push_back({"X-RateLimit-Limit", "5000"});
            out.headers.push_back({"X-RateLimit-Remaining", "4990"});
            out.headers.push_back({"X-RateLimit-Reset", "3000"});
            return out;
        },
        endless());
    (void)r.time.run_for(10min);
    CHECK(r.all_walk_on());
    // In each window those that were on their way, and no second time.
    CHECK(api.refused <= 60 * 64);
    CHECK(api.served >= 60 * 100 * 80 / 100);
    CHECK(api.refused <= api.served / 5);
}

TEST_CASE("jumps of the calendar and of the machine's sleep let no more through", "[sim][R14][T19]")
{
    strict_server api;
    connector c = endless();
    c.limits.policies.emplace_back(100, 10s, 100);
    rig r([&](const http_request& a, const arrival& how) { return api.answer(a, how); }, c);
    (void)r.time.run_for(1min);
    for (const auto turn : {24h, -48h, 1h}) {
        r.time.turn_calendar(turn);
        const std::uint64_t before = api.served;
        (void)r.time.run_for(1min);
        CHECK(api.served - before >= 590);
        CHECK(api.served - before <= 700);
    }
    r.time.stall(3h);
    const std::uint64_t before = api.served;
    (void)r.time.run_for(1min);
    CHECK(api.served - before >= 590);
    CHECK(api.refused == 0);
    CHECK(r.all_walk_on());
}

TEST_CASE("a server that becomes twenty times slower gets fewer requests at once", "[sim][R11]")
{
    bool slow = false;
    std::uint64_t served = 0;
    rig r(
        [&](const http_request& a, const arrival& how) {
            strict_server pages;
            pages.most = 1'000'000'000;
            ++served;
            return pages.answer(a, how);
        },
        endless(), 64);
    r.wire.fail_by([&](std::size_t, const http_request&) -> std::optional<wire_fault> {
        if (!slow) return std::nullopt;
        wire_fault late(wire_fault::kind::late);
        late.delay = 20 * 45ms;
        return late;
    });
    (void)r.time.run_for(5s);
    CHECK(r.wire.in_flight() >= 60);
    slow = true;
    (void)r.time.run_for(15s);
    CHECK(r.wire.in_flight() <= 16);
    CHECK(r.wire.in_flight() >= 1);
    slow = false;
    (void)r.time.run_for(2s);
    CHECK(r.wire.in_flight() >= 8);
    CHECK(r.all_walk_on());
}

TEST_CASE("a server's limit of requests at once is kept, another unit is told once", "[sim][R15]")
{
    strict_server pages;
    pages.most = 1'000'000'000;
    std::uint64_t served = 0;
    const auto serve = [&](const http_request& a, const arrival& how) {
        scripted_answer out = pages.answer(a, how);
        const char* const at_once = ++served < 5000 ? "5" : "7";
        out.headers.push_back({"RateLimit-Policy",
                               std::string(R"("c";q=)") + at_once +
                                   R"(;qu="concurrent-requests", "b";q=65535;qu="content-bytes")"});
        return out;
    };
    note_taker notes;
    rig r(serve, endless(), 64, &notes);
    (void)r.time.run_for(30s);
    CHECK(r.wire.most_in_flight() == 5);
    (void)r.time.run_for(60s);
    CHECK(r.wire.most_in_flight() == 7);
    REQUIRE(notes.texts.size() == 1);
    CHECK(notes.texts[0].find("content-bytes") != std::string::npos);
    CHECK(r.all_walk_on());
}
