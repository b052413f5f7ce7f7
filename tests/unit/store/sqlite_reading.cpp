// A store that is only looked at.
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/scratch_folder.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace catena {

using testing::next_page_of;
using testing::plain_text;
using testing::scratch_folder;
using testing::store_caller;

namespace {

sqlite_options reading()
{
    sqlite_options o;
    o.read_only = true;
    return o;
}

// Two pages of the only chain of job "j".
void fill(store_caller& by)
{
    const std::uint64_t job = by.planned("j", 1);
    chain_row c = by.claim(job, 1).value.at(0);
    for (c.pages = 0; c.pages < 2; ++c.pages)
        REQUIRE_FALSE(by.commit(next_page_of(job, c)).why.code);
}

errc refusal(const std::string& path, const sqlite_options& o)
{
    try {
        const sqlite_store s(path, o);
    } catch (const failure& f) {
        return static_cast<errc>(f.code().value());
    }
    return {};
}

struct quiet_sink final : sink {
    void resume(std::string_view position) override { told = position; }
    void write(const page_commit&) override { changed = true; }
    std::string flush() override
    {
        changed = true;
        return "7";
    }
    std::string told;
    bool changed = false;
};

}  // namespace

TEST_CASE("a store that is only read tells all, and is left as it was", "[store]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    {
        sqlite_store s(path);
        store_caller by(s);
        fill(by);
    }
    const std::string before = plain_text(path);
    {
        sqlite_store s(path, reading());
        store_caller by(s);
        const job_row j = by.known("j").value;
        CHECK(j.records == 6);
        CHECK(j.pages == 2);
        CHECK(by.chains(j.id).value.at(0).is == chain_row::state::running);
        record_query all;
        all.job = j.id;
        CHECK(by.read(all).value.size() == 6);
        CHECK(refusal(path, {}) == errc());  // a run may begin
        // It opens no job, as that would make its chains ready.
        CHECK(by.open("j").why.code == errc::store_refused);
        CHECK(by.known("j").why.code == errc::store_refused);
    }
    CHECK(plain_text(path) == before);
    for (const char* part : {"-wal", "-shm"})
        CHECK_FALSE(std::filesystem::exists(path + part));
}

TEST_CASE("beside the process that writes a store another one may read it", "[store][S7]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::optional<sqlite_store> writer(path);
    store_caller writes(*writer);
    fill(writes);
    {
        sqlite_store s(path, reading());
        store_caller by(s);
        CHECK(by.known("j").value.records == 6);
        chain_row c = writes.chains(1).value.at(0);
        REQUIRE_FALSE(writes.commit(next_page_of(1, c)).why.code);
        CHECK(by.known("j").value.records == 9);
        CHECK(by.note(1, "a", "b").why.code == errc::store_refused);
    }
    chain_row c = writes.chains(1).value.at(0);
    CHECK(writes.commit(next_page_of(1, c)).value == commit_outcome::committed);
    writer.reset();
    sqlite_store again(path);
    CHECK(store_caller(again).known("j").value.records == 12);
}

TEST_CASE("what a process left in its log when it died is read, too", "[store][S1]")
{
    const scratch_folder here, there;
    sqlite_store writer(here.file("s.db"));
    store_caller writes(writer);
    fill(writes);
    for (const char* part : {"", "-wal"})
        std::filesystem::copy_file(here.file("s.db") + part, there.file("s.db") + part);
    sqlite_store s(there.file("s.db"), reading());
    CHECK(store_caller(s).known("j").value.records == 6);
}

TEST_CASE("to read a store does not make one", "[store][S4]")
{
    const scratch_folder here;
    CHECK(refusal(here.file("none.db"), reading()) == errc::store_refused);
    CHECK_FALSE(std::filesystem::exists(here.file("none.db")));
    CHECK_FALSE(std::filesystem::exists(here.file("none.db.lock")));
}

TEST_CASE("a sink of a store that is only read is told its position, and no more", "[store]")
{
    const scratch_folder here;
    const auto to = std::make_shared<quiet_sink>();
    sqlite_options o;
    o.records = to;
    {
        const sqlite_store s(here.file("s.db"), o);
    }
    REQUIRE(to->changed);
    const auto again = std::make_shared<quiet_sink>();
    o = reading();
    o.records = again;
    const sqlite_store s(here.file("s.db"), o);
    CHECK(again->told == "7");
    CHECK_FALSE(again->changed);
}

}  // namespace catena
