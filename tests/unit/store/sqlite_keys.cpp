// Keys of records that a sink has, kept as digests in the transaction of their page.
#include "core/key_digest.hpp"
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace catena {

using testing::next_page_of;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;

namespace {

// Refuses a page of a chosen number of records.
struct picky_sink final : sink {
    void resume(std::string_view) override {}
    void write(const page_commit& page) override
    {
        if (page.records.size() == refused) throw std::runtime_error("not this one");
    }
    std::string flush() override { return "1"; }
    std::size_t refused = 5;
};

sqlite_options into(std::shared_ptr<sink> s)
{
    sqlite_options o;
    o.records = std::move(s);
    return o;
}

first_chains with_keys(std::size_t chains)
{
    first_chains out;
    out.ranges.assign(chains, "all");
    out.keys = true;
    return out;
}

std::vector<std::string> keys_of(const page_commit& p)
{
    std::vector<std::string> out;
    for (const stored_record& r : p.records)
        out.emplace_back(r.key);
    return out;
}

// All that read() gives, a few at a time.
std::vector<std::string> digests_in(store_caller& call, std::uint64_t job)
{
    std::vector<std::string> out;
    record_query q;
    q.job = job;
    q.most = 2;
    q.bodies = false;
    for (auto part = call.read(q).value; !part.empty(); part = call.read(q).value) {
        for (const kept_record& r : part)
            out.push_back(r.key);
        q.after = out.back();
    }
    return out;
}

std::string tables(const std::string& path)
{
    return sqlite_reader(path).value("SELECT count(*) FROM sqlite_schema WHERE name = 'seen'");
}

}  // namespace

TEST_CASE("keys that a sink has are known where a plan has asked for it", "[store]")
{
    const scratch_folder here;
    std::uint64_t job = 0;
    std::vector<std::string> all;
    {
        sqlite_store s(here.file("s.db"), into(std::make_shared<jsonl_sink>(here.file("r"))));
        store_caller call(s);
        job = call.open("j").value.id;
        const job_row planned = call.plan(job, with_keys(2)).value;
        CHECK(planned.knows_keys);
        CHECK_FALSE(planned.readable);
        CHECK(planned.notes.empty());
        const std::uint64_t other = call.planned("other", 1);
        CHECK_FALSE(call.open("other").value.knows_keys);
        for (chain_row c : call.claim(job, 2).value) {
            for (; c.pages < 2; ++c.pages) {
                const page_commit p = next_page_of(job, c);
                REQUIRE(call.commit(p).value == commit_outcome::committed);
                for (const std::string& key : keys_of(p))
                    all.push_back(key);
            }
            // The same keys once more are no further ones.
            page_commit again = next_page_of(job, c);
            const page_commit before = next_page_of(job, [&] {
                chain_row first = c;
                first.pages = 0;
                return first;
            }());
            again.records = before.records;
            again.owner = before.owner;
            REQUIRE(call.commit(again).value == commit_outcome::committed);
        }
        const page_commit strange = next_page_of(other, call.claim(other, 1).value.at(0));
        REQUIRE(call.commit(strange).value == commit_outcome::committed);
        CHECK(call.find(other, {all[0]}).why.code == errc::invalid_state);
        CHECK(call.find(job, keys_of(strange)).value == std::vector<bool>(3, false));
    }
    sqlite_store s(here.file("s.db"), into(std::make_shared<jsonl_sink>(here.file("r"))));
    store_caller call(s);
    CHECK(call.known("j").value.knows_keys);
    CHECK(call.find(job, all).value == std::vector<bool>(all.size(), true));
    CHECK(call.find(job, {all[3], "nobody's"}).value == std::vector<bool>{true, false});
    std::vector<std::string> wanted;
    for (const std::string& key : all)
        wanted.push_back(core::key_digest(key));
    std::sort(wanted.begin(), wanted.end());
    CHECK(digests_in(call, job) == wanted);
    record_query whole;
    whole.job = job;
    CHECK(call.read(whole).why.code == errc::invalid_state);
}

TEST_CASE("a page that is not committed leaves none of its keys", "[store][S9][S10]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"), into(std::make_shared<picky_sink>()));
    store_caller call(s);
    const std::uint64_t job = call.open("j").value.id;
    call.plan(job, with_keys(1));
    chain_row c = call.claim(job, 1).value.at(0);
    const page_commit refused = next_page_of(job, c, 5);
    CHECK(call.commit(refused).why.code == errc::sink_failed);
    CHECK(call.find(job, keys_of(refused)).value == std::vector<bool>(5, false));
    page_commit fenced = next_page_of(job, c, 4);
    ++fenced.page;
    CHECK(call.commit(fenced).value == commit_outcome::fenced);
    CHECK(digests_in(call, job).empty());
    CHECK(call.commit(next_page_of(job, c, 4)).value == commit_outcome::committed);
    CHECK(digests_in(call, job).size() == 4);
}

TEST_CASE("a store that no job asks for keys has no table of them, and goes on without", "[store]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    {
        sqlite_store s(path, into(std::make_shared<picky_sink>()));
        store_caller call(s);
        const std::uint64_t job = call.planned("old", 1);
        call.commit(next_page_of(job, call.claim(job, 1).value.at(0)));
    }
    CHECK(tables(path) == "0");
    {
        sqlite_store s(path, into(std::make_shared<picky_sink>()));
        store_caller call(s);
        const job_row old = call.open("old").value;
        CHECK_FALSE(old.knows_keys);
        CHECK(call.plan(old.id, with_keys(1)).why.code == errc::invalid_state);
        CHECK_FALSE(call.open("old").value.knows_keys);
        const std::uint64_t fresh = call.open("fresh").value.id;
        CHECK(call.plan(fresh, with_keys(1)).value.knows_keys);
    }
    CHECK(tables(path) == "1");
}

TEST_CASE("a database that has the records itself keeps no digests beside them", "[store]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    {
        sqlite_store s(path);
        store_caller call(s);
        const std::uint64_t job = call.open("j").value.id;
        CHECK(call.plan(job, with_keys(1)).value.knows_keys);
        const page_commit p = next_page_of(job, call.claim(job, 1).value.at(0));
        call.commit(p);
        CHECK(call.find(job, keys_of(p)).value == std::vector<bool>(3, true));
    }
    CHECK(tables(path) == "0");
}

TEST_CASE("a table of keys that is gone is damage, and no job without keys", "[store][S8]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    std::uint64_t job = 0;
    {
        sqlite_store s(path, into(std::make_shared<picky_sink>()));
        store_caller call(s);
        job = call.open("j").value.id;
        call.plan(job, with_keys(1));
    }
    sqlite_reader(path).value("DROP TABLE seen");
    sqlite_store s(path, into(std::make_shared<picky_sink>()));
    store_caller call(s);
    CHECK(call.find(job, {"a"}).why.code == errc::store_damaged);
    const chain_row c = call.claim(job, 1).value.at(0);
    CHECK(call.commit(next_page_of(job, c)).why.code == errc::store_damaged);
    CHECK(call.chains(job).value.at(0).pages == 0);
}

}  // namespace catena
