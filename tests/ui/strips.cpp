#include "ui/strips.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <random>

using namespace ui;
using catena::chain_id;
using catena::job_chain;
using state = job_chain::state;

namespace {

job_chain chain(std::uint64_t id, state is = state::walking, std::uint64_t records = 0,
                std::uint64_t walk = 0)
{
    job_chain c;
    c.id = id;
    c.walk = chain_id{is == state::walking ? (walk == 0 ? 1'000 + id : walk) : 0};
    c.is = is;
    c.records = records;
    return c;
}

}  // namespace

TEST_CASE("the fifty chains that took longest are shown, walking or done", "[ui]")
{
    const unsigned seed = GENERATE(1u, 2u, 3u);
    CAPTURE(seed);
    std::mt19937 chance(seed);
    struct life {
        double begun, ended;
        std::uint64_t id;
    };
    std::vector<life> lives;
    strips s;
    constexpr double now = 1'000;
    for (std::uint64_t id = 1; id <= 2'000; ++id) {
        const double begun = std::uniform_real_distribution<double>(0, now)(chance);
        const double end = begun + std::exponential_distribution<double>(0.01)(chance);
        s.on_chain(chain(id), begun);
        if (end < now) s.on_chain(chain(id, state::ended), end);
        lives.push_back({begun, std::min(end, now), id});
    }
    std::sort(lives.begin(), lives.end(),
              [](const life& a, const life& b) { return a.ended - a.begun > b.ended - b.begun; });
    const std::vector<strip> shown = s.slowest(now);
    REQUIRE(shown.size() == strips::most);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        CHECK(shown[i].last.id == lives[i].id);
        CHECK(shown[i].begun == lives[i].begun);
        CHECK(shown[i].ended == lives[i].ended);
    }
}

TEST_CASE("troubles stand on the chain that has them, the first ones with their time", "[ui]")
{
    strips s;
    s.on_chain(chain(1, state::walking, 0, 11), 0);
    s.on_chain(chain(2, state::walking, 0, 12), 0);
    s.on_trouble(chain_id{12}, trouble::throttled, 1);
    s.on_trouble(chain_id{99}, trouble::retried, 1);
    for (int i = 0; i < 100; ++i)
        s.on_trouble(chain_id{11}, trouble::retried, i);
    // The chain goes on under another number.
    s.on_chain(chain(2, state::walking, 0, 13), 2);
    s.on_trouble(chain_id{12}, trouble::throttled, 3);
    s.on_trouble(chain_id{13}, trouble::recovered, 4);
    const std::vector<strip> shown = s.slowest(5);
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].marks.size() == strip::most_marks);
    CHECK(shown[0].troubles == 100);
    REQUIRE(shown[1].marks.size() == 2);
    CHECK(shown[1].troubles == 2);
    CHECK(shown[1].marks[0].what == trouble::throttled);
    CHECK(shown[1].marks[1].what == trouble::recovered);
    CHECK(shown[1].marks[1].at == 4);
    // What is told of a chain that has ended is nobody's.
    job_chain end = chain(2, state::ended);
    end.walk = chain_id{13};
    s.on_chain(end, 5);
    s.on_trouble(chain_id{13}, trouble::retried, 6);
    CHECK(s.slowest(6)[1].troubles == 2);
}

TEST_CASE("a chain that is taken up again has one strip, and each record is added once", "[ui]")
{
    strips s;
    CHECK(s.on_chain(chain(1), 0) == 0);
    CHECK(s.on_chain(chain(1, state::walking, 7), 1) == 7);
    CHECK(s.on_chain(chain(1, state::walking, 9), 1) == 2);
    CHECK(s.on_chain(chain(1, state::left, 9), 2) == 0);
    CHECK(s.on_chain(chain(1), 3) == 0);
    CHECK(s.on_chain(chain(1, state::ended, 4), 4) == 4);
    REQUIRE(s.slowest(9).size() == 1);
    CHECK(s.slowest(9)[0].last.is == state::ended);
    CHECK(s.slowest(9)[0].ended == 4);
}
