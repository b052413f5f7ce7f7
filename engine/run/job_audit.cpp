// What a run came to: the store's own rows are asked, not what the run remembers.
#include "core/range_steps.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/range_query.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/core/coverage.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <algorithm>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

constexpr std::size_t rows_a_call = 10'000;

bool counts_pages(const connector& c)
{
    return std::any_of(c.next.from.begin(), c.next.from.end(), [](const token_source& s) {
        return s.from == token_source::place::counter;
    });
}

// Of a list of values nobody can ask for all at once.
bool tells_total(const connector& c)
{
    return c.total && c.total->counts == total_rule::unit::records &&
           std::none_of(c.range.begin(), c.range.end(),
                        [](const range_rule& r) { return r.type == range_type::values; });
}

std::string in_words(const job_task& look)
{
    const std::string where = look.over.over.empty() ? "all of it" : to_text(look.over);
    if (look.is == job_task::errand::again) return "a further pass over " + where;
    return (look.is == job_task::errand::hole ? "the query for the ids " : "the query for ") +
           where;
}

audit_part::state state_of(chain_row::state is)
{
    if (is == chain_row::state::ended) return audit_part::state::ended;
    return is == chain_row::state::stopped ? audit_part::state::stopped : audit_part::state::open;
}

}  // namespace

/// What the server says at the end that there is of all that was wanted.
asio::awaitable<void> job::impl::ask_for_total()
{
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    begin_way(probing, within(*contract, facts.whole), options.limits);
    auto fetch = probing->next_page(tuple);
    auto [ec, next] = co_await std::move(fetch);
    probing.reset();
    if (ec || !next) co_return;
    // A server may count no further than its window: that total says nothing of more records.
    const auto total = next->total();
    capped_total = total && total == window.records && facts.counts.records > *total;
    if (!capped_total) facts.total_at_end = total;
}

/// What it said last time, where it is not to be asked.
asio::awaitable<void> job::impl::compare_total()
{
    if (!options.audit.asks_total) {
        facts.total_at_end = told_total;
        co_return;
    }
    co_await ask_for_total();
    if (options.only_judges || capped_total) co_return;
    const std::optional<std::uint64_t>& total = facts.total_at_end;
    if (total ? total == told_total : total_unheard) co_return;
    std::string heard_now = no_total;
    if (total) heard_now = std::to_string(*total);
    (void)co_await keep_note(total_note, heard_now);
}

asio::awaitable<void> job::impl::close_report()
{
    facts.job = options.name.empty() ? contract->name : options.name;
    facts.connector = contract->name;
    facts.ended = home->clock->wall_now();
    facts.rules = contract->range;
    facts.has_key = !contract->key.empty();
    facts.counted_pages = counts_pages(*contract);
    if (facts.counted_pages) facts.why_not_reconciled = why_not_again();
    if (discovery) facts.discovery.emplace().with_records = discovery->with_records;
    (void)co_await read_rows();
    const bool over = facts.counts.chains != 0 && facts.counts.ended == facts.counts.chains;
    const bool counts = over && options.audit.on && knows_keys && !looks.keys;
    if (counts && !stopping) (void)co_await count_keys();
    if (over && !stopping && tells_total(*contract)) co_await compare_total();
    if (!looks.parts.empty()) facts.covered = coverage_of(facts.rules, facts.whole, looks.parts);
    if (over) tell_looks();
    if (over && !stopping) co_await compare_with_previous();
    if (facts.counts.strays != recalled_strays && id != 0)
        (void)co_await keep_note(strays_note, std::to_string(facts.counts.strays));

    const bool elsewhere = !over || (looks.open != 0 && stopped.empty());
    if (elsewhere && !why.code && !stopping && !options.only_judges) fail(not_all_ended());
    facts.counts.requests = traffic->requests;
    facts.counts.rebuilds = traffic->rebuilds;
    facts.counts.holds = traffic->holds;
    told = audit(facts);
    const bool asked = (options.audit.asks_total || total_unheard) && tells_total(*contract);
    if (over && asked && !facts.total_at_end && !capped_total) {
        told.reasons.push_back("the server could not be asked for its total");
        told.is = std::max(told.is, verdict::unverified);
    }
    if (const std::string holes = unasked_holes(); over && !holes.empty())
        told.reasons.push_back(holes);
    if (why.code) told.reasons.insert(told.reasons.begin(), why.what);
    if (why.code) told.is = verdict::incomplete;
    if (!unanswered.empty() && why.what != unanswered) told.reasons.push_back(unanswered);
}

diagnostics job::impl::not_all_ended() const
{
    diagnostics story;
    story.code = errc::store_locked;
    story.connector = contract->name;
    const std::uint64_t open = discovery ? facts.counts.chains - facts.counts.ended : looks.open;
    story.what = std::to_string(open) + " chains of this job are walked by somebody else";
    story.next = advice::resume;
    story.mend = "wait until the other run has ended, then run the job again";
    return story;
}

/// What the rows say by now.
asio::awaitable<bool> job::impl::read_rows()
{
    job_looks anew;
    anew.passes = looks.passes;
    anew.queries = looks.queries;
    anew.given_up = looks.given_up;
    anew.keys = std::move(looks.keys);
    looks = std::move(anew);
    facts.counts.chains = facts.counts.ended = facts.counts.pages = facts.counts.records = 0;
    facts.parts.clear();
    facts.unfinished.clear();
    for (std::uint64_t from = 1; id != 0;) {
        auto call = ask_store<std::vector<chain_row>>(calls, [s = data, job = id, from](auto done) {
            s->chains(job, from, rows_a_call, done);
        });
        const auto reply = co_await std::move(call);
        if (reply->why.code) {
            fail(reply->why);
            co_return false;
        }
        for (const chain_row& row : reply->value)
            if (discovery)
                note_found(row);
            else
                note_chain(row, task_from(row.range));
        if (reply->value.size() < rows_a_call) break;
        from = reply->value.back().id + 1;
    }
    co_return true;
}

/// Who goes on with the chain would need it.
void job::impl::require_checkpoint(const chain_row& row) const
{
    if (row.checkpoint.empty() || checkpoint_from_text(row.checkpoint)) return;
    diagnostics story;
    story.code = errc::bad_checkpoint;
    story.connector = contract->name;
    story.what = "the checkpoint of chain " + std::to_string(row.id) + " cannot be read";
    story.mend = "put a copy of the store back, or begin anew with another one";
    throw failure(std::move(story));
}

void job::impl::note_look(const chain_row& row, const job_task& task)
{
    using errand = job_task::errand;
    job_looks::tally& of = task.is == errand::again  ? looks.again[task.pass]
                           : task.is == errand::hole ? looks.holes
                                                     : looks.spots;
    ++of.asked;
    of.found += row.records;
    const bool ended = row.is == chain_row::state::ended;
    if (!ended) ++of.open;
    if (const auto failed = stopped.find(row.id); failed != stopped.end() && of.trouble.empty())
        of.trouble = in_words(task) + ": " + failed->second;
    if (ended && task.is == errand::hole) of.ended.add(task.over.over.at(0));
    if (row.records == 0 || task.is != errand::spot) return;
    of.lacking.emplace_back(task.over, std::to_string(row.records) +
                                           " records here were not stored until they were asked "
                                           "for again; others beside them may be missing");
}

void job::impl::note_chain(const chain_row& row, const job_task& task)
{
    const range& over = task.over;
    if (options.only_judges) require_checkpoint(row);
    ++looks.chains;
    if (row.is != chain_row::state::ended) ++looks.open;
    facts.counts.pages += row.pages;
    facts.counts.records += row.records;
    if (task.is != job_task::errand::fetch) return note_look(row, task);
    ++facts.counts.chains;
    facts.parts.emplace_back(over, state_of(row.is), row.records);
    looks.parts.push_back(over);
    if (row.is == chain_row::state::ended) {
        ++facts.counts.ended;
        return;
    }
    range rest_of = over;
    if (divisible != nullptr && !row.last_key.empty())
        (descending ? rest_of.over[planned_part].upper : rest_of.over[planned_part].lower) =
            descending ? core::border_above(*planned, row.last_key).value_or(row.last_key)
                       : row.last_key;
    const auto known = stopped.find(row.id);
    std::string reason = known != stopped.end() ? known->second : row.trouble;
    if (reason.empty()) reason = "it has yet to be walked";
    facts.unfinished.emplace_back(std::move(rest_of), std::move(reason));
}

}  // namespace catena
