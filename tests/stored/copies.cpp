// A store that was changed behind its job's back is refused whole; a copy of it goes on.
#include "stored/stored_world.hpp"

#include <filesystem>

using namespace catena;
using namespace catena::testing;

TEST_CASE("a changed checkpoint ends the job, and a copy that was made on the way completes it",
          "[stored][job][S5]")
{
    for (std::uint64_t at = 5; at < 30; at += 4) {
        CAPTURE(at);
        stored_world w(at, 250);
        const std::string copy = w.here.file("copy.db");
        std::uint64_t pages = 0;
        w.options.on_progress = [&](const job_progress& p) { pages = p.pages; };
        w.open();
        w.start();
        REQUIRE(w.inner.time.run_until([&] { return pages >= at || w.done; }));
        // As docs/jobs.md says, while the job runs.
        sqlite_reader(w.path()).rows("VACUUM INTO '" + copy + "'");
        sqlite_reader(copy).rows("PRAGMA journal_mode=WAL");
        REQUIRE(w.inner.time.run_until([&] { return pages >= at + 4 || w.done; }));
        w.work.reset();
        w.inner.time.run();
        w.close();
        sqlite_reader(w.path()).rows(
            "UPDATE chain SET checkpoint = substr(checkpoint, 2) WHERE id = (SELECT min(id) FROM "
            "chain WHERE pages > 0)");

        const std::size_t asked = w.inner.model.log().size();
        w.run();
        CHECK(w.why.code == errc::store_damaged);
        CHECK_THAT(w.why.text(), Catch::Contains("'checkpoint' of chain"));
        CHECK(w.inner.model.log().size() == asked);

        std::filesystem::rename(copy, w.path());
        w.run();
        INFO(w.why.text());
        REQUIRE(w.report.is == verdict::complete);
        REQUIRE(w.stored() == w.truth());
    }
}
