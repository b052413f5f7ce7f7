#include "support/catch.hpp"
#include <catena/core/credential_life.hpp>

using namespace catena;
using namespace std::chrono_literals;
using step = credential_life::step;

namespace {
constexpr time_point t0{1h};
}

TEST_CASE("there is one fetch at a time, and all wait for it", "[A1]")
{
    credential_life life;
    CHECK(life.ask(t0) == step::fetch);
    CHECK(life.ask(t0) == step::wait);
    CHECK(life.ask(t0 + 1h) == step::wait);
    life.fetched(t0, 1h);
    CHECK(life.ask(t0) == step::use);
    CHECK(life.generation() == 1);
}

TEST_CASE("a credential is renewed while it still serves", "[A1]")
{
    struct row {
        duration life, renewed_at;
    };
    for (const row& r : {row{1h, 59min}, row{100s, 90s}, row{10s, 9s}}) {
        credential_life life;
        (void)life.ask(t0);
        life.fetched(t0, r.life);
        CHECK(life.ask(t0 + r.renewed_at - 1ns) == step::use);
        CHECK(life.ask(t0 + r.renewed_at) == step::use_and_fetch);
        CHECK(life.ask(t0 + r.renewed_at) == step::use);
        CHECK(life.good(t0 + r.life - 1ns));
        CHECK_FALSE(life.good(t0 + r.life));
        CHECK(life.ask(t0 + r.life) == step::wait);
    }
}

TEST_CASE("one without a known end serves until it is refused", "[A1]")
{
    credential_life life;
    (void)life.ask(t0);
    life.fetched(t0, std::nullopt);
    CHECK(life.ask(t0 + 24h * 365) == step::use);
    life.refused(1);
    CHECK(life.ask(t0) == step::fetch);
    life.fetched(t0, std::nullopt);
    life.refused(1);  // an answer to a request that the old one had proved
    CHECK(life.ask(t0) == step::use);
    life.refused(2);
    CHECK(life.ask(t0) == step::fetch);
}

TEST_CASE("after a failed fetch there is a pause that doubles, also for a thousand chains", "[A2]")
{
    credential_life life;
    time_point t = t0;
    for (const duration pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        REQUIRE(life.ask(t) == step::fetch);
        life.failed(t);
        for (int chain = 0; chain < 1000; ++chain)
            REQUIRE(life.ask(t + pause - 1ns) == step::fail);
        t += pause;
    }
    REQUIRE(life.ask(t) == step::fetch);
    life.fetched(t, 1h);
    life.refused(1);
    REQUIRE(life.ask(t) == step::fetch);
    life.failed(t);
    CHECK(life.ask(t + 1s) == step::fetch);  // the pauses begin anew after a success
}

TEST_CASE("a failed renewal does not take away what still serves", "[A2]")
{
    credential_life life;
    (void)life.ask(t0);
    life.fetched(t0, 100s);
    REQUIRE(life.ask(t0 + 90s) == step::use_and_fetch);
    life.failed(t0 + 90s);
    CHECK(life.ask(t0 + 90s) == step::use);
    CHECK(life.ask(t0 + 91s) == step::use_and_fetch);
}

TEST_CASE("a life of nothing, or less, still serves for the pause of a fetch", "[A2]")
{
    for (const duration none : {duration(0), duration(-5s)}) {
        credential_life life;
        (void)life.ask(t0);
        life.fetched(t0, none);
        CHECK(life.ask(t0) == step::use);
        CHECK_FALSE(life.good(t0 + 1s));
    }
}
