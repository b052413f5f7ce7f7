// After its chains a job looks at the dataset again: by further chains of its own, so that a look
// that is killed goes on where it stood. What they find that the store lacks is stored.
#include "core/key_memory.hpp"
#include "run/job_impl.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace catena {

namespace asio = boost::asio;
using errand = job_task::errand;

namespace {

constexpr std::size_t keys_a_call = 5'000;   // a few ms of the store's thread, less of the loop's
constexpr std::size_t most_holes = 100'000;  // kept in memory, of ids of one length

}  // namespace

asio::awaitable<void> job::impl::look_again()
{
    // What a walk of tokens has found it has found by tokens: there is nothing else to ask by.
    if (!options.audit.on || !knows_keys || contract->key.empty() || discovery) co_return;
    while (!takes_no_more() && !why.code && !has_enough()) {
        const bool read = co_await read_rows();
        if (!read || looks.open != 0 || looks.chains == 0) co_return;
        const std::vector<job_task> tasks = co_await next_looks();
        if (tasks.empty() || stopping) co_return;
        const bool ours = co_await extend(tasks);
        if (!ours) co_return;  // somebody else looks, or the store has failed
        co_await walk_all(tasks.size());
    }
}

/// One kind at a time: what one has stored, the next one is to know.
asio::awaitable<std::vector<job_task>> job::impl::next_looks()
{
    std::vector<job_task> out;
    const bool moved = looks.again.empty() || looks.again.rbegin()->second.found != 0;
    if (counts_pages(*contract) && moved && looks.passes < options.audit.passes) {
        ++looks.passes;
        const std::uint64_t pass = looks.again.empty() ? 1 : looks.again.rbegin()->first + 1;
        for (const range& part : looks.parts)
            out.emplace_back(errand::again, part).pass = pass;
        co_return out;
    }
    if (!readable || !can_ask_for_parts()) co_return out;
    if (!looks.keys) {
        const bool counted = co_await count_keys();
        if (!counted) co_return out;
    }
    out = hole_tasks();
    looks.queries += out.size();
    if (out.empty() && looks.spots.asked == 0) out = co_await spot_tasks();
    co_return out;
}

/// Whether a look of this job would ask a store that has no records for their keys.
bool job::impl::wants_keys() const
{
    return options.audit.on && options.audit.passes != 0 && !contract->key.empty() &&
           counts_pages(*contract) && !discovery;
}

/// What to do so that a job whose pages are counted can be walked again.
std::string job::impl::why_not_again() const
{
    if (!options.audit.on || options.audit.passes == 0) return "job_options::audit has passes off";
    if (contract->key.empty()) return "the connector has no key";
    if (!knows_keys)
        return "the store keeps no keys of this job, which began with passes off or in an older "
               "version: begin it anew, under another job_options::name";
    return {};
}

asio::awaitable<bool> job::impl::extend(const std::vector<job_task>& tasks)
{
    std::vector<std::string> texts;
    for (const job_task& each : tasks)
        texts.push_back(to_text(each));
    auto call =
        ask_store<commit_outcome>(calls, [s = data, job = id, chains = looks.chains, texts](
                                             auto done) { s->extend(job, chains, texts, done); });
    const auto reply = co_await std::move(call);
    if (reply->why.code) fail(reply->why);
    if (reply->why.code || reply->value == commit_outcome::fenced) co_return false;
    progress.chains += tasks.size();
    co_return true;
}

/// The page of a look: what of it the store has is left out.
asio::awaitable<bool> job::impl::take_look(std::shared_ptr<job_walk> w, page p)
{
    auto kept = std::make_shared<kept_page>();
    kept->from = std::move(p);
    sifted s = sift(*w, kept->from);
    kept->keys = std::move(s.keys);
    if (s.last) w->last_key = *s.last;
    auto find = ask_store<std::vector<bool>>(
        calls, [d = data, job = id, keys = kept->keys](auto done) { d->find(job, keys, done); });
    const auto reply = co_await std::move(find);
    if (reply->why.code) fail(reply->why);  // a store that fails is no look's own trouble
    if (reply->why.code || w->lost || !w->way) co_return false;

    const page& from = kept->from;
    standing now;
    now.at = from.after();
    now.last = from.last();
    now.total = w->total;
    std::optional<checkpoint> anew;
    if (!s.beyond && reaches_window(now)) anew = begin_anew(*w, now);
    const bool ended = !anew && (from.last() || s.beyond);
    page_commit c = next_commit(*w, anew ? *anew : from.after());
    if (anew) c.range = row_text(*w, w->over, w->asked);
    c.ended = ended;
    for (std::size_t i = 0; i < s.kept.size(); ++i)
        if (!reply->value[i]) c.records.push_back({kept->keys[i], from.records()[s.kept[i]]});
    if (!c.records.empty()) c.body = from.body();
    c.owner = std::move(kept);
    submit(w, std::move(c));
    count_page(ended);
    co_return ended;
}

/// All keys of the job in its store, a part at a time, in the order of their octets.
asio::awaitable<bool> job::impl::read_keys(std::function<void(std::optional<std::string>)> take)
{
    record_query q;
    q.job = id;
    q.most = keys_a_call;
    q.bodies = false;
    while (!stopping) {
        auto call = ask_store<std::vector<kept_record>>(
            calls, [s = data, q](auto done) { s->read(q, done); });
        const auto reply = co_await std::move(call);
        if (reply->why.code) fail(reply->why);
        if (reply->why.code) break;
        if (reply->value.empty()) co_return true;
        for (const kept_record& r : reply->value)
            take(core::leading_field(r.key, contract->key.size() > 1));
        q.after = reply->value.back().key;
    }
    co_return false;
}

asio::awaitable<bool> job::impl::count_keys()
{
    const audit_options& audit = options.audit;
    core::key_census census(spots_wanted(), audit.seed, audit.holes == 0 ? 0 : most_holes);
    // Of keys that others have there are digests, which can be counted and no more.
    std::function<void(std::optional<std::string>)> take =
        [&census, whole = readable](const std::optional<std::string>& field) {
            census.feed(whole ? field : std::nullopt);
        };
    const bool read = co_await read_keys(std::move(take));
    if (read) looks.keys.emplace(std::move(census));
    co_return read;
}

// What a look cannot see is not known, and not lost: it ends no run. Where the others would fail
// as well they are left to a later run.
void job::impl::fail_look(const error_code& ec, bool down)
{
    const bool its_own = ec == errc::refused || ec == errc::forbidden || ec == errc::not_found ||
                         ec == errc::error_in_page;
    if (!down && (its_own || !concerns_all(ec))) return;
    looks.given_up = true;
    for (const auto& [number, w] : walks)
        w->way.reset();
    changed.wake_all();
}

/// For the audit. What was not looked at stays empty.
void job::impl::tell_looks()
{
    if (looks.keys) facts.stored = looks.keys->keys();
    if (!looks.again.empty()) {
        const job_looks::tally& last = looks.again.rbegin()->second;
        second_look& all = facts.reconciled.emplace();
        all.asked = last.asked;
        all.failed = last.open;
        all.why = last.trouble;
        all.settled = last.found == 0;
        for (const auto& [pass, one] : looks.again)
            all.found += one.found;
    }
    if (looks.spots.asked != 0) {
        second_look& spots = facts.spots.emplace();
        spots.asked = looks.spots.asked;
        spots.failed = looks.spots.open;
        spots.why = looks.spots.trouble;
        spots.missing = spots.found = looks.spots.found;
        spots.gaps = looks.spots.lacking;
    }
    const bool wants_ids = can_ask_for_parts() || options.only_judges;
    if (looks.keys && options.audit.holes != 0 && wants_ids) tell_ids();
}

}  // namespace catena
