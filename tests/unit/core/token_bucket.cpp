#include "support/catch.hpp"
#include <catena/core/token_bucket.hpp>

#include <random>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000h};

}  // namespace

TEST_CASE("no window ever holds more than its share", "[R3][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 51u));
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const duration interval = std::chrono::milliseconds(1 + chance() % 9);
    const auto burst = static_cast<std::uint32_t>(1 + chance() % 9);
    token_bucket bucket(interval, burst);

    std::vector<time_point> granted;
    for (time_point now = t0; granted.size() < 200;
         now += std::chrono::microseconds(chance() % 20'000)) {
        now = bucket.earliest(now);
        bucket.take(now);
        granted.push_back(now);
    }

    for (std::size_t a = 0; a < granted.size(); ++a)
        for (std::size_t b = a; b < granted.size(); ++b)
            REQUIRE(b - a + 1 <= burst + std::size_t((granted[b] - granted[a]) / interval));
}

TEST_CASE("a bucket grants what its policy allows, and no burst overflows", "[R13]")
{
    token_bucket slow(10s, 1);
    slow.take(t0);
    CHECK(slow.earliest(t0) == t0 + 10s);
    CHECK(slow.earliest(t0 + 1h) == t0 + 1h);

    token_bucket vast(24h * 365, 4'000'000'000u);
    for (int i = 0; i < 5; ++i) {
        CHECK(vast.earliest(t0) == t0);
        vast.take(t0);
    }
}

TEST_CASE("what costs more than one permit waits for as many, or for a whole bucket", "[R13]")
{
    token_bucket b(1s, 4);
    CHECK(b.earliest(t0, 4) == t0);
    b.take(t0, 3);
    CHECK(b.earliest(t0, 1) == t0);
    CHECK(b.earliest(t0, 2) == t0 + 1s);
    CHECK(b.earliest(t0, 9) == t0 + 3s);
    b.take(t0 + 3s, 9);
    CHECK(b.earliest(t0 + 3s, 1) == t0 + 9s);
}
