// What a job does before its first chain: finds itself in the store, or begins there.
#include "core/window_parts.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/job_description.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

// A plan of more chains than this is a mistake in the values or in options.pieces.
constexpr std::size_t most_chains = 10'000'000;

// The notes that a job keeps: what its chains cover, where that was found out; the first key, where
// the lower bound is open; whether the server's filter was tested; how many records it answered
// that it was not asked for.
constexpr const char* whole_note = "whole";
constexpr const char* first_note = "first";
constexpr const char* borders_note = "borders";

diagnostics no_such_job(const std::string& name, const std::string& of)
{
    diagnostics story;
    story.code = errc::invalid_state;
    story.connector = of;
    story.what = "the store has no job '" + name + "' to judge";
    story.mend = "give the name, and the store, that it was fetched with";
    return story;
}

}  // namespace

std::string ranges_text(const range& over, const range& asked)
{
    return over == asked ? to_text(over) : to_text(over) + '\n' + to_text(asked);
}

std::pair<range, range> ranges_from(const std::string& text)
{
    const std::size_t second = text.find('\n');
    range over = range_from_text(text.substr(0, second));
    if (second == std::string::npos) return {over, over};
    return {std::move(over), range_from_text(text.substr(second + 1))};
}

/* Chains are divided by the leading key field, since only there what lies behind the last key is
   what is left; and only where the server answers in its order. To begin with parts needs neither:
   the filters have both sides then, as validate() makes sure. */
void job::impl::look_at_rules()
{
    const connector& c = *contract;
    descending = c.sorted == order::descending;
    for (std::size_t i = 0; i < c.range.size() && planned == nullptr; ++i) {
        if (c.range[i].type == range_type::values) continue;
        planned = &c.range[i];
        planned_part = i;
    }
    const bool leads = planned != nullptr && !c.key.empty() && planned->by == c.key[0].at;
    if (leads && c.sorted != order::none) divisible = planned;
    sieve.emplace(c, divisible, descending);
}

asio::awaitable<bool> job::impl::open()
{
    const bool comparable = co_await find_previous();
    if (!comparable) co_return false;
    const std::string name = options.name.empty() ? contract->name : options.name;
    const std::string description = describe_job(*contract, options.whole);
    auto call = ask_store<job_row>(
        calls, [s = data, name, description, judges = options.only_judges](auto done) {
            judges ? s->known(name, done) : s->open(name, description, done);
        });
    const auto reply = co_await std::move(call);
    if (reply->why.code || reply->value.id == 0) {
        fail(reply->why.code ? reply->why : no_such_job(name, contract->name));
        co_return false;
    }
    const job_row& row = reply->value;
    const std::vector<std::string> changed_members = changed_parts(row.description, description);
    if (!changed_members.empty()) {
        fail(another_query(changed_members));
        co_return false;
    }
    id = row.id;
    readable = row.readable;
    knows_keys = row.knows_keys;
    recall(row);
    progress.records = row.records;
    progress.pages = row.pages;
    progress.chains = row.chains;
    progress.ended = row.ended;
    recall_outlook(row);
    if (options.only_judges) co_return true;
    bool ready = row.planned;
    if (!ready) {
        ready = co_await plan();
    } else if (discovery) {
        ready = co_await recall_discovery();
    } else if (!borders_proven && (divisible != nullptr || window.records != 0) &&
               row.ended != row.chains) {
        ready = co_await read_rows();
        // Looks alone need no filter that was tested: they are never divided.
        if (ready && facts.counts.ended != facts.counts.chains) {
            ready = co_await find_bounds(false);
            if (ready) ready = co_await keep_proof();
        }
    }
    co_return ready && !stopping;
}

/// What earlier runs found out is asked for once.
void job::impl::recall(const job_row& row)
{
    facts.resumed = row.planned && row.ended != row.chains;
    facts.whole = options.whole;
    const auto said = [&row](const char* name) {
        const auto kept = row.notes.find(name);
        return kept == row.notes.end() ? std::string() : kept->second;
    };
    if (const std::string text = said(whole_note); !text.empty())
        facts.whole = range_from_text(text);
    if (const std::string text = said(first_note); !text.empty()) first_key = text;
    borders_proven = said(borders_note) == "proven";
    if (const std::string text = said(strays_note); !text.empty())
        facts.counts.strays = recalled_strays = std::stoull(text);
    const std::string total = said(total_note);
    total_unheard = total == no_total;
    if (!total.empty() && !total_unheard) told_total = std::stoull(total);
    bounds = planned_part < facts.whole.over.size() ? facts.whole.over[planned_part] : interval();
}

diagnostics job::impl::another_query(const std::vector<std::string>& changed_members) const
{
    diagnostics story;
    story.code = errc::job_changed;
    story.connector = contract->name;
    story.what = "the store has this job over another query; changed:";
    for (const std::string& each : changed_members)
        story.what += ' ' + each;
    story.mend = "give the new query another job_options::name, or go on with the old connector";
    return story;
}

/// Whether another run of this job has planned it by now: then the bounds that it found stand.
asio::awaitable<bool> job::impl::is_planned()
{
    const std::string name = options.name.empty() ? contract->name : options.name;
    auto call = ask_store<job_row>(calls, [s = data, name](auto done) { s->known(name, done); });
    const auto reply = co_await std::move(call);
    if (reply->why.code) fail(reply->why);
    co_return reply->value.planned;
}

asio::awaitable<bool> job::impl::plan()
{
    const bool found = co_await find_bounds(true);
    if (!found) co_return false;
    first_chains first;
    first.notes = findings();
    first.keys = wants_keys();
    if (discovery)
        first.ranges.emplace_back(token_walk_text);
    else
        for (const range& each : first_ranges())
            first.ranges.push_back(to_text(each));
    auto call = ask_store<job_row>(
        calls, [s = data, job = id, first](auto done) { s->plan(job, first, done); });
    const auto reply = co_await std::move(call);
    bool shared = false;
    if (reply->why.code == errc::invalid_state) shared = co_await is_planned();
    if (shared && !stopping) co_return co_await open();
    if (reply->why.code) {
        fail(reply->why);
        co_return false;
    }
    knows_keys = reply->value.knows_keys;
    progress.chains = heard.chains = reply->value.chains;
    co_return true;
}

asio::awaitable<bool> job::impl::keep_note(std::string name, std::string text)
{
    auto call = ask_store<commit_outcome>(
        calls, [s = data, job = id, name, text](auto done) { s->note(job, name, text, done); });
    const auto reply = co_await std::move(call);
    if (reply->why.code) fail(reply->why);
    co_return !reply->why.code;
}

/// What a later run has to know: what the chains are to cover, and whether they may be divided.
/// Kept with the plan, so that of two runs that begin together it is that of the one who plans.
std::map<std::string, std::string> job::impl::findings()
{
    std::map<std::string, std::string> out;
    if (planned != nullptr && bounds != wanted(planned_part)) {
        facts.whole.over.resize(contract->range.size());
        facts.whole.over[planned_part] = bounds;
        out[whole_note] = to_text(facts.whole);
    }
    if (!bounds.lower && first_key) out[first_note] = *first_key;
    if (borders_proven) out[borders_note] = "proven";
    return out;
}

asio::awaitable<bool> job::impl::keep_proof()
{
    if (!borders_proven) co_return true;
    const bool kept = co_await keep_note(borders_note, "proven");
    co_return kept;
}

/// As many as workers, and so many more that each is likely to fit the server's window.
std::size_t job::impl::first_pieces() const
{
    const std::size_t pieces = options.pieces == 0 ? options.workers : options.pieces;
    const bool fits = window.records == 0 || foreseen < window.records;
    return fits ? pieces : std::max(pieces, core::parts_for_window(foreseen, window.records));
}

std::vector<interval> job::impl::pieces_of_bounds() const
{
    interval inner = bounds;
    if (!borders_proven) return {bounds};
    if (!inner.lower) inner.lower = first_key;
    if (!inner.lower || !inner.upper || compare_in(*planned, *inner.lower, *inner.upper) >= 0)
        return {bounds};
    std::vector<interval> out = catena::divide(*planned, inner, first_pieces());
    out.front().lower = bounds.lower;  // what nobody has seen may lie before the first key
    return out;
}

std::vector<range> job::impl::first_ranges() const
{
    std::vector<std::vector<interval>> parts;
    for (std::size_t i = 0; i < contract->range.size(); ++i) {
        const range_rule& rule = contract->range[i];
        if (planned == &rule)
            parts.push_back(pieces_of_bounds());
        else if (rule.type == range_type::values && !wanted(i).lower)
            parts.push_back(catena::divide(rule, wanted(i), rule.values.size()));
        else
            parts.push_back({wanted(i)});
    }
    if (!options.newest_first || planned == nullptr) return product(parts, most_chains);

    // A store gives the oldest chains first: those of the highest keys, of all values, come first.
    std::vector<range> out;
    const std::vector<interval> pieces = std::move(parts[planned_part]);
    for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
        parts[planned_part] = {*piece};
        const std::vector<range> these = product(parts, most_chains - out.size());
        out.insert(out.end(), these.begin(), these.end());
    }
    return out;
}

}  // namespace catena
