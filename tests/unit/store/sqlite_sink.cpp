#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace catena {

using testing::next_page_of;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;
using namespace std::chrono_literals;

namespace {

// Records in memory, as a file would hold them; told to fail at a call of a kind.
struct list_sink final : sink {
    void resume(std::string_view position) override
    {
        log += "R";
        step('R');
        if (position.empty() && !kept.empty()) throw std::runtime_error("kept what none knows");
        kept.resize(position.empty() ? 0 : std::stoul(std::string(position)));
    }
    void write(const page_commit& page) override
    {
        log += "w";
        for (const stored_record& r : page.records) {
            kept.emplace_back(r.key);
            if (&r == &page.records.front()) step('w');  // half of it is there by then
        }
    }
    std::string flush() override
    {
        log += "f";
        step('f');
        return std::to_string(kept.size());
    }
    void step(char what)
    {
        if (what == breaks && broken-- == 0) throw_it();
    }

    std::function<void()> throw_it = [] { throw std::runtime_error("no such table"); };
    char breaks = '-';
    int broken = 0;
    std::vector<std::string> kept;
    std::string log;
};

sqlite_options into(const std::shared_ptr<sink>& s)
{
    sqlite_options o;
    o.records = s;
    o.retry_every = 1ms;
    return o;
}

}  // namespace

TEST_CASE("a sink that throws at any call loses its pages' answer and no page", "[store][S9]")
{
    for (const char kind : {'w', 'f'}) {
        for (int broken = 0; broken < 6; ++broken) {
            CAPTURE(kind, broken);
            const scratch_folder here;
            const auto list = std::make_shared<list_sink>();
            sqlite_store s(here.file("s.db"), into(list));
            store_caller call(s);
            const std::uint64_t job = call.planned("j", 2);
            list->breaks = kind;
            list->broken = broken;
            std::size_t failures = 0;
            for (chain_row c : call.claim(job, 2).value) {
                while (c.pages < 3) {
                    const auto told = call.commit(next_page_of(job, c));
                    if (told.why.code) {
                        ++failures;
                        CHECK(told.why.code == errc::sink_failed);
                        CHECK_THAT(told.why.what, Catch::Contains("no such table"));
                        CHECK(call.chains(job, c.id, 1).value[0].pages == c.pages);
                    } else {
                        ++c.pages;
                    }
                }
            }
            CHECK(failures == 1);
            CHECK(list->kept.size() == 18);
            CHECK(std::set<std::string>(list->kept.begin(), list->kept.end()).size() == 18);
            CHECK(sqlite_reader(here.file("s.db")).value("SELECT position FROM store") == "18");
            CHECK(sqlite_reader(here.file("s.db")).value("SELECT count(*) FROM record") == "0");
        }
    }
}

TEST_CASE("a sink goes on from the committed position, and is told it before anything else",
          "[store][S9][S10]")
{
    const scratch_folder here;
    const auto list = std::make_shared<list_sink>();
    std::uint64_t job = 0;
    {
        sqlite_store s(here.file("s.db"), into(list));
        CHECK(list->log == "Rf");
        store_caller call(s);
        job = call.planned("j", 1);
        call.commit(next_page_of(job, call.claim(job, 1).value[0]));
        CHECK(list->log == "Rfwf");
    }
    list->kept.emplace_back("written by a process that died before its commit");
    sqlite_store s(here.file("s.db"), into(list));
    CHECK(list->log == "RfwfR");
    CHECK(list->kept.size() == 3);
}

TEST_CASE("records that a sink has are not read back, and that is told as such", "[store]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"), into(std::make_shared<list_sink>()));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 1);
    CHECK_FALSE(call.open("j").value.readable);
    call.commit(next_page_of(job, call.claim(job, 1).value.at(0)));
    record_query q;
    q.job = job;
    CHECK(call.read(q).why.code == errc::invalid_state);
    CHECK(call.find(job, {"1/0/0"}).why.code == errc::invalid_state);
    CHECK(call.extend(job, 1, {"x"}).value == commit_outcome::committed);
}

TEST_CASE("a fenced page reaches no sink", "[store][S10]")
{
    const scratch_folder here;
    const auto list = std::make_shared<list_sink>();
    sqlite_store s(here.file("s.db"), into(list));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 1);
    chain_row c = call.claim(job, 1).value[0];
    ++c.pages;
    CHECK(call.commit(next_page_of(job, c)).value == commit_outcome::fenced);
    CHECK(list->log == "Rf");
}

TEST_CASE("a sink's own failures of the disk keep their name", "[store][S3][S9]")
{
    const auto throws = [](errc code) {
        return [code] {
            diagnostics d;
            d.code = code;
            d.what = "the file";
            throw failure(d);
        };
    };
    const scratch_folder here;
    const auto list = std::make_shared<list_sink>();
    std::vector<error_code> troubles;
    sqlite_options o = into(list);
    o.on_trouble = [&](const diagnostics& d) { troubles.push_back(d.code); };
    {
        sqlite_store s(here.file("s.db"), o);
        store_caller call(s);
        const std::uint64_t job = call.planned("j", 1);
        chain_row c = call.claim(job, 1).value[0];
        list->breaks = 'f';
        list->throw_it = throws(errc::store_full);
        CHECK(call.commit(next_page_of(job, c)).value == commit_outcome::committed);
        CHECK(troubles == std::vector<error_code>{errc::store_full, {}});
        ++c.pages;
        list->broken = 0;
        list->throw_it = throws(errc::store_failed);
        CHECK(call.commit(next_page_of(job, c)).why.code == errc::store_failed);
        CHECK(call.commit(next_page_of(job, c)).why.code == errc::store_failed);
        CHECK(list->kept.size() == 6);
    }
    list->breaks = 'R';
    list->broken = 0;
    list->throw_it = throws(errc::store_damaged);
    try {
        const sqlite_store s(here.file("s.db"), o);
        FAIL("opened");
    } catch (const failure& f) {
        CHECK(f.code() == errc::store_damaged);
    }
}

TEST_CASE("rows and a sink are not mixed in one store", "[store][S5]")
{
    const scratch_folder here;
    {
        const sqlite_store s(here.file("rows.db"));
    }
    {
        const sqlite_store s(here.file("sink.db"), into(std::make_shared<list_sink>()));
    }
    CHECK_THROWS_AS(sqlite_store(here.file("rows.db"), into(std::make_shared<list_sink>())),
                    failure);
    CHECK_THROWS_AS(sqlite_store(here.file("sink.db")), failure);
    const sqlite_store s(here.file("rows.db"));
}

}  // namespace catena
