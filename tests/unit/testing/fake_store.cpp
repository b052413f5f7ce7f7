#include "support/catch.hpp"
#include "support/store_caller.hpp"
#include "support/store_contract.hpp"
#include <catena/testing/fake_store.hpp>
#include <catena/testing/sim.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

using namespace std::chrono_literals;
using state = chain_row::state;

namespace {

struct small_world {
    small_world()
    {
        job = call.planned("j", 2);
        mine = call.claim(job, 2).value;
    }

    sim world{1};
    fake_store kept{world.get_executor(), world};
    store_caller call{kept, [this] { world.run(); }};
    std::uint64_t job = 0;
    std::vector<chain_row> mine;
};

}  // namespace

TEST_CASE("the store in memory keeps a store's contract", "[store]")
{
    sim world(1);
    check_store_contract([&] { return std::make_unique<fake_store>(world.get_executor(), world); },
                         [&] { world.run(); });
}

TEST_CASE("calls of the store in memory take effect in order, after their delay", "[store]")
{
    small_world w;
    const time_point begun = w.world.now();
    std::string told;
    w.kept.commit(next_page_of(w.job, w.mine[0]), [&](const diagnostics&, commit_outcome) {
        told += "a";
        CHECK(w.world.now() == begun + 2ms);
        CHECK(w.kept.rows(w.job)[1].pages == 0);
        w.kept.note(w.job, "n", "t", [&](const diagnostics&, commit_outcome) { told += "c"; });
    });
    w.kept.commit(next_page_of(w.job, w.mine[1]),
                  [&](const diagnostics&, commit_outcome) { told += "b"; });
    CHECK(w.kept.pending() == 2);
    CHECK(told.empty());
    w.world.run();
    CHECK(told == "abc");
    CHECK(w.kept.job("j").pages == 2);
    CHECK(w.kept.records(w.job).size() == 6);
}

TEST_CASE("the levers of the store in memory fail, fence and stall", "[store]")
{
    small_world w;
    w.kept.fail(0, errc::sink_failed);
    w.kept.fence(1);
    CHECK(w.call.commit(next_page_of(w.job, w.mine[0])).why.code == errc::sink_failed);
    CHECK(w.call.commit(next_page_of(w.job, w.mine[0])).value == commit_outcome::fenced);
    CHECK(w.call.commit(next_page_of(w.job, w.mine[0])).value == commit_outcome::fenced);
    CHECK(w.kept.records(w.job).empty());
    CHECK(w.kept.commits() == 3);

    bool told = false;
    w.kept.stall();
    w.kept.commit(next_page_of(w.job, w.mine[1]),
                  [&](const diagnostics&, commit_outcome) { told = true; });
    w.world.run();
    CHECK_FALSE(told);
    w.kept.go_on();
    w.world.run();
    CHECK(told);

    w.kept.fail(4, errc::store_failed);
    ++w.mine[1].pages;
    CHECK(w.call.commit(next_page_of(w.job, w.mine[1])).why.code == errc::store_failed);
    CHECK(w.call.open("j").why.code == errc::store_failed);
}

TEST_CASE("a crash keeps or loses what was on its way, and tells nobody", "[store][S1]")
{
    for (const auto fate : {fake_store::fate::done, fake_store::fate::lost}) {
        small_world w;
        bool told = false;
        w.kept.commit(next_page_of(w.job, w.mine[0]),
                      [&](const diagnostics&, commit_outcome) { told = true; });
        w.kept.crash(fate);
        w.world.run();
        CHECK_FALSE(told);
        CHECK(w.kept.job("j").pages == (fate == fake_store::fate::done ? 1 : 0));
        CHECK(w.call.open("j").value.chains == 2);
        CHECK(w.call.claim(w.job, 2).value[0].epoch == 2);
    }
}

TEST_CASE("a store in memory that is destroyed with calls on their way calls nobody", "[store]")
{
    sim world(1);
    bool told = false;
    {
        fake_store s(world.get_executor(), world);
        s.open("j", "", [&](const diagnostics&, const job_row&) { told = true; });
    }
    world.run();
    CHECK_FALSE(told);
}

}  // namespace catena::testing
