#include "support/catch.hpp"
#include "support/failing_vfs.hpp"
#include "support/scratch_folder.hpp"
#include "support/sqlite_reader.hpp"
#include "support/store_caller.hpp"
#include <catena/store/sqlite_store.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace catena {

using testing::disk_event;
using testing::failing_vfs;
using testing::next_page_of;
using testing::scratch_folder;
using testing::sqlite_reader;
using testing::store_caller;

namespace {

// Chains that have begun, ended and not begun, and two notes.
std::uint64_t fill(const std::string& path)
{
    sqlite_store s(path);
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 60);
    for (chain_row c : call.claim(job, 40).value) {
        for (; c.pages < c.id % 4; ++c.pages) {
            page_commit p = next_page_of(job, c);
            p.ended = c.pages == 2;
            call.commit(p);
        }
    }
    call.note(job, "a", "first");
    call.note(job, "b", "second");
    return job;
}

// All that a store tells, as text; or the failure's name.
std::string view(const std::string& path)
try {
    static const failing_vfs no_syncs([](const disk_event& e) {
        return e.what == disk_event::kind::sync ? failing_vfs::done_already : 0;
    });
    sqlite_options o;
    o.vfs = no_syncs.name();
    sqlite_store s(path, o);
    store_caller call(s);
    const auto j = call.open("j");
    if (j.why.code) return j.why.code.message();
    std::string text = std::to_string(j.value.id) + j.value.description;
    for (const std::uint64_t n : {j.value.chains, j.value.ended, j.value.pages, j.value.records})
        text += ' ' + std::to_string(n);
    for (const auto& [name, note] : j.value.notes)
        text += ' ' + name + '=' + note;
    const auto all = call.chains(j.value.id);
    if (all.why.code) return all.why.code.message();
    for (const chain_row& c : all.value)
        text += '\n' + std::to_string(c.id) + ' ' + std::to_string(c.pages) + ' ' + c.range + ' ' +
                c.checkpoint + ' ' + c.last_key + ' ' + std::to_string(static_cast<int>(c.is));
    const auto ready = call.claim(j.value.id, 100);
    return ready.why.code ? ready.why.code.message()
                          : text + " ready " + std::to_string(ready.value.size());
} catch (const failure& f) {
    return f.code().message();
}

bool is_refusal(const std::string& view)
{
    return view.starts_with("store_damaged") || view.starts_with("store_foreign");
}

std::string octets_of(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a row that was changed is named, and nothing begins anew", "[store][S5]")
{
    struct row {
        const char* change;
        const char* named;
    };
    const row rows[] = {
        {"UPDATE chain SET checkpoint = 'after 5/9' WHERE id = 5", "'checkpoint' of chain 5"},
        {"UPDATE chain SET checkpoint = '' WHERE id = 5", "'checkpoint' of chain 5"},
        {"UPDATE chain SET range = 'range' WHERE id = 6", "'range' of chain 6"},
        {"UPDATE chain SET state = 2 WHERE id = 6", "of chain 6"},
        {"UPDATE chain SET epoch = epoch + 1 WHERE id = 50", "of chain 50"},
        {"UPDATE chain SET pages = 0 WHERE id = 7", "of chain 7"},
        {"UPDATE chain SET records = 1 WHERE id = 7", "of chain 7"},
        {"UPDATE chain SET last_key = 'z' WHERE id = 7", "of chain 7"},
        {"DELETE FROM chain WHERE id = 60", "number of chains"},
        {"UPDATE chain SET job = 2 WHERE id = 60", "number of chains"},
        {"UPDATE job SET name = 'k'", "job 1"},
        {"UPDATE job SET planned = 0", "job 1"},
        {"DELETE FROM job", "number of jobs"},
        {"DROP INDEX chain_ready;"
         "CREATE INDEX chain_ready ON chain(job) WHERE state = 0 AND id < 45;"
         "PRAGMA writable_schema = ON;"
         "UPDATE sqlite_schema SET sql = 'CREATE INDEX chain_ready ON chain(job) WHERE state = 0' "
         "WHERE name = 'chain_ready'",
         "chain_ready"},
        {"UPDATE note SET text = 'third' WHERE name = 'b'", "note 'b'"},
        {"DELETE FROM note WHERE name = 'a'", "number of notes"},
    };
    const scratch_folder here;
    fill(here.file("whole.db"));
    for (const row& r : rows) {
        CAPTURE(r.change);
        const std::string path = here.file("s.db");
        std::filesystem::copy_file(here.file("whole.db"), path,
                                   std::filesystem::copy_options::overwrite_existing);
        sqlite_reader(path).rows(r.change);
        sqlite_store s(path);
        const auto told = store_caller(s).open("j");
        CHECK(told.why.code == errc::store_damaged);
        CHECK_THAT(told.why.what, Catch::Contains(r.named) && Catch::Contains(path));
    }
    sqlite_reader(here.file("whole.db")).rows("UPDATE store SET position = '7'");
    CHECK_THAT(view(here.file("whole.db")), Catch::StartsWith("store_damaged"));
}

TEST_CASE("a page onto a changed row is refused, and others are taken", "[store][S5]")
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    store_caller call(s);
    const std::uint64_t job = call.planned("j", 2);
    const std::vector<chain_row> both = call.claim(job, 2).value;
    sqlite_reader(here.file("s.db")).rows("UPDATE chain SET range = 'other' WHERE id = 1");
    CHECK(call.commit(next_page_of(job, both[0])).why.code == errc::store_damaged);
    CHECK(call.release(1, 1, chain_row::state::ended).why.code == errc::store_damaged);
    CHECK(call.commit(next_page_of(job, both[1])).value == commit_outcome::committed);
    CHECK(sqlite_reader(here.file("s.db")).value("SELECT range FROM chain WHERE id = 1") ==
          "other");
}

TEST_CASE("a file with a flipped bit or a lost end is refused or intact", "[store][S5]")
{
    const scratch_folder here;
    const std::string path = here.file("s.db");
    fill(path);
    const std::string whole = octets_of(path);
    const std::string wanted = view(path);
    REQUIRE_FALSE(is_refusal(wanted));

    std::mt19937_64 dice(Catch::rngSeed());
    CAPTURE(Catch::rngSeed());
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(dice() % n); };
    int refused = 0;
    for (int i = 0; i < 300; ++i) {
        std::string broken = whole;
        const std::size_t at = below(whole.size());
        if (i % 10 == 0)
            broken.resize(at);
        else
            broken[at] = static_cast<char>(broken[at] ^ (1 << below(8)));
        std::ofstream(path, std::ios::binary | std::ios::trunc) << broken;
        const std::string seen = view(path);
        CAPTURE(i, at, seen);
        CHECK((seen == wanted || is_refusal(seen)));
        if (is_refusal(seen)) ++refused;
    }
    CHECK(refused > 30);
}

}  // namespace catena
