// Counted pages into a file of lines: what slipped past a page's border is found by the keys that
// the database keeps, and is written too.
#include "stored/stored_world.hpp"
#include "support/contracts.hpp"
#include <catena/store/jsonl_sink.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

// Offsets; early records go while later ones are read, and the same lines are written on each run.
struct lines_world : stored_world {
    explicit lines_world(std::uint64_t seed)
        : stored_world(seed, 150, contract("offset")), random(seed)
    {
    }

    void begin()
    {
        file.records = std::make_shared<jsonl_sink>(here.file("records"));
        open();
        file.records.reset();
        start();
    }
    void step()
    {
        (void)inner.time.run_for(std::chrono::milliseconds(25));
        const std::vector<std::string> all = inner.model.records();
        if (left != 0 && --left != 0) (void)inner.model.erase(all[random() % (all.size() / 2)]);
    }
    void to_the_end()
    {
        begin();
        for (int i = 0; i < 4'000 && !done; ++i)
            step();
        finish();
    }
    void finish()
    {
        work.reset();
        inner.time.run();
        close();
    }
    [[nodiscard]] std::vector<std::string> lines() const { return lines_of(here.file("records")); }
    [[nodiscard]] std::size_t lost() const
    {
        const std::vector<std::string> all = lines();
        const std::set<std::string> have(all.begin(), all.end());
        const std::vector<std::string> wanted = truth();
        return static_cast<std::size_t>(std::count_if(
            wanted.begin(), wanted.end(), [&](const std::string& r) { return !have.contains(r); }));
    }
    void require_whole() const
    {
        INFO(why.text());
        REQUIRE(done);
        REQUIRE_FALSE(why.code);
        CHECK(lost() == 0);
        CHECK(check_of(report, "positions").is == audit_check::result::good);
        const std::vector<std::string> all = lines();
        CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
    }

    std::mt19937_64 random;
    std::size_t left = 12;
};

}  // namespace

TEST_CASE("offsets that move lose nothing in a file of lines, and no line is there twice",
          "[stored][audit][P12]")
{
    std::size_t lost_without = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        lines_world plain(seed);
        plain.options.audit.passes = 0;
        plain.to_the_end();
        CHECK(plain.report.is == verdict::unverified);
        lost_without += plain.lost();
        lines_world w(seed);
        w.to_the_end();
        w.require_whole();
    }
    CHECK(lost_without > 12);

    lines_world still(1);
    still.left = 0;
    still.to_the_end();
    still.require_whole();
    CHECK(still.report.is == verdict::complete);
}

TEST_CASE("killed on its way into a file of lines, a counted walk ends as if it had not been",
          "[stored][audit][S1]")
{
    for (int steps = 1; steps < 60; steps += 4) {
        CAPTURE(steps);
        lines_world w(static_cast<std::uint64_t>(steps));
        w.begin();
        for (int i = 0; i < steps && !w.done; ++i)
            w.step();
        w.finish();
        w.to_the_end();
        w.require_whole();
    }
}
