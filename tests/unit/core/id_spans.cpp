#include "core/id_spans.hpp"

#include "support/catch.hpp"

#include <random>
#include <set>
#include <string>

using namespace catena;
using core::id_spans;

namespace {

interval ids(unsigned long lower, unsigned long upper)
{
    return {std::to_string(lower), std::to_string(upper)};
}

}  // namespace

TEST_CASE("what several intervals hold together is held, whatever their order", "[core][audit]")
{
    id_spans s;
    CHECK_FALSE(s.holds(ids(1, 2)));
    s.add(ids(10, 20));
    s.add(ids(5, 30));  // around the first
    CHECK(s.holds(ids(22, 25)));
    s.add(ids(30, 40));  // beside it
    CHECK(s.holds(ids(28, 33)));
    CHECK(s.holds(ids(5, 40)));
    CHECK_FALSE(s.holds(ids(4, 6)));
    CHECK_FALSE(s.holds(ids(39, 41)));
    CHECK_FALSE(s.holds(ids(100, 101)));
}

TEST_CASE("spans agree with a set of ids", "[core][audit]")
{
    const auto seed = static_cast<unsigned>(std::random_device()());
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 200; ++round) {
        id_spans s;
        std::set<unsigned long> all;
        for (int i = 0; i < 12; ++i) {
            const unsigned long from = random() % 120, to = from + 1 + random() % 9;
            s.add(ids(from, to));
            for (unsigned long id = from; id < to; ++id)
                all.insert(id);
            const unsigned long lower = random() % 120, upper = lower + 1 + random() % 12;
            bool wanted = true;
            for (unsigned long id = lower; id < upper; ++id)
                wanted = wanted && all.contains(id);
            REQUIRE(s.holds(ids(lower, upper)) == wanted);
        }
    }
}
