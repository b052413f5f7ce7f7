#include "store/checksum.hpp"
#include "store/ledger.hpp"

#include <utility>

namespace catena::storage {

namespace {

std::uint64_t progress_sum(std::uint64_t job, const chain_row& r)
{
    return sum_of(r.id, job, static_cast<std::uint64_t>(r.is), r.epoch, r.pages, r.records,
                  r.last_key, r.trouble);
}

std::uint64_t range_sum(const chain_row& r) { return sum_of(r.id, r.range); }

std::uint64_t checkpoint_sum(const chain_row& r) { return sum_of(r.id, r.pages, r.checkpoint); }

template <class Job>
std::uint64_t job_sum(const Job& j)
{
    return sum_of(j.id, j.name, j.description, std::uint64_t(j.planned ? 1 : 0), j.chains, j.notes);
}

}  // namespace

ledger::ledger(database& in, std::shared_ptr<sink> to)
    : db_(with_sums(in, this)),
      to_(std::move(to)),
      load_whole_(in, "SELECT * FROM store WHERE id = 1"),
      save_whole_(in, "UPDATE store SET position = ?1, jobs = ?2, sum = ?3 WHERE id = 1"),
      load_jobs_(in, "SELECT * FROM job ORDER BY id"),
      load_job_(in, "SELECT * FROM job WHERE id = ?1"),
      insert_job_(in, "INSERT INTO job VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      save_job_(in, "UPDATE job SET planned = ?2, chains = ?3, notes = ?4, sum = ?5 WHERE id = ?1"),
      load_chain_(in, "SELECT * FROM chain WHERE id = ?1"),
      insert_chain_(in,
                    "INSERT INTO chain VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
                    "?13)"),
      save_chain_(in,
                  "UPDATE chain SET state = ?4, epoch = ?5, pages = ?6, records = ?7, range = ?8, "
                  "checkpoint = ?9, last_key = ?10, trouble = ?11, sum = ?12, range_sum = ?13, "
                  "checkpoint_sum = ?14 WHERE id = ?1 AND epoch = ?2 AND pages = ?3"),
      save_claimed_(in, "UPDATE chain SET state = 1, epoch = ?2, sum = ?3 WHERE id = ?1"),
      save_row_of_claims_(in,
                          "UPDATE chain NOT INDEXED SET state = 1, epoch = epoch + 1, sum = "
                          "next_claimed_sum(id) WHERE id BETWEEN ?1 AND ?2 AND job = ?3 AND state "
                          "= 0"),
      ready_chains_(in, "SELECT * FROM chain WHERE job = ?1 AND state = 0 ORDER BY id LIMIT ?2"),
      count_ready_(
          in, "SELECT count(*) FROM chain INDEXED BY chain_ready WHERE job = ?1 AND state = 0"),
      all_chains_(in, "SELECT * FROM chain WHERE job = ?1 AND id >= ?2 ORDER BY id LIMIT ?3"),
      load_notes_(in, "SELECT name, text, sum FROM note WHERE job = ?1"),
      find_note_(in, "SELECT count(*) FROM note WHERE job = ?1 AND name = ?2"),
      put_note_(in, "INSERT OR REPLACE INTO note VALUES(?1, ?2, ?3, ?4)"),
      put_record_(in,
                  "INSERT INTO record VALUES(?1, ?2, ?3, ?4) ON CONFLICT(job, key) DO UPDATE "
                  "SET chain = excluded.chain, body = excluded.body"),
      read_records_(
          in, "SELECT key, body FROM record WHERE job = ?1 AND key > ?2 ORDER BY key LIMIT ?3"),
      read_keys_(in, "SELECT key FROM record WHERE job = ?1 AND key > ?2 ORDER BY key LIMIT ?3"),
      find_record_(in, "SELECT 1 FROM record WHERE job = ?1 AND key = ?2")
{
}

void ledger::damaged(const std::string& what) const
{
    throw broken{story(errc::store_damaged,
                       db_.path() + " is damaged: " + what +
                           " does not agree with its checksum; nothing was changed",
                       "put a copy of the store back, or give another path to begin anew"),
                 remedy::call};
}

ledger::whole ledger::load_whole()
{
    whole w;
    const rewind after(load_whole_);
    const bool there = load_whole_.with().step();
    if (there) {
        w.records = load_whole_.text(1);
        w.position = load_whole_.text(2);
        w.jobs = load_whole_.number(3);
    }
    if (!there || load_whole_.number(4) != sum_of(w.records, w.position, w.jobs))
        damaged("the row of table 'store'");
    return w;
}

void ledger::save(const whole& w)
{
    save_whole_.with(w.position, w.jobs, sum_of(w.records, w.position, w.jobs)).run();
}

ledger::job_entry ledger::read_job(const statement& s) const
{
    job_entry j;
    j.id = s.number(0);
    j.name = s.text(1);
    j.description = s.text(2);
    j.planned = s.number(3) != 0;
    j.chains = s.number(4);
    j.notes = s.number(5);
    if (s.number(6) != job_sum(j)) damaged("job " + std::to_string(j.id));
    return j;
}

std::vector<ledger::job_entry> ledger::load_jobs()
{
    std::vector<job_entry> all;
    const rewind after(load_jobs_);
    for (load_jobs_.with(); load_jobs_.step();)
        all.push_back(read_job(load_jobs_));
    if (all.size() != load_whole().jobs) damaged("the number of jobs");
    return all;
}

ledger::job_entry ledger::load_job(std::uint64_t id)
{
    const rewind after(load_job_);
    if (!load_job_.with(id).step())
        throw broken{story(errc::invalid_state, db_.path() + " has no job " + std::to_string(id),
                           "open the job first"),
                     remedy::call};
    return read_job(load_job_);
}

void ledger::save(const job_entry& j)
{
    save_job_.with(j.id, std::uint64_t(j.planned ? 1 : 0), j.chains, j.notes, job_sum(j)).run();
}

void ledger::read_chain(const statement& s, chain_entry& into) const
{
    chain_row& r = into.row;
    r.id = s.number(0);
    into.job = s.number(1);
    r.is = static_cast<chain_row::state>(s.number(2));
    r.epoch = s.number(3);
    r.pages = s.number(4);
    r.records = s.number(5);
    r.range = s.view(6);
    r.checkpoint = s.view(7);
    r.last_key = s.view(8);
    r.trouble = s.view(9);
    const auto check = [&](int column, std::uint64_t sum, const char* what) {
        if (s.number(column) != sum) damaged(what + std::to_string(r.id));
    };
    check(10, progress_sum(into.job, r), "state, count or last key of chain ");
    check(11, range_sum(r), "column 'range' of chain ");
    check(12, checkpoint_sum(r), "column 'checkpoint' of chain ");
}

std::optional<ledger::chain_entry> ledger::load_chain(std::uint64_t id, std::uint64_t job)
{
    const rewind after(load_chain_);
    std::optional<chain_entry> c;
    if (load_chain_.with(id).step()) read_chain(load_chain_, c.emplace());
    if (!c || (job != 0 && c->job != job))
        throw broken{story(errc::invalid_state,
                           db_.path() + " has no chain " + std::to_string(id) + " of that job"),
                     remedy::call};
    return c;
}

void ledger::insert(const chain_entry& c)
{
    const chain_row& r = c.row;
    insert_chain_
        .with(r.id, c.job, static_cast<std::uint64_t>(r.is), r.epoch, r.pages, r.records, r.range,
              r.checkpoint, r.last_key, r.trouble, progress_sum(c.job, r), range_sum(r),
              checkpoint_sum(r))
        .run();
}

bool ledger::save(const chain_entry& c, std::uint64_t epoch, std::uint64_t pages)
{
    const chain_row& r = c.row;
    return save_chain_
               .with(r.id, epoch, pages, static_cast<std::uint64_t>(r.is), r.epoch, r.pages,
                     r.records, r.range, r.checkpoint, r.last_key, r.trouble,
                     progress_sum(c.job, r), range_sum(r), checkpoint_sum(r))
               .run() == 1;
}

/* One by one where few are taken out of many. Where they stand in a row one statement writes all of
   them, a third faster: it meets the same rows in the same order, and is stopped if not. */
void ledger::save_claimed(std::uint64_t job, const std::vector<chain_row>& taken)
{
    if (taken.empty()) return;
    const bool in_a_row =
        taken.size() > 64 && (taken.back().id - taken.front().id) / 4 < taken.size();
    if (!in_a_row) {
        for (const chain_row& r : taken)
            save_claimed_.with(r.id, r.epoch, progress_sum(job, r)).run();
        return;
    }
    claimed_ = taken;
    claimed_job_ = job;
    save_row_of_claims_.with(taken.front().id, taken.back().id, job).run();
    if (claimed_.empty()) return;
    try {
        damaged("the index 'chain_ready'");
    } catch (broken& b) {
        b.by = remedy::end;  // some rows are written
        throw;
    }
}

void ledger::next_claimed_sum(sqlite3_context* to, int, sqlite3_value** values)
{
    auto& self = *static_cast<ledger*>(sqlite3_user_data(to));
    const auto id = static_cast<std::uint64_t>(sqlite3_value_int64(values[0]));
    if (self.claimed_.empty() || self.claimed_.front().id != id)
        return sqlite3_result_error_code(to, SQLITE_CORRUPT);
    const std::uint64_t sum = progress_sum(self.claimed_job_, self.claimed_.front());
    self.claimed_ = self.claimed_.subspan(1);
    sqlite3_result_int64(to, static_cast<sqlite3_int64>(sum));
}

database& ledger::with_sums(database& in, ledger* self)
{
    const int code = sqlite3_create_function_v2(in.handle(), "next_claimed_sum", 1,
                                                SQLITE_UTF8 | SQLITE_DIRECTONLY, self,
                                                next_claimed_sum, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw in.trouble(code);
    return in;
}

}  // namespace catena::storage
