// The keys of records that a sink has: it cannot be asked for them, so a digest of each is kept
// here. The table is there only where a job has wanted it, so that files without it stay what they
// were.
#include "core/key_digest.hpp"
#include "store/ledger.hpp"

namespace catena::storage {

namespace {

constexpr const char* make_seen =
    "CREATE TABLE IF NOT EXISTS seen(job INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY(job, "
    "key)) WITHOUT ROWID";

}  // namespace

ledger::seen_keys::seen_keys(database& in)
    : put(in, "INSERT OR IGNORE INTO seen VALUES(?1, ?2)"),
      read(in, "SELECT key FROM seen WHERE job = ?1 AND key > ?2 ORDER BY key LIMIT ?3"),
      find(in, "SELECT 1 FROM seen WHERE job = ?1 AND key = ?2")
{
}

void ledger::begin_keys(job_entry& of)
{
    db_.run(make_seen);
    put_note(of, keys_note, "digests");
    keeps_.erase(of.id);
}

bool ledger::keeps_keys(std::uint64_t job)
{
    const auto known = keeps_.find(job);
    if (known != keeps_.end()) return known->second;
    const rewind after(find_note_);
    const bool keeps =
        find_note_.with(job, std::string_view(keys_note)).step() && find_note_.number(0) == 1;
    return keeps_.emplace(job, keeps).first->second;
}

ledger::seen_keys& ledger::seen()
{
    if (seen_) return *seen_;
    if (db_.number("SELECT count(*) FROM sqlite_schema WHERE name = 'seen'") != 1)
        damaged("the table 'seen'");
    return seen_.emplace(db_);
}

void ledger::put_keys(const page_commit& page, seen_keys& into)
{
    for (const stored_record& r : page.records) {
        const std::string digest = core::key_digest(r.key);
        into.put.with(page.job, as_blob{digest}).run();
    }
}

std::vector<kept_record> ledger::read_digests(const record_query& what)
{
    statement& rows = seen().read;
    std::vector<kept_record> out;
    std::size_t octets = 0;
    const rewind after(rows);
    for (rows.with(what.job, as_blob{what.after}, std::uint64_t(what.most)); rows.step();) {
        kept_record r;
        r.key = rows.text(0);
        octets += r.key.size();
        if (!out.empty() && octets > what.octets) break;
        out.push_back(std::move(r));
    }
    return out;
}

std::vector<bool> ledger::find_digests(std::uint64_t job, const std::vector<std::string>& keys)
{
    statement& one = seen().find;
    std::vector<bool> out;
    out.reserve(keys.size());
    const rewind after(one);
    for (const std::string& key : keys) {
        const std::string digest = core::key_digest(key);
        out.push_back(one.with(job, as_blob{digest}).step());
    }
    return out;
}

}  // namespace catena::storage
