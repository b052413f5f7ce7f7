// For how long a chain goes on asking for a page that fails.
#include "chain_world.hpp"
#include "support/catch.hpp"

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

page_facts broken() { return failed(503, errc::server_failed, error_class::retry); }

struct patience {
    std::uint32_t attempts;  // made before giving up
    duration took;           // from the first request to the last answer
};

// Attempts that take `each`, the budget's turn before them `queued`, with `held` for Retry-After.
patience wear_out(const chain_limits& limits, duration each, duration queued = {},
                  duration held = {})
{
    chain_machine m(shared(plain()), limits, 7);
    time_point now = t0;
    for (std::uint32_t n = 0; n < 10'000; ++n) {
        const chain_action todo = m.poll(now);
        if (finished(todo) != nullptr) return {n, now - t0};
        if (const wait* w = std::get_if<wait>(&todo)) {
            now = w->until;
            --n;
            continue;
        }
        now += queued;
        m.on_sent(now);
        now += each;
        page_facts f = broken();
        if (held != duration::zero()) f.retry_after = held;
        (void)m.on_answer(f, now);
    }
    return {};
}

chain_limits untiring()
{
    chain_limits l;
    l.attempts = 1'000'000;
    return l;
}

}  // namespace

TEST_CASE("attempts and time bound what is spent on a failing page, whichever is first", "[R10]")
{
    CHECK(wear_out({}, 1s).attempts == 5);
    CHECK(wear_out({}, 5min).attempts == 2);
    CHECK(wear_out({}, 11min).attempts == 1);

    chain_limits by_count = {};
    by_count.retry_time = 0s;
    CHECK(wear_out(by_count, 24h).attempts == 5);

    const patience all = wear_out(untiring(), 1s);
    CHECK(all.attempts > 15);  // no pause is longer than a minute
    CHECK(all.took <= 10min + 1s);
    CHECK(all.took > 8min);
}

TEST_CASE("waits for the budget and for Retry-After do not tire a chain", "[R1][R10]")
{
    chain_limits l = untiring();
    l.retry_time = 60s;
    CHECK(wear_out(l, 1s, 0s, 30min).attempts == 60);
    const patience alone = wear_out(l, 1s);
    CHECK(wear_out(l, 1s, 5min).attempts == alone.attempts);
}

TEST_CASE("a page that comes gives the next one its time anew", "[R10]")
{
    chain_machine m(shared(plain()));
    time_point now = t0;
    for (std::uint64_t page = 0; page < 5; ++page) {
        (void)m.poll(now);
        (void)m.on_answer(broken(), now += 9min);
        now = m.pause();
        REQUIRE(std::holds_alternative<fetch>(m.poll(now)));
        (void)m.on_answer(page_of().records(1, page).token("t" + std::to_string(page)).facts, now);
    }
    (void)m.poll(now);
    (void)m.on_answer(broken(), now + 10min);
    REQUIRE(finished(m.poll(now)) != nullptr);
    CHECK(m.why().mend.find("chain_limits::retry_time") != std::string::npos);
    CHECK(m.why().next == advice::resume);
    CHECK(m.why().attempt == 1);
}

TEST_CASE("a pause after a failure is any from the first step to a doubling ceiling", "[R2][R10]")
{
    const unsigned steps = 9;
    std::vector<duration> least(steps, 24h), most(steps, 0s);
    for (std::uint64_t seed = 0; seed < 400; ++seed) {
        CAPTURE(seed);
        chain_machine m(shared(plain()), untiring(), seed);
        time_point now = t0;
        for (unsigned i = 0; i < steps; ++i) {
            (void)m.poll(now);
            (void)m.on_answer(broken(), now);
            const duration pause = m.pause() - now;
            CHECK(pause >= 1s);
            CHECK(pause < std::min<duration>(1s * (2 << i), 60s));
            least[i] = std::min(least[i], pause);
            most[i] = std::max(most[i], pause);
            now = m.pause();
        }
    }
    for (unsigned i = 0; i < steps; ++i) {
        CAPTURE(i);
        const duration room = std::min<duration>(1s * (2 << i), 60s) - 1s;
        CHECK(least[i] < 1s + room / 20);
        CHECK(most[i] > 1s + room * 19 / 20);
    }
}
