#include "store/checksum.hpp"
#include "store/ledger.hpp"

namespace catena::storage {

namespace {

constexpr std::int64_t our_mark = 0x4361746e;  // "Catn"
constexpr std::int64_t version = 1;

struct table {
    const char* name;
    const char* sql;
};

// Records lie in the order in which they came, beside an index of their keys: as fast as a tree of
// keys that holds them (WITHOUT ROWID) where keys come in order, and twice as fast where not.
constexpr table tables[] = {
    {"store",
     "CREATE TABLE store(id INTEGER PRIMARY KEY, records TEXT NOT NULL, position TEXT NOT NULL, "
     "jobs INTEGER NOT NULL, sum INTEGER NOT NULL)"},
    {"job",
     "CREATE TABLE job(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT "
     "NULL, planned INTEGER NOT NULL, chains INTEGER NOT NULL, notes INTEGER NOT NULL, sum INTEGER "
     "NOT NULL)"},
    {"chain",
     "CREATE TABLE chain(id INTEGER PRIMARY KEY, job INTEGER NOT NULL, state INTEGER NOT NULL, "
     "epoch INTEGER NOT NULL, pages INTEGER NOT NULL, records INTEGER NOT NULL, range TEXT NOT "
     "NULL, checkpoint TEXT NOT NULL, last_key TEXT NOT NULL, trouble TEXT NOT NULL, sum INTEGER "
     "NOT NULL, range_sum INTEGER NOT NULL, checkpoint_sum INTEGER NOT NULL)"},
    {"chain_ready", "CREATE INDEX chain_ready ON chain(job) WHERE state = 0"},
    {"note",
     "CREATE TABLE note(job INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, sum INTEGER "
     "NOT NULL, PRIMARY KEY(job, name)) WITHOUT ROWID"},
    {"record",
     "CREATE TABLE record(job INTEGER NOT NULL, key TEXT NOT NULL, chain INTEGER NOT NULL, body "
     "TEXT NOT NULL)"},
    {"record_key", "CREATE UNIQUE INDEX record_key ON record(job, key)"},
};

}  // namespace

void make_tables(database& in, std::string_view mode)
{
    in.run("BEGIN");
    for (const table& t : tables)
        in.run(t.sql);
    in.run(("PRAGMA application_id=" + std::to_string(our_mark)).c_str());
    in.run(("PRAGMA user_version=" + std::to_string(version)).c_str());
    statement(in, "INSERT INTO store VALUES(1, ?1, '', 0, ?2)")
        .with(mode, sum_of(mode, std::string_view(), std::uint64_t(0)))
        .run();
    in.run("COMMIT");
}

void check_tables(database& in)
{
    const auto refused = [&](errc code, const std::string& what, const char* mend) {
        throw broken{story(code, in.path() + what, mend), remedy::end};
    };
    if (in.number("PRAGMA application_id") != our_mark)
        refused(errc::store_foreign, " is another program's database, not a store of catena",
                "give the store another path");
    const std::int64_t found = in.number("PRAGMA user_version");
    if (found != version)
        refused(errc::store_foreign,
                " is a store of version " + std::to_string(found) + ", and this catena knows " +
                    std::to_string(version) + " only; nothing was changed",
                "open it with the catena that wrote it, or a newer one");
    statement find(in, "SELECT count(*) FROM sqlite_schema WHERE name = ?1 AND sql = ?2");
    for (const table& t : tables) {
        if (find.with(std::string_view(t.name), std::string_view(t.sql)).step() &&
            find.number(0) == 1)
            continue;
        refused(errc::store_damaged,
                std::string(" is damaged: it has no table '") + t.name + "' as catena makes it",
                "put a copy of the store back, or give another path to begin anew");
    }
}

}  // namespace catena::storage
