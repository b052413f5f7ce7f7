// Several runs of one job at once: each opens it, and so frees what the others walk.
#include "sim/discovery.hpp"
#include "sim/jobs.hpp"
#include "support/contracts.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

using std::chrono::milliseconds;

/// Further runs of a job, as other processes would make them.
struct others {
    struct one {
        std::optional<job> work;
        std::optional<error_code> came;
        std::string story;
    };

    void start(engine& on, const connector& c, store& data, const job_options& o)
    {
        one& mine = all.emplace_back();
        mine.work.emplace(on, c, data, o);
        mine.work->run([&mine](error_code ec, const audit_report&) {
            mine.came = ec;
            if (mine.work) mine.story = mine.work->why().text();
        });
    }

    /// Each has come to its end, or left the rest to another one. Gives how many came to it.
    [[nodiscard]] std::size_t ended() const
    {
        std::size_t out = 0;
        for (const one& o : all) {
            REQUIRE(o.came);
            INFO(o.story);
            CHECK((!*o.came || *o.came == errc::store_locked));
            out += *o.came ? 0 : 1;
        }
        return out;
    }

    std::deque<one> all;
};

template <class World>
void require_exact(World& w, const others& more, const std::string& name)
{
    REQUIRE(w.done);
    INFO(w.why.text());
    CHECK((!w.why.code || w.why.code == errc::store_locked));
    CHECK(more.ended() + (w.why.code ? 0 : 1) > 0);
    const job_row row = w.data.job(name);
    CHECK(row.ended == row.chains);
    CHECK(row.records == w.truth().size());
    REQUIRE((w.stored() == w.truth()));
}

}  // namespace

TEST_CASE("runs of one job at once leave no page of a walked token to nobody",
          "[sim][job][discovery][S6]")
{
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        for (const int later : {10, 40, 300}) {
            CAPTURE(seed, later);
            discovery_world w(seed, discovered_contract(), 300);
            w.options.ahead = 100;
            others more;
            w.start();
            for (std::uint64_t i = 0; i < 1 + seed % 2; ++i) {
                (void)w.time.run_for(milliseconds(later));
                more.start(*w.on, w.contract, w.data, w.options);
            }
            w.time.run();
            require_exact(w, more, "files");
            for (const auto& o : more.all)
                CHECK(o.story.find("0 chains") == std::string::npos);
        }
    }
}

TEST_CASE("runs of one job at once divide its chains and look at it again, and lose none",
          "[sim][job][audit][S6]")
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const bool counted = seed % 3 == 0;
        job_world w(seed, counted ? contract("offset") : ranged_contract(), 400);
        w.options.audit.spots = 20;
        w.options.workers = 1 + seed % 5;
        if (!counted && seed % 4 == 1) w.options.whole = range({interval("0", "5000")});
        others more;
        w.start();
        while (w.data.commits() == 0)
            (void)w.inner.time.run_for(milliseconds(1));
        for (std::uint64_t i = 0; i < 1 + seed % 3; ++i) {
            (void)w.inner.time.run_for(milliseconds(40 * (seed % 17)));
            more.start(*w.inner.on, w.inner.contract, w.data, w.options);
        }
        w.inner.time.run();
        require_exact(w, more, w.inner.contract.name);
    }
}

TEST_CASE("runs of one job that begin together share one plan, and its bounds", "[sim][job][S6]")
{
    for (int later = 0; later < 700; later += 9) {
        CAPTURE(later);
        const bool walks_tokens = later % 2 == 0;
        others more;
        if (walks_tokens) {
            discovery_world w(5, discovered_contract(), 60);
            w.start();
            (void)w.time.run_for(milliseconds(later / 30));
            more.start(*w.on, w.contract, w.data, w.options);
            w.time.run();
            require_exact(w, more, "files");
            continue;
        }
        job_world w(5, ranged_contract(), 200);
        w.start();
        (void)w.inner.time.run_for(milliseconds(later));
        more.start(*w.inner.on, w.inner.contract, w.data, w.options);
        w.inner.time.run();
        require_exact(w, more, "items");
        w.run();
        INFO(w.why.text());
        CHECK(w.report.is == verdict::complete);
    }
}

TEST_CASE("a run that is cancelled after another one has freed its chains ends at once",
          "[sim][job][discovery][S6][U3]")
{
    for (int at = 40; at < 600; at += 7) {
        CAPTURE(at);
        discovery_world w(static_cast<std::uint64_t>(at), discovered_contract(), 300);
        w.options.ahead = 100;
        others more;
        w.start();
        (void)w.time.run_for(milliseconds(at));
        more.start(*w.on, w.contract, w.data, w.options);
        (void)w.time.run_for(milliseconds(at));
        w.work.reset();
        more.all.front().work.reset();
        // A page that is on its way would take longer than this.
        (void)w.time.run_for(milliseconds(15));
        CHECK(w.done);
        CHECK(more.all.front().came);
        w.time.run();
        w.run();
        INFO(w.why.text());
        CHECK_FALSE(w.why.code);
        CHECK((w.stored() == w.truth()));
    }
}
