// What an audit asks of a store: more chains, and the records back.
#include "store/ledger.hpp"

#include <utility>

namespace catena::storage {

job_row ledger::known(const std::string& name)
{
    for (const job_entry& j : load_jobs()) {
        if (j.name != name) continue;
        job_row told = described(j);
        std::vector<std::uint64_t> not_at_rest;
        std::uint64_t ready = 0;
        count_chains(j, told, not_at_rest, ready);
        return told;
    }
    return {};
}

void ledger::insert_chains(std::uint64_t job, const std::vector<std::string>& ranges)
{
    chain_entry c;
    c.job = job;
    c.row.id = last_chain();
    for (const std::string& range : ranges) {
        ++c.row.id;
        c.row.range = range;
        insert(c);
    }
}

commit_outcome ledger::extend(std::uint64_t id, std::uint64_t chains,
                              const std::vector<std::string>& ranges)
{
    job_entry j = load_job(id);
    if (!j.planned || j.chains != chains) return commit_outcome::fenced;
    insert_chains(id, ranges);
    j.chains += ranges.size();
    save(j);
    return commit_outcome::committed;
}

void ledger::require_rows(std::uint64_t job)
{
    (void)load_job(job);
    if (!to_) return;
    throw broken{story(errc::invalid_state,
                       db_.path() + " keeps its records in a sink, from which it cannot read them"),
                 remedy::call};
}

std::vector<kept_record> ledger::read(const record_query& what)
{
    if (to_ && !what.bodies && keeps_keys(what.job)) return read_digests(what);
    require_rows(what.job);
    statement& rows = what.bodies ? read_records_ : read_keys_;
    std::vector<kept_record> out;
    std::size_t octets = 0;
    const rewind after(rows);
    for (rows.with(what.job, std::string_view(what.after), std::uint64_t(what.most));
         rows.step();) {
        kept_record r;
        r.key = rows.text(0);
        if (what.bodies) r.body = rows.text(1);
        octets += r.key.size() + r.body.size();
        if (!out.empty() && octets > what.octets) break;
        out.push_back(std::move(r));
    }
    return out;
}

std::vector<bool> ledger::find(std::uint64_t job, const std::vector<std::string>& keys)
{
    if (to_ && keeps_keys(job)) return find_digests(job, keys);
    require_rows(job);
    std::vector<bool> out;
    out.reserve(keys.size());
    const rewind after(find_record_);
    for (const std::string& key : keys)
        out.push_back(find_record_.with(job, std::string_view(key)).step());
    return out;
}

}  // namespace catena::storage
