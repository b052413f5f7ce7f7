#include "store/ledger.hpp"

#include "store/checksum.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace catena::storage {

using state = chain_row::state;

namespace {

[[noreturn]] void by_sink(const diagnostics& told, const std::string& text)
{
    const error_code ec = told.code;
    if (ec == errc::store_full) throw broken{told, remedy::wait};
    if (ec == errc::store_failed || ec == errc::store_damaged || ec == errc::store_refused)
        throw broken{told, remedy::end};
    throw broken{story(errc::sink_failed,
                       "the sink failed: " + text + "; nothing of these pages was committed",
                       "mend the sink; the pages may be committed again"),
                 remedy::pages};
}

// The host's sink may throw anything.
template <class Work>
void in_sink(const Work& work)
{
    try {
        work();
    } catch (const failure& f) {
        by_sink(f.why(), f.why().what);
    } catch (const std::exception& e) {
        by_sink({}, e.what());
    } catch (...) {
        by_sink({}, "what it threw is no exception of the standard library's");
    }
}

bool fits(const chain_row& r, std::uint64_t epoch, std::uint64_t page)
{
    return r.epoch == epoch && r.pages == page;
}

}  // namespace

std::string_view ledger::record_mode(bool has_sink) { return has_sink ? "sink" : "rows"; }

void ledger::begin(bool only_reads)
{
    whole w = load_whole();
    const std::string_view mine = record_mode(to_ != nullptr);
    if (w.records != mine)
        throw broken{story(errc::store_refused,
                           db_.path() + " keeps its records in " +
                               (w.records == "rows" ? "rows of its own" : "a sink") +
                               ", and is opened " + (to_ ? "with" : "without") + " a sink",
                           to_ ? "leave sqlite_options::records empty, or give another path"
                               : "give it the same sink again, or another path"),
                     remedy::end};
    if (!to_) return;
    in_sink([&] { to_->resume(w.position); });
    if (!w.position.empty() || only_reads) return;
    in_sink([&] { w.position = to_->flush(); });
    save(w);
}

// Asked for while a page is half way into the sink: that call alone cannot fail any more.
ledger::whole ledger::whole_for_sink()
{
    try {
        return load_whole();
    } catch (broken& b) {
        b.by = remedy::end;
        throw;
    }
}

void ledger::flush_sink()
{
    if (!std::exchange(sink_written_, false)) return;
    whole w = whole_for_sink();
    in_sink([&] { w.position = to_->flush(); });
    save(w);
}

job_row ledger::open(const std::string& name, const std::string& description)
{
    const std::vector<job_entry> all = load_jobs();
    for (const job_entry& j : all) {
        if (j.name != name) continue;
        job_row told = described(j);
        std::vector<std::uint64_t> not_at_rest;
        std::uint64_t ready = 0;
        count_chains(j, told, not_at_rest, ready);
        if (count_of_ready(j.id) != ready) damaged("the index 'chain_ready'");
        for (const std::uint64_t id : not_at_rest) {
            chain_entry c = *load_chain(id, j.id);
            c.row.is = state::ready;
            c.row.trouble.clear();
            (void)save(c, c.row.epoch, c.row.pages);
        }
        return told;
    }
    whole w = load_whole();
    job_entry fresh;
    fresh.id = all.empty() ? 1 : all.back().id + 1;
    fresh.name = name;
    fresh.description = description;
    const std::uint64_t none = 0;
    insert_job_
        .with(fresh.id, name, description, none, none, none,
              sum_of(fresh.id, name, description, none, none, none))
        .run();
    ++w.jobs;
    save(w);
    return described(fresh);
}

std::uint64_t ledger::count_of_ready(std::uint64_t job)
{
    const rewind after(count_ready_);
    return count_ready_.with(job).step() ? count_ready_.number(0) : 0;
}

job_row ledger::described(const job_entry& j)
{
    job_row told;
    told.id = j.id;
    told.name = j.name;
    told.description = j.description;
    told.planned = j.planned;
    told.chains = j.chains;
    told.readable = !to_;
    const rewind after(load_notes_);
    for (load_notes_.with(j.id); load_notes_.step();) {
        const std::string name = load_notes_.text(0), text = load_notes_.text(1);
        if (load_notes_.number(2) != sum_of(j.id, name, text)) damaged("note '" + name + "'");
        told.notes[name] = text;
    }
    if (told.notes.size() != j.notes) damaged("the number of notes");
    told.knows_keys = told.readable || told.notes.erase(keys_note) != 0;
    return told;
}

void ledger::count_chains(const job_entry& j, job_row& into,
                          std::vector<std::uint64_t>& not_at_rest, std::uint64_t& ready)
{
    std::uint64_t found = 0, last = 0;
    chain_entry c;
    const chain_row& r = c.row;
    const rewind after(all_chains_);
    for (all_chains_.with(j.id, std::uint64_t(0), ~std::uint64_t(0)); all_chains_.step(); ++found) {
        read_chain(all_chains_, c);
        if (r.id <= last) damaged("the order of chains");
        last = r.id;
        if (r.is == state::ended) ++into.ended;
        if (r.is == state::ready) ++ready;
        if (r.is == state::running || r.is == state::stopped) not_at_rest.push_back(r.id);
        into.pages += r.pages;
        into.records += r.records;
    }
    if (found != j.chains) damaged("the number of chains of job '" + j.name + "'");
}

job_row ledger::plan(std::uint64_t id, const first_chains& what)
{
    job_entry j = load_job(id);
    if (j.planned)
        throw broken{story(errc::invalid_state,
                           "job '" + j.name + "' of " + db_.path() + " has its chains already"),
                     remedy::call};
    insert_chains(id, what.ranges);
    j.planned = true;
    j.chains = what.ranges.size();
    for (const auto& [name, text] : what.notes)
        put_note(j, name, text);
    if (to_ && what.keys) begin_keys(j);
    save(j);
    return described(j);
}

std::vector<chain_row> ledger::claim(std::uint64_t job, std::size_t most)
{
    const job_entry j = load_job(job);
    std::vector<chain_row> taken;
    taken.reserve(std::min<std::size_t>(most, j.chains));
    {
        const rewind after(ready_chains_);
        chain_entry c;
        for (ready_chains_.with(job, std::uint64_t(most)); ready_chains_.step();) {
            read_chain(ready_chains_, c);
            taken.push_back(std::move(c.row));
        }
    }
    for (chain_row& r : taken) {
        r.is = state::running;
        ++r.epoch;
    }
    save_claimed(job, taken);
    return taken;
}

commit_outcome ledger::commit(const page_commit& page)
{
    chain_entry c = *load_chain(page.chain, page.job);
    chain_row& r = c.row;
    if (!fits(r, page.epoch, page.page)) return commit_outcome::fenced;
    check_lengths(page);
    seen_keys* const keys = to_ && keeps_keys(page.job) ? &seen() : nullptr;
    std::optional<job_entry> grows;
    if (!page.adds.empty()) grows = load_job(page.job);
    ++r.pages;
    r.records += page.records.size();
    r.checkpoint = page.checkpoint;
    r.last_key = page.last_key;
    if (!page.range.empty()) r.range = page.range;
    if (page.ended) r.is = state::ended;
    if (!save(c, page.epoch, page.page)) return commit_outcome::fenced;
    if (grows) add_chains(*grows, page.adds);
    if (to_) {
        if (keys != nullptr) put_keys(page, *keys);
        write_to_sink(page);
    } else {
        put_records(page);
    }
    return commit_outcome::committed;
}

void ledger::add_chains(job_entry& to, const std::vector<chain_seed>& seeds)
{
    chain_entry fresh;
    fresh.job = to.id;
    fresh.row.id = last_chain();
    for (const chain_seed& seed : seeds) {
        ++fresh.row.id;
        fresh.row.range = seed.range;
        fresh.row.checkpoint = seed.checkpoint;
        insert(fresh);
    }
    to.chains += seeds.size();
    save(to);
}

std::uint64_t ledger::last_chain()
{
    return static_cast<std::uint64_t>(db_.number("SELECT max(id) FROM chain"));
}

void ledger::check_lengths(const page_commit& page) const
{
    const auto most =
        static_cast<std::size_t>(sqlite3_limit(db_.handle(), SQLITE_LIMIT_LENGTH, -1));
    for (const stored_record& r : page.records)
        if (r.key.size() + r.body.size() + 64 > most)
            throw broken{
                story(errc::limit_exceeded, "a record of " + std::to_string(r.body.size()) +
                                                " octets is longer than SQLite takes"),
                remedy::call};
}

void ledger::put_records(const page_commit& page)
{
    for (const stored_record& r : page.records)
        put_record_.with(page.job, r.key, page.chain, r.body).run();
}

void ledger::write_to_sink(const page_commit& page)
{
    if (!sink_stands_) {
        const whole w = whole_for_sink();
        in_sink([&] { to_->resume(w.position); });
        sink_stands_ = true;
    }
    sink_written_ = true;
    in_sink([&] { to_->write(page); });
}

chain_row ledger::split(const chain_split& what)
{
    chain_entry c = *load_chain(what.chain, what.job);
    if (!fits(c.row, what.epoch, what.page)) return {};
    job_entry j = load_job(what.job);
    c.row.range = what.keeps;
    ++c.row.epoch;
    if (!save(c, what.epoch, what.page)) return {};
    chain_entry fresh;
    fresh.job = what.job;
    fresh.row.id = last_chain() + 1;
    fresh.row.range = what.gives;
    insert(fresh);
    ++j.chains;
    save(j);
    return c.row;
}

commit_outcome ledger::release(std::uint64_t id, std::uint64_t epoch, state is,
                               const std::string& trouble)
{
    chain_entry c = *load_chain(id, 0);
    if (c.row.epoch != epoch) return commit_outcome::fenced;
    c.row.is = is;
    c.row.trouble = is == state::stopped ? trouble : std::string();
    return save(c, epoch, c.row.pages) ? commit_outcome::committed : commit_outcome::fenced;
}

commit_outcome ledger::note(std::uint64_t job_id, const std::string& name, const std::string& text)
{
    job_entry j = load_job(job_id);
    const std::uint64_t before = j.notes;
    put_note(j, name, text);
    if (j.notes != before) save(j);
    return commit_outcome::committed;
}

void ledger::put_note(job_entry& of, const std::string& name, const std::string& text)
{
    const rewind after(find_note_);
    const bool known = find_note_.with(of.id, name).step() && find_note_.number(0) == 1;
    put_note_.with(of.id, name, text, sum_of(of.id, name, text)).run();
    if (!known) ++of.notes;
}

std::vector<chain_row> ledger::chains(std::uint64_t job, std::uint64_t from, std::size_t most)
{
    (void)load_job(job);
    std::vector<chain_row> found;
    chain_entry c;
    const rewind after(all_chains_);
    for (all_chains_.with(job, from, std::uint64_t(most)); all_chains_.step();) {
        read_chain(all_chains_, c);
        found.push_back(c.row);
    }
    return found;
}

}  // namespace catena::storage
