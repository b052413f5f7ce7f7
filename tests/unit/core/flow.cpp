#include "support/catch.hpp"
#include <catena/core/flow.hpp>

#include <limits>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using outcome = exchange_outcome;

namespace {

constexpr time_point t0{1000h};
constexpr auto endless = std::numeric_limits<std::uint32_t>::max();

void send(flow& f, std::uint32_t n, time_point t)
{
    for (std::uint32_t i = 0; i < n; ++i) {
        REQUIRE(f.earliest(t) == t);
        f.sent(t);
    }
}

void end(flow& f, std::uint32_t n, outcome how, time_point begun, time_point t)
{
    for (std::uint32_t i = 0; i < n; ++i)
        f.ended(how, begun, t);
}

}  // namespace

TEST_CASE("nothing is bounded until something goes wrong", "[flow]")
{
    flow f;
    send(f, 1000, t0);
    CHECK(f.bound() == endless);
    end(f, 1000, outcome::good, t0, t0 + 1s);
    CHECK(f.bound() == endless);
    CHECK(f.in_flight() == 0);
}

TEST_CASE("a refusal halves what is in flight, and those on their way count once", "[R4]")
{
    flow f;
    send(f, 64, t0);
    end(f, 64, outcome::refused, t0, t0 + 1s);
    CHECK(f.bound() == 32);
    CHECK(f.earliest(t0 + 1s) == t0 + 1s);
}

TEST_CASE("the way up from a hold begins with one and is gentle where it went wrong", "[R3]")
{
    flow f;
    send(f, 64, t0);
    f.start_slowly(t0 + 1s);
    end(f, 64, outcome::refused, t0, t0 + 1s);
    std::vector<std::uint32_t> bounds;
    for (int round = 1; round <= 8; ++round) {
        const time_point t = t0 + 1s * (round + 1);
        bounds.push_back(f.bound());
        const std::uint32_t n = f.bound();
        send(f, n, t);
        CHECK(f.earliest(t) == time_point::max());
        end(f, n, outcome::good, t, t + 100ms);
    }
    CHECK(bounds == std::vector<std::uint32_t>{1, 2, 4, 8, 16, 32, 32, 33});
}

TEST_CASE("a server that is down gets one probe at a time, ever more seldom", "[R10]")
{
    flow f;
    time_point t = t0;
    send(f, 100, t);
    end(f, 100, outcome::trouble, t, t + 1s);
    CHECK(f.down());
    t += 1s;

    std::vector<duration> pauses;
    for (int i = 0; i < 8; ++i) {
        const time_point next = f.earliest(t);
        pauses.push_back(next - t);
        f.sent(next);
        CHECK(f.earliest(next) == time_point::max());
        f.ended(outcome::trouble, next, next);
        t = next;
    }
    CHECK(pauses == std::vector<duration>{1s, 1s, 2s, 4s, 8s, 16s, 30s, 30s});

    t = f.earliest(t);
    f.sent(t);
    f.ended(outcome::good, t, t);
    CHECK_FALSE(f.down());
    CHECK(f.bound() == 2);
    send(f, 2, t);
    CHECK(f.earliest(t) == time_point::max());
}

TEST_CASE("single failures among good answers change nothing", "[R10]")
{
    flow f;
    for (int i = 0; i < 100; ++i) {
        send(f, 3, t0);
        end(f, 2, outcome::trouble, t0, t0);
        end(f, 1, outcome::good, t0, t0);
    }
    CHECK_FALSE(f.down());
    CHECK(f.bound() == endless);
}

TEST_CASE("a server twenty times slower gets fewer requests at once", "[R11]")
{
    flow f;
    time_point t = t0;
    for (int round = 0; round < 20; ++round, t += 1s) {
        send(f, 50, t);
        end(f, 50, outcome::good, t, t + 100ms);
    }
    CHECK(f.bound() == endless);
    for (int round = 0; round < 5; ++round, t += 10s) {
        const std::uint32_t n = std::min(50u, f.bound());
        send(f, n, t);
        end(f, n, outcome::good, t, t + 2s);
    }
    CHECK(f.bound() <= 32);
    CHECK(f.bound() >= 1);

    for (int round = 0; round < 200; ++round, t += 1s) {  // and as many as before once it is well
        const std::uint32_t n = std::min(50u, f.bound());
        send(f, n, t);
        end(f, n, outcome::good, t, t + 100ms);
    }
    CHECK(f.bound() >= 50);
}

TEST_CASE("light requests are no measure of how slow a server is, and a sign of its life",
          "[flow][R10][R11]")
{
    flow f;
    time_point t = t0;
    for (int i = 0; i < 200; ++i) {
        send(f, 2, t);
        end(f, 1, outcome::light, t, t + 10ms);
        end(f, 1, outcome::good, t, t + 200ms);
        t += 200ms;
    }
    CHECK(f.bound() == endless);

    send(f, 10, t);
    end(f, 10, outcome::trouble, t, t + 1s);
    REQUIRE(f.down());
    const time_point probe = f.earliest(t + 1s);
    f.sent(probe);
    f.ended(outcome::light, probe, probe + 10ms);
    CHECK_FALSE(f.down());
    CHECK(f.failing_since() == time_point::max());
    CHECK(f.bound() == 2);
}

TEST_CASE("what was given up on our side says nothing of the server", "[flow]")
{
    flow f;
    send(f, 10, t0);
    end(f, 10, outcome::unknown, t0, t0 + 1h);
    CHECK(f.bound() == endless);
    CHECK_FALSE(f.down());
}

TEST_CASE("failures are counted from the first that no answer has followed", "[R10]")
{
    flow f;
    CHECK(f.failing_since() == time_point::max());
    for (const duration at : {1s, 2s, 3s}) {
        f.sent(t0);
        f.ended(outcome::trouble, t0, t0 + at);
    }
    CHECK(f.failing_since() == t0 + 1s);
    for (const outcome alive : {outcome::good, outcome::refused}) {
        f.sent(t0);
        f.ended(alive, t0, t0 + 4s);
        CHECK(f.failing_since() == time_point::max());
        f.sent(t0);
        f.ended(outcome::unknown, t0, t0 + 5s);
        CHECK(f.failing_since() == time_point::max());
        f.sent(t0);
        f.ended(outcome::trouble, t0, t0 + 6s);
        CHECK(f.failing_since() == t0 + 6s);
    }
}
