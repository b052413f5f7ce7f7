#include "support/catch.hpp"
#include "ui/key_bar.hpp"

#include <numeric>

using namespace ui;
using catena::job_chain;
using state = job_chain::state;

namespace {

job_chain chain(std::uint64_t id, double from, double to, double done_from, double done_to,
                state is = state::walking)
{
    job_chain c;
    c.id = id;
    c.is = is;
    c.from = from;
    c.to = to;
    c.done_from = done_from;
    c.done_to = done_to;
    return c;
}

unsigned sum(const key_bar& b)
{
    const std::vector<unsigned> d = b.done();
    return std::accumulate(d.begin(), d.end(), 0u);
}

}  // namespace

TEST_CASE("a chain that walks up fills its cells from below", "[ui]")
{
    key_bar b;
    CHECK_FALSE(b.placed());
    b.on_chain(chain(1, 0, 0.5, 0, 0));
    CHECK(b.placed());
    CHECK(sum(b) == 0);
    b.on_chain(chain(1, 0, 0.5, 0, 0.001));
    CHECK(b.done().at(0) == 200);
    b.on_chain(chain(1, 0, 0.5, 0, 0.0025));
    CHECK(b.done().at(0) == 500);
    b.on_chain(chain(1, 0, 0.5, 0, 0.0125));
    CHECK(b.done().at(0) == 1000);
    CHECK(b.done().at(1) == 1000);
    CHECK(b.done().at(2) == 500);
    CHECK(b.done().at(3) == 0);
    CHECK(b.cells_with(state::walking) == std::vector<std::size_t>{2});
    b.on_chain(chain(1, 0, 0.5, 0, 0.5, state::ended));
    CHECK(sum(b) == 100'000);
    CHECK(b.cells_with(state::walking).empty());
}

TEST_CASE("a chain that walks down fills them from above", "[ui]")
{
    key_bar b;
    b.on_chain(chain(1, 0.5, 1, 1, 1));
    CHECK(b.cells_with(state::walking) == std::vector<std::size_t>{199});
    b.on_chain(chain(1, 0.5, 1, 0.999, 1));
    b.on_chain(chain(1, 0.5, 1, 0.998, 1));
    CHECK(b.done().at(199) == 400);
    b.on_chain(chain(1, 0.5, 1, 0.99, 1));
    CHECK(b.done().at(199) == 1000);
    CHECK(b.done().at(198) == 1000);
    CHECK(b.done().at(197) == 0);
    CHECK(b.cells_with(state::walking) == std::vector<std::size_t>{198});
    b.on_chain(chain(1, 0.5, 1, 0.5, 1, state::ended));
    CHECK(sum(b) == 100'000);
}

TEST_CASE("a chain that is left and taken up again counts once", "[ui]")
{
    key_bar b;
    b.on_chain(chain(1, 0, 1, 0, 0.25));
    b.on_chain(chain(1, 0, 1, 0, 0.25, state::left));
    b.on_chain(chain(1, 0, 1, 0, 0.25));
    b.on_chain(chain(1, 0, 1, 0, 0.5, state::stopped));
    CHECK(sum(b) == 100'000);
    CHECK(b.cells_with(state::stopped) == std::vector<std::size_t>{100});
    CHECK(b.cells_with(state::walking).empty());
}

TEST_CASE("what an earlier run has of a chain counts when the chain is taken", "[ui]")
{
    key_bar b;
    b.on_chain(chain(7, 0, 0.1, 0.05, 0.1));
    CHECK(sum(b) == 10'000);
}

TEST_CASE("looks of the audit and chains without a place leave the bar alone", "[ui]")
{
    key_bar b;
    job_chain look = chain(1, 0, 1, 0, 1, state::ended);
    look.looks = true;
    b.on_chain(look);
    b.on_chain(chain(2, 0, 0, 0, 0));
    CHECK_FALSE(b.placed());
    CHECK(sum(b) == 0);
}

TEST_CASE("a hundred thousand chains add up to the whole bar", "[ui]")
{
    key_bar b;
    constexpr std::uint64_t n = 100'000;
    for (std::uint64_t i = 0; i < n; ++i) {
        const double from = static_cast<double>(i) / n;
        const double to = static_cast<double>(i + 1) / n;
        b.on_chain(chain(i + 1, from, to, from, from));
        b.on_chain(chain(i + 1, from, to, from, (from + to) / 2));
        b.on_chain(chain(i + 1, from, to, from, to, state::ended));
    }
    CHECK(b.done() == std::vector<unsigned>(key_bar::cells, 1000));
}
