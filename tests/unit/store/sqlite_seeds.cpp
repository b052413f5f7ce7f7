// Chains that pages bring with them, while the power goes.
#include "support/catch.hpp"
#include "support/power_cut.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace catena {

using testing::next_page_of;
using testing::power_cut;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;

namespace {

// How many chains page `n` brings.
std::uint64_t seeds_of(std::uint64_t n) { return n % 3; }

// Walks a chain whose pages bring others, until the power goes or the pages end. Gives the pages
// that were acknowledged.
std::uint64_t walk(const std::string& path, const std::string& vfs, std::uint64_t job, chain_row c)
{
    sqlite_options o;
    o.vfs = vfs;
    o.log_octets = 200'000;  // copied often
    try {
        sqlite_store s(path, o);
        store_caller call(s);
        for (; c.pages < 60; ++c.pages) {
            page_commit p = next_page_of(job, c, 2);
            for (std::uint64_t i = 0; i < seeds_of(c.pages); ++i)
                p.adds.emplace_back("page " + std::to_string(c.pages), std::string(500, 'x'));
            if (call.commit(p).why.code) return c.pages;
        }
    } catch (const failure&) {
        // The power went while the store was opened.
    }
    return c.pages;
}

void check_after(const std::string& path, std::uint64_t told)
{
    sqlite_store s(path);
    store_caller call(s);
    const auto j = call.open("j");
    REQUIRE_FALSE(j.why.code);
    sqlite_reader db(path);
    CHECK(db.value("PRAGMA integrity_check") == "ok");
    const std::vector<chain_row> all = call.chains(j.value.id).value;
    REQUIRE_FALSE(all.empty());
    CHECK(all[0].pages >= told);
    std::vector<std::string> wanted;
    for (std::uint64_t page = 0; page < all[0].pages; ++page)
        wanted.insert(wanted.end(), seeds_of(page), "page " + std::to_string(page));
    REQUIRE(all.size() == wanted.size() + 1);
    CHECK(j.value.chains == all.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CHECK(all[i + 1].range == wanted[i]);
        CHECK(all[i + 1].checkpoint == std::string(500, 'x'));
        CHECK(all[i + 1].is == chain_row::state::ready);
    }
}

}  // namespace

TEST_CASE("chains that a page brings survive a power cut with it, or neither does", "[store][S2]")
{
    const auto seed = Catch::rngSeed();
    CAPTURE(seed);
    std::mt19937_64 dice(seed);
    std::uint64_t events = 1'000'000;  // of a whole run, once it is known
    std::size_t cuts = 0;
    const scratch_folder here;
    chain_row mine;
    std::uint64_t job = 0;
    {
        sqlite_store s(here.file("begun.db"));
        store_caller call(s);
        job = call.planned("j", 1);
        mine = call.claim(job, 1).value.at(0);
    }
    for (int round = 0; round < 61; ++round) {
        const scratch_folder there;
        const std::string path = there.file("s.db");
        std::filesystem::copy_file(here.file("begun.db"), path);
        const std::uint64_t at = round == 0 ? events : dice() % events;
        CAPTURE(round, at);
        power_cut cut(dice(), at);
        const std::uint64_t told = walk(path, cut.vfs(), job, mine);
        if (round == 0) events = cut.events();
        if (cut.happened()) ++cuts;
        cut.leave_in(there.file(""));
        check_after(path, told);
    }
    CHECK(cuts >= 60);
}

}  // namespace catena
