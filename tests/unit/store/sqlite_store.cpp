#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include "support/store_contract.hpp"
#include <catena/store/sqlite_store.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace catena {

using testing::next_page_of;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;
using namespace std::chrono_literals;

TEST_CASE("a store in a database keeps a store's contract", "[store][S10]")
{
    const scratch_folder here;
    int number = 0;
    testing::check_store_contract([&] {
        return std::make_unique<sqlite_store>(here.file("s" + std::to_string(++number) + ".db"));
    });
}

TEST_CASE("records are kept octet for octet, the last of each key", "[store]")
{
    const scratch_folder here;
    const std::string bodies[] = {"{\"a\":1.10}", std::string("a\0b", 3), "\xff\xfe", "", "{ }\n"};
    page_commit p;
    {
        sqlite_store s(here.file("s.db"));
        store_caller call(s);
        p.job = call.planned("j", 2);
        const std::vector<chain_row> both = call.claim(p.job, 2).value;
        p.chain = both[0].id;
        p.epoch = both[0].epoch;
        for (std::size_t i = 0; i < std::size(bodies); ++i)
            p.records.push_back({std::string_view("abcde").substr(i, 1), bodies[i]});
        p.records.push_back({"a", "again"});
        CHECK(call.commit(p).value == commit_outcome::committed);
        CHECK(call.chains(p.job).value[0].records == 6);
        p.chain = both[1].id;
        p.records = {{"b", "of chain 2"}};
        CHECK(call.commit(p).value == commit_outcome::committed);
    }
    sqlite_reader db(here.file("s.db"));
    const auto rows = db.rows("SELECT key, hex(body), chain FROM record ORDER BY key");
    const std::vector<std::vector<std::string>> wanted = {{"a", "616761696E", "1"},
                                                          {"b", "6F6620636861696E2032", "2"},
                                                          {"c", "FFFE", "1"},
                                                          {"d", "", "1"},
                                                          {"e", "7B207D0A", "1"}};
    CHECK(rows == wanted);
}

TEST_CASE("calls that wait are committed together, and told in their order", "[store]")
{
    const scratch_folder here;
    std::vector<std::string> told;
    {
        sqlite_options o;
        o.busy = 0ms;
        o.retry_every = 1ms;
        sqlite_store s(here.file("s.db"), o);
        store_caller call(s);
        const std::uint64_t job = call.planned("j", 8);
        std::vector<chain_row> mine = call.claim(job, 8).value;
        for (int page = 0; page < 5; ++page) {
            for (chain_row& c : mine) {
                s.commit(next_page_of(job, c),
                         [&told, c](const diagnostics& why, commit_outcome o2) {
                             CHECK_FALSE(why.code);
                             CHECK(o2 == commit_outcome::committed);
                             told.push_back(std::to_string(c.id) + "/" + std::to_string(c.pages));
                         });
                ++c.pages;
            }
        }
        s.release(mine[0].id, mine[0].epoch, chain_row::state::ended, "",
                  [&](const diagnostics&, commit_outcome) { told.push_back("released"); });
    }
    REQUIRE(told.size() == 41);
    CHECK(told.back() == "released");
    for (std::size_t i = 0; i < 40; ++i)
        CHECK(told[i] == std::to_string(i % 8 + 1) + "/" + std::to_string(i / 8));
}

TEST_CASE("calls may come from many threads", "[store]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    const std::uint64_t job = store_caller(s).planned("j", 6);
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            store_caller call(s);
            for (chain_row c = call.claim(job, 1).value.at(0); c.pages < 20; ++c.pages)
                call.commit(next_page_of(job, c));
        });
    for (std::thread& t : threads)
        t.join();
    const job_row all = store_caller(s).open("j").value;
    CHECK(all.pages == 120);
    CHECK(all.records == 360);
}

TEST_CASE("a hundred thousand chains are planned, claimed and found again", "[store][S13]")
{
    const scratch_folder here;
    const std::size_t many = 100'000;
    {
        sqlite_store s(here.file("s.db"));
        store_caller call(s);
        const std::uint64_t job = call.planned("j", many);
        CHECK(call.claim(job, 60'000).value.size() == 60'000);
    }
    sqlite_store s(here.file("s.db"));
    store_caller call(s);
    const job_row j = call.open("j").value;
    CHECK(j.chains == many);
    const std::vector<chain_row> all = call.claim(j.id, many + 1).value;
    REQUIRE(all.size() == many);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < many; ++i)
        if (all[i].id != i + 1 || all[i].range != "range " + std::to_string(i) ||
            all[i].epoch != (i < 60'000 ? 2 : 1))
            ++wrong;
    CHECK(wrong == 0);
}

TEST_CASE("chains are claimed alike, whether they stand in a row or between others' chains",
          "[store][S13]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 600);
    const std::uint64_t other = call.planned("other", 5);
    for (const chain_row& c : call.claim(job, 600).value)
        if (c.id % 7 == 0 || c.id < 400) call.release(c.id, c.epoch, chain_row::state::ready);
    const std::vector<chain_row> dense = call.claim(job, 300).value;
    REQUIRE(dense.size() == 300);
    const std::vector<chain_row> rest = call.claim(job, 1'000).value;
    CHECK(rest.size() == 399 - 300 + 28);
    CHECK(call.claim(job, 1'000).value.empty());
    // Rows are read with their checksums.
    const auto all = call.chains(job);
    REQUIRE_FALSE(all.why.code);
    for (const chain_row& c : all.value) {
        CAPTURE(c.id);
        CHECK(c.is == chain_row::state::running);
        CHECK(c.epoch == (c.id % 7 == 0 || c.id < 400 ? 2 : 1));
        page_commit p = next_page_of(job, c);
        CHECK(call.commit(p).value == commit_outcome::committed);
    }
    CHECK(call.claim(other, 9).value.size() == 5);
}

TEST_CASE("a reader does not disturb the writer", "[store][S11]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 1);
    chain_row c = call.claim(job, 1).value.at(0);
    sqlite_reader other(here.file("s.db"));
    other.rows("BEGIN; SELECT count(*) FROM record");
    for (; c.pages < 200; ++c.pages)
        REQUIRE(call.commit(next_page_of(job, c, 50)).value == commit_outcome::committed);
    CHECK(other.value("SELECT count(*) FROM record") == "0");
    other.rows("COMMIT");
    CHECK(other.value("SELECT count(*) FROM record") == "10000");
}

TEST_CASE("another writer's lock is waited for, told once, and the page comes after it",
          "[store][S11]")
{
    const scratch_folder here;
    std::vector<error_code> troubles;
    std::promise<void> in_trouble;
    sqlite_options o;
    o.busy = 1ms;
    o.retry_every = 1ms;
    o.on_trouble = [&](const diagnostics& d) {
        troubles.push_back(d.code);
        if (troubles.size() == 1) in_trouble.set_value();
    };
    {
        sqlite_store s(here.file("s.db"), o);
        store_caller call(s);
        const std::uint64_t job = call.planned("j", 1);
        const chain_row c = call.claim(job, 1).value.at(0);
        sqlite_reader other(here.file("s.db"));
        other.rows("BEGIN IMMEDIATE");
        std::atomic<bool> done = false;
        s.commit(next_page_of(job, c), [&](const diagnostics& why, commit_outcome) {
            CHECK_FALSE(why.code);
            done = true;
        });
        in_trouble.get_future().wait();
        CHECK_FALSE(done);
        other.rows("ROLLBACK");
        CHECK(call.chains(job).value[0].pages == 1);
    }
    CHECK(troubles == std::vector<error_code>{errc::store_locked, {}});
}

TEST_CASE("a lock that stays fails its calls when patience ends, and no others", "[store][S11]")
{
    const scratch_folder here;
    sqlite_options o;
    o.busy = 1ms;
    o.retry_every = 1ms;
    o.patience = 5ms;
    std::vector<error_code> troubles;
    o.on_trouble = [&](const diagnostics& d) { troubles.push_back(d.code); };
    sqlite_store s(here.file("s.db"), o);
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 1);
    const chain_row c = call.claim(job, 1).value.at(0);
    {
        sqlite_reader other(here.file("s.db"));
        other.rows("BEGIN IMMEDIATE");
        CHECK(call.commit(next_page_of(job, c)).why.code == errc::store_locked);
        CHECK(troubles == std::vector<error_code>{errc::store_locked});
    }
    CHECK(call.commit(next_page_of(job, c)).value == commit_outcome::committed);
}

TEST_CASE("options that mean nothing are refused", "[store][U17]")
{
    const scratch_folder here;
    sqlite_options none, back;
    none.group_calls = 0;
    back.retry_every = -1s;
    CHECK_THROWS_AS(sqlite_store(here.file("s.db"), none), std::invalid_argument);
    CHECK_THROWS_AS(sqlite_store(here.file("s.db"), back), std::invalid_argument);
}

}  // namespace catena
