#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/process.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace catena {

using testing::gzip_text;
using testing::plain_text;
using testing::process;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;

namespace {

// How many pages of each chain the child was told to be committed.
std::map<std::uint64_t, std::uint64_t> acknowledged(const std::string& output)
{
    std::map<std::uint64_t, std::uint64_t> most;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        std::uint64_t chain = 0, page = 0;
        if (std::sscanf(line.c_str(), "page %lu %lu", &chain, &page) == 2)
            most[chain] = std::max(most[chain], page + 1);
    }
    return most;
}

bool wait_for(const process& child, const std::string& text)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (child.output().find(text) == std::string::npos) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

// Every page up to the checkpoint, whole, and nothing after it.
void check_rows(sqlite_reader& db, const chain_row& c)
{
    std::uint64_t wanted = 0;
    for (std::uint64_t page = 0; page < c.pages; ++page)
        wanted += 1 + page % 5;
    const std::string id = std::to_string(c.id);
    CHECK(c.records == wanted);
    CHECK(db.value("SELECT count(*) FROM record WHERE chain = " + id) == std::to_string(wanted));
    CHECK(db.value("SELECT count(*) FROM record WHERE key = '" + c.last_key + "'") ==
          (c.pages != 0 ? "1" : "0"));
    if (c.pages != 0) CHECK(c.checkpoint == "after " + id + "/" + std::to_string(c.pages - 1));
}

// Start a child, let it commit for a while, end it at once.
std::map<std::uint64_t, std::uint64_t> pages_told_before_kill(std::vector<std::string> words,
                                                              std::mt19937_64& dice)
{
    process child;
    REQUIRE(child.start(std::move(words)));
    REQUIRE(wait_for(child, "page"));
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution<int>(0, 30'000)(dice)));
    child.kill();
    INFO(child.output());
    CHECK(child.output().find("failed") == std::string::npos);
    return acknowledged(child.output());
}

// The lines that a chain's committed pages are.
void add_lines(chain_row c, std::vector<std::string>& to)
{
    const std::uint64_t pages = c.pages;
    for (c.pages = 0; c.pages < pages; ++c.pages)
        for (const stored_record& r : testing::next_page_of(1, c, 1 + c.pages % 5).records)
            to.emplace_back(r.body);
}

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

}  // namespace

TEST_CASE("a process killed at any moment has kept what it was told, and nothing by halves",
          "[store][S1][S7]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::mt19937_64 dice(Catch::rngSeed());
    CAPTURE(Catch::rngSeed());
    std::uint64_t pages = 0;
    for (int round = 0; round < 30; ++round) {
        CAPTURE(round);
        auto told = pages_told_before_kill({CATENA_STORE_CHILD, "commit", path}, dice);
        sqlite_store s(path);
        store_caller call(s);
        const job_row j = call.open("j").value;
        CHECK(j.chains == 8);
        sqlite_reader db(path);
        for (const chain_row& c : call.chains(j.id).value) {
            CAPTURE(c.id);
            CHECK(c.pages >= told[c.id]);
            check_rows(db, c);
        }
        pages = j.pages;
    }
    CHECK(pages > 30);
}

TEST_CASE("a file of records has after a kill just the pages of the checkpoints",
          "[store][S1][S10]")
{
    for (const std::string kind : {"jsonl", "gzip"}) {
        const scratch_folder here;
        const std::string path = here.file("s.db");
        std::mt19937_64 dice(Catch::rngSeed());
        CAPTURE(kind, Catch::rngSeed());
        for (int round = 0; round < 15; ++round) {
            CAPTURE(round);
            auto told = pages_told_before_kill({CATENA_STORE_CHILD, kind, path}, dice);
            jsonl_options how;
            if (kind == "gzip") how.as = jsonl_options::coding::gzip;
            sqlite_options o;
            o.records = std::make_shared<jsonl_sink>(path + ".records", how);
            sqlite_store s(path, o);
            store_caller call(s);
            std::vector<std::string> wanted;
            for (chain_row c : call.chains(call.open("j").value.id).value) {
                CHECK(c.pages >= told[c.id]);
                add_lines(c, wanted);
            }
            std::vector<std::string> found = lines_of(
                kind == "gzip" ? gzip_text(path + ".records") : plain_text(path + ".records"));
            std::sort(wanted.begin(), wanted.end());
            std::sort(found.begin(), found.end());
            CHECK(found == wanted);
        }
    }
}

TEST_CASE("a store that another process has is refused, naming it, until that process is gone",
          "[store][S7]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    process child;
    REQUIRE(child.start({CATENA_STORE_CHILD, "hold", path}));
    REQUIRE(wait_for(child, "open"));
    try {
        const sqlite_store s(path);
        FAIL("opened twice");
    } catch (const failure& f) {
        CHECK(f.code() == errc::store_locked);
        CHECK_THAT(f.why().what, Catch::Contains("process ") && Catch::Contains(" on host "));
    }
    child.kill();
    const sqlite_store s(path);
    CHECK_THROWS_AS(sqlite_store(path), failure);  // nor twice in one process
}

TEST_CASE("where files may not grow, chains wait and nothing is lost", "[store][S3]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::map<std::uint64_t, std::uint64_t> told;
    {
        process child;
        REQUIRE(child.start({CATENA_STORE_CHILD, "fill", path, "300000"}));
        REQUIRE(wait_for(child, "trouble"));
        CHECK_THAT(child.output(), Catch::Contains("store_full") && Catch::Contains(path) &&
                                       Catch::Contains("octets wait"));
        told = acknowledged(child.output());
        child.kill();
    }
    sqlite_store s(path);
    store_caller call(s);
    const job_row j = call.open("j").value;
    sqlite_reader db(path);
    for (const chain_row& c : call.chains(j.id).value) {
        CHECK(c.pages >= told[c.id]);
        check_rows(db, c);
    }
    const chain_row c = call.claim(j.id, 1).value.at(0);
    CHECK(call.commit(testing::next_page_of(j.id, c)).value == commit_outcome::committed);
}

}  // namespace catena
