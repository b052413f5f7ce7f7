// How a job keeps clear of a server's result window: parts that are too large for one query are cut
// before anything of them is committed, and a walk in the order of the range asks anew in time.
#include "core/range_steps.hpp"
#include "core/window_parts.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/range_query.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

std::vector<std::string> texts_of(const std::vector<value>& keys)
{
    std::vector<std::string> out;
    for (const value& key : keys)
        out.push_back(key.text);
    return out;
}

std::string too_large(const checkpoint& at)
{
    return "more records share the key " + (at.last_key.empty() ? "" : at.last_key.front().text) +
           " than one query shows";
}

}  // namespace

std::optional<std::uint64_t> job::impl::total_of(const page& p) const
{
    const bool records = contract->total && contract->total->counts == total_rule::unit::records;
    return records ? p.total() : std::nullopt;
}

/// The query of a chain. It ends by itself where pages that bring nothing new would reach the
/// window.
connector job::impl::query_of(const range& part) const
{
    connector out = within(*contract, part);
    if (divisible == nullptr) return out;
    out.window.records = window.records;
    out.window.past = window_rule::action::stop;
    return out;
}

/// Whether the query can show no whole page more; of a last page, whether it may not be the end.
bool job::impl::reaches_window(const standing& s) const
{
    if (window.records == 0) return false;
    const std::uint64_t came = s.at.query_records;
    if (s.last) return came >= window.records || (s.total && *s.total > came);
    const std::uint64_t size = std::max<std::uint64_t>(s.at.full_page, contract->page_size.value);
    const bool known = divisible == nullptr && s.total && *s.total < window.records;
    return !known && came + size > window.records;
}

failure job::impl::past_window(const job_walk& w, const standing& s, std::string what) const
{
    diagnostics story;
    story.code = errc::window_reached;
    story.what = std::move(what);
    if (s.total) story.what += "; the server's total is " + std::to_string(*s.total);
    story.what +=
        "; the window is " + std::to_string(window.records) + ", the part " + to_text(w.asked);
    story.connector = contract->name;
    story.pointer = "/window";
    story.page = s.at.pages;
    story.pages_delivered = w.submitted;
    story.mend =
        "divide it by one more filter in `range`, or raise window.records if the server "
        "shows more";
    return failure(std::move(story));
}

/** Looks at a page before it is taken. Gives whether the chain has another query now, and the page
    is none of its own.
*/
asio::awaitable<bool> job::impl::keep_clear(std::shared_ptr<job_walk> w, const page& p)
{
    w->total = total_of(p);
    standing s;
    s.at = p.after();
    s.last = p.last();
    s.total = w->total;
    const std::uint64_t size = std::max<std::uint64_t>(s.at.full_page, contract->page_size.value);
    // With one edge the total counts what lies beyond the part, too.
    const bool counts_part = s.total && planned->lower && planned->upper;
    if (w->submitted == 0 && counts_part && !core::fits_window(*s.total, size, window.records)) {
        const bool done = co_await cut(w, p);
        if (done || stopping || w->lost) co_return done;
        std::string what =
            "a part that cannot be divided any further has more records than one "
            "query shows";
        if (!borders_proven)
            what =
                "a part has more records than one query shows, and no key of its first page can "
                "test how the filter takes its borders";
        if (divisible == nullptr) throw past_window(*w, s, std::move(what));
    }
    if (reaches_window(s)) {
        std::vector<std::string> keys = texts_of(planned_keys(p));
        if (divisible != nullptr) co_await prove_borders(w, std::move(keys));
        co_await settle(w);
        if (borders_proven && !stopping && !w->lost && is_stuck(*w, s)) co_await set_apart(w, s);
    }
    co_return false;
}

/// One key has more records than the window: a query that begins with it shows no other one.
bool job::impl::is_stuck(const job_walk& w, const standing& s) const
{
    const bool cut_short = !s.last || s.at.query_records >= window.records;
    if (!cut_short || divisible == nullptr || s.at.last_key.empty()) return false;
    return begins_alike(w.asked.over[planned_part], behind(s.at.last_key.front().text));
}

/// Whether two queries are sent the same border where a walk begins.
bool job::impl::begins_alike(const interval& a, const interval& b) const
{
    if (descending)
        return a.upper && b.upper &&
               upper_to_send(*planned, *a.upper) == upper_to_send(*planned, *b.upper);
    return a.lower && b.lower &&
           lower_to_send(*planned, *a.lower) == lower_to_send(*planned, *b.lower);
}

/// A query has come to the window with pages that brought nothing new, or without a page to say so.
asio::awaitable<void> job::impl::leave_query(std::shared_ptr<job_walk> w)
{
    co_await settle(w);
    if (w->lost || stopping || !w->way) co_return;
    standing s;
    s.at = w->way->after();
    if (borders_proven && is_stuck(*w, s)) co_await set_apart(w, s);
    if (stopping || w->lost) co_return;
    const std::optional<checkpoint> anew = begin_anew(*w, s);
    if (!anew) co_return;
    page_commit c = next_commit(*w, *anew);
    c.range = row_text(*w, w->over, w->asked);
    submit(w, std::move(c));
}

/// The chain is to end with that key, as a gap; what lies behind it becomes another chain.
asio::awaitable<void> job::impl::set_apart(std::shared_ptr<job_walk> w, const standing& s)
{
    const std::string key = s.at.last_key.front().text;
    const interval over = w->over.over[planned_part];
    const std::optional<std::string> border =
        descending ? core::border_at(*planned, key) : core::border_above(*planned, key);
    const bool room = border && (!over.lower || compare_in(*planned, *over.lower, *border) < 0) &&
                      (!over.upper || compare_in(*planned, *border, *over.upper) < 0);
    if (!room) co_return;
    machine->on_gone(w->id);  // nobody else divides it now
    const interval below(over.lower, border), above(border, over.upper);
    const interval& kept = descending ? above : below;
    const interval& given = descending ? below : above;
    co_await hand_over(w, kept, given);
    changed.wake_all();
}

/// What follows a key in a walk in order, that key included, since others may share it.
interval job::impl::behind(const std::string& key) const
{
    if (!descending) return interval(key, std::nullopt);
    const bool dense = planned->type == range_type::decimal || planned->type == range_type::text;
    interval out(std::nullopt, key);
    if (!dense || !planned->upper->inclusive) out.upper = core::border_above(*planned, key);
    return out;
}

/// Divides a chain that has nothing committed. Gives whether it was.
asio::awaitable<bool> job::impl::cut(std::shared_ptr<job_walk> w, const page& p)
{
    const interval over = w->over.over[planned_part];
    // In order nothing needs to be guessed behind an open border: the last key tells what is left.
    const bool open = descending ? !over.lower : !over.upper;
    if (divisible != nullptr && open) co_return false;
    const std::vector<std::string> keys = texts_of(planned_keys(p));
    co_await prove_borders(w, keys);
    if (!borders_proven || stopping) co_return false;

    const std::size_t pieces = core::parts_for_window(w->total.value_or(0), window.records);
    const std::vector<interval> parts = core::cut_part(*planned, over, keys, pieces);
    if (parts.size() == 1) co_return false;

    // At any instant the chain has what nobody else has. The highest part is kept where that one is
    // to come first: whoever takes the rest cuts it again.
    if (options.newest_first) {
        const interval rest(over.lower, parts.back().lower);
        co_await hand_over(w, parts.back(), rest);
    }
    for (std::size_t i = parts.size(); !options.newest_first && --i > 0;) {
        if (stopping || w->lost) break;
        const interval rest(over.lower, parts[i].lower);
        co_await hand_over(w, rest, parts[i]);
    }
    changed.wake_all();
    if (!stopping && !w->lost) begin_way(w->way, query_of(w->asked), options.limits);
    co_return true;
}

/** Nothing is cut at borders that nobody has tested; the plan may have seen no more than a page.

    Where all keys are finer than a border can say, it stays unknown.
*/
asio::awaitable<void> job::impl::prove_borders(std::shared_ptr<job_walk> w,
                                               std::vector<std::string> keys)
{
    while (proving && !stopping) {
        auto change = changed.wait();
        co_await std::move(change);
    }
    if (borders_proven || stopping || keys.empty()) co_return;
    const busy_flag asks(shared_from_this(), proving, changed);
    beside = w->asked;
    look_probes = w->is != job_task::errand::fetch;
    const bool asked = co_await test_borders(std::move(keys));
    if (asked && borders_proven) (void)co_await keep_proof();
}

/// What a chain that walks in the order of its range still has to ask for; nothing where the walk
/// is at its end.
std::optional<range> job::impl::rest_behind(const job_walk& w, const standing& s) const
{
    if (divisible == nullptr)
        throw past_window(w, s,
                          s.last ? "a query ended before it had shown all that it has"
                                 : "a query came to the window before it ended");
    const bool cut_short = !s.last || s.at.query_records >= window.records;
    if (s.at.last_key.empty()) {
        if (cut_short) throw past_window(w, s, "a query came to the window without a record");
        return std::nullopt;
    }
    const std::string& key = s.at.last_key.front().text;
    const interval& asked = w.asked.over[planned_part];
    const interval now = behind(key);
    range rest = w.over;
    interval& part = rest.over[planned_part];
    (descending ? part.upper : part.lower) = descending ? now.upper : now.lower;
    if (descending && !part.upper) throw past_window(w, s, "no border lies above its last key");
    if (!begins_alike(asked, now)) return rest;
    // A query that begins at this very key has shown all that follows, or the key is too large.
    if (cut_short) throw past_window(w, s, too_large(s.at));
    return std::nullopt;
}

/** Where a chain that reaches the window stands in the query that it goes on with: what that one
    brings again is dropped. Nothing where it has shown all.
*/
std::optional<checkpoint> job::impl::begin_anew(job_walk& w, const standing& s)
{
    std::optional<range> rest = rest_behind(w, s);
    if (!rest) return std::nullopt;
    w.asked = *std::move(rest);
    connector query = query_of(w.asked);
    checkpoint at = s.at;
    at.fingerprint = fingerprint(query);
    at.at.tokens.clear();
    at.at.bound.clear();
    at.ended = false;
    at.query_pages = at.query_records = 0;
    at.last_page = page_print();
    at.skipping = at.records > 0;
    ++at.rebuilds;
    begin_way(w.way, std::move(query), at, options.limits);
    return at;
}

}  // namespace catena
