#include "support/catch.hpp"
#include "support/power_cut.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
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

// Walks four chains until the power goes or the pages end. Gives the pages that were acknowledged.
std::map<std::uint64_t, std::uint64_t> walk(const std::string& path, const std::string& vfs,
                                            std::uint64_t job, std::vector<chain_row> mine)
{
    std::map<std::uint64_t, std::uint64_t> told;
    sqlite_options o;
    o.vfs = vfs;
    o.log_octets = 200'000;  // copied often
    try {
        sqlite_store s(path, o);
        store_caller call(s);
        for (int round = 0; round < 30; ++round) {
            for (chain_row& c : mine) {
                const auto outcome = call.commit(next_page_of(job, c, 1 + c.pages % 50));
                if (outcome.why.code) return told;
                told[c.id] = ++c.pages;
            }
        }
    } catch (const failure&) {
        // The power went while the store was opened.
    }
    return told;
}

void check_after(const std::string& path, const std::map<std::uint64_t, std::uint64_t>& told)
{
    sqlite_store s(path);
    store_caller call(s);
    const auto j = call.open("j");
    REQUIRE_FALSE(j.why.code);
    sqlite_reader db(path);
    CHECK(db.value("PRAGMA integrity_check") == "ok");
    for (const chain_row& c : call.chains(j.value.id).value) {
        CAPTURE(c.id);
        CHECK(c.pages >= (told.contains(c.id) ? told.at(c.id) : 0));
        std::uint64_t wanted = 0;
        for (std::uint64_t page = 0; page < c.pages; ++page)
            wanted += 1 + page % 50;
        CHECK(db.value("SELECT count(*) FROM record WHERE chain = " + std::to_string(c.id)) ==
              std::to_string(wanted));
    }
}

}  // namespace

TEST_CASE("a power cut at any event loses nothing that was acknowledged", "[store][S2]")
{
    const auto seed = Catch::rngSeed();
    CAPTURE(seed);
    std::mt19937_64 dice(seed);
    std::uint64_t events = 1'000'000;  // of a whole run, once it is known
    std::size_t cuts = 0;
    const scratch_folder here;
    std::vector<chain_row> mine;
    std::uint64_t job = 0;
    {
        sqlite_store s(here.file("begun.db"));
        store_caller call(s);
        job = call.planned("j", 4);
        mine = call.claim(job, 4).value;
    }
    for (int round = 0; round < 101; ++round) {
        const scratch_folder there;
        const std::string path = there.file("s.db");
        std::filesystem::copy_file(here.file("begun.db"), path);
        const std::uint64_t at = round == 0 ? events : dice() % events;
        CAPTURE(round, at);
        power_cut cut(dice(), at);
        const auto told = walk(path, cut.vfs(), job, mine);
        if (round == 0) events = cut.events();
        if (cut.happened()) ++cuts;
        cut.leave_in(there.file(""));
        check_after(path, told);
    }
    CHECK(cuts >= 100);
}

}  // namespace catena
