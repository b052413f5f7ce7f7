#include "support/catch.hpp"
#include "support/failing_vfs.hpp"
#include "support/scratch_folder.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

namespace catena {

using testing::disk_event;
using testing::failing_vfs;
using testing::next_page_of;
using testing::scratch_folder;
using testing::store_caller;
using namespace std::chrono_literals;
using kind = disk_event::kind;

namespace {

sqlite_options through(const failing_vfs& disk)
{
    sqlite_options o;
    o.vfs = disk.name();
    o.retry_every = 1ms;
    return o;
}

}  // namespace

TEST_CASE("a disk that is full at any write costs time and nothing else", "[store][S3][S11]")
{
    for (int broken = 0; broken < 60; ++broken) {
        CAPTURE(broken);
        const scratch_folder here;
        std::atomic<int> writes = -1'000'000;
        const failing_vfs disk([&](const disk_event& e) {
            if (e.what == kind::sync) return failing_vfs::done_already;
            return e.what == kind::write && writes++ == broken ? SQLITE_FULL : SQLITE_OK;
        });
        std::vector<error_code> troubles;
        sqlite_options o = through(disk);
        o.on_trouble = [&](const diagnostics& d) { troubles.push_back(d.code); };
        sqlite_store s(here.file("s.db"), o);
        store_caller call(s);
        writes = 0;
        const std::uint64_t job = call.planned("j", 3);
        for (chain_row c : call.claim(job, 3).value)
            for (; c.pages < 3; ++c.pages)
                CHECK(call.commit(next_page_of(job, c, 20)).value == commit_outcome::committed);
        const job_row j = call.open("j").value;
        CHECK(j.pages == 9);
        CHECK(j.records == 180);
        if (writes > broken) CHECK(troubles == std::vector<error_code>{errc::store_full, {}});
    }
}

TEST_CASE("who ends the store while the disk is full is told store_full, and can go on later",
          "[store][S3]")
{
    const scratch_folder here;
    std::atomic<bool> full = false;
    const failing_vfs disk([&](const disk_event& e) {
        return e.what == kind::write && full ? SQLITE_FULL : SQLITE_OK;
    });
    sqlite_options o = through(disk);
    o.retry_every = 1h;
    std::vector<std::pair<error_code, commit_outcome>> told;
    std::uint64_t job = 0;
    {
        sqlite_store s(here.file("s.db"), o);
        store_caller call(s);
        job = call.planned("j", 1);
        chain_row c = call.claim(job, 1).value.at(0);
        full = true;
        for (; c.pages < 3; ++c.pages)
            s.commit(next_page_of(job, c), [&](const diagnostics& d, commit_outcome what) {
                told.emplace_back(d.code, what);
            });
    }
    // A page behind one that was not committed is fenced off, where it comes in a later group.
    REQUIRE(told.size() == 3);
    CHECK(told.front().first == errc::store_full);
    for (const auto& [trouble, what] : told)
        CHECK((trouble == errc::store_full || what == commit_outcome::fenced));
    full = false;
    sqlite_store s(here.file("s.db"), o);
    store_caller call(s);
    CHECK(call.open("j").value.pages == 0);
    CHECK(call.commit(next_page_of(job, call.claim(job, 1).value.at(0))).value ==
          commit_outcome::committed);
}

TEST_CASE("a failed sync is final: it is not tried again, and what was told before is kept",
          "[store][S2][S11]")
{
    for (int broken = 0; broken < 6; ++broken) {
        CAPTURE(broken);
        const scratch_folder here;
        std::atomic<int> syncs = -1'000'000, after = 0;
        const failing_vfs disk([&](const disk_event& e) {
            if (syncs > broken) ++after;
            errno = ENOSPC;  // even so: a sync is not tried again
            return e.what == kind::sync && syncs++ == broken ? SQLITE_IOERR_FSYNC : SQLITE_OK;
        });
        std::uint64_t committed = 0;
        {
            sqlite_store s(here.file("s.db"), through(disk));
            store_caller call(s);
            const std::uint64_t job = call.planned("j", 1);
            chain_row c = call.claim(job, 1).value.at(0);
            syncs = 0;
            for (; c.pages < 10; ++c.pages) {
                const auto told = call.commit(next_page_of(job, c));
                if (told.why.code) {
                    CHECK(told.why.code == errc::store_failed);
                    CHECK_THAT(told.why.what, Catch::Contains(here.file("s.db")));
                } else {
                    CHECK(committed == c.pages);
                    ++committed;
                }
            }
            CHECK(committed == static_cast<std::uint64_t>(broken));
            CHECK(call.open("j").why.code == errc::store_failed);
        }
        CHECK(after == 0);
        sqlite_store s(here.file("s.db"));
        store_caller call(s);
        CHECK(call.open("j").value.pages >= committed);
    }
}

TEST_CASE("a sync that fails while the log is copied ends the store", "[store][S2]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::atomic<bool> armed = false;
    const failing_vfs disk([&](const disk_event& e) {
        return e.what == kind::sync && armed && e.file == path ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    });
    sqlite_store s(path, through(disk));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 1);
    chain_row c = call.claim(job, 1).value.at(0);
    armed = true;
    error_code ec;
    for (; c.pages < 2000 && !ec; ++c.pages)
        ec = call.commit(next_page_of(job, c, 500)).why.code;
    CHECK(ec == errc::store_failed);
}

TEST_CASE("any other error of the disk ends the store with its name", "[store][S11]")
{
    struct row {
        int code;
        errc told;
    };
    const row rows[] = {{SQLITE_IOERR_WRITE, errc::store_failed},
                        {SQLITE_CORRUPT, errc::store_damaged},
                        {SQLITE_READONLY, errc::store_refused},
                        {SQLITE_NOMEM, errc::store_failed}};
    for (const row& r : rows) {
        CAPTURE(r.code);
        const scratch_folder here;
        std::atomic<bool> armed = false;
        const failing_vfs disk([&](const disk_event& e) {
            return e.what == kind::write && armed ? r.code : SQLITE_OK;
        });
        sqlite_store s(here.file("s.db"), through(disk));
        store_caller call(s);
        const std::uint64_t job = call.planned("j", 1);
        const chain_row c = call.claim(job, 1).value.at(0);
        armed = true;
        CHECK(call.commit(next_page_of(job, c)).why.code == r.told);
        armed = false;
        CHECK(call.chains(job).why.code == r.told);
    }
}

}  // namespace catena
