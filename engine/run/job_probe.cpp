// What a job finds out before it plans: where the keys lie, and whether the server's filter does
// what the connector says of it. One wrong border would lose or double records at every seam.
#include "core/range_steps.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/range_query.hpp>
#include <catena/core/range_math.hpp>
#include <catena/core/range_probe.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace catena {

namespace asio = boost::asio;

namespace {

// Bounds are asked for with each value, or with each combination of several lists' values. With
// more of them than this it would take longer than it wins.
constexpr std::size_t most_besides = 64;

}  // namespace

/// Keys as far as the first pages show them.
struct job::impl::extent_of_keys {
    std::vector<range> all;         // with what each of them is asked
    bool covers_all = true;         // and no more is there
    std::string lowest, highest;    // of the planned rule
    std::vector<std::string> keys;  // of the first page that is not the only one
};

range job::impl::beside_of(const range& others, const interval& part) const
{
    range out = others;
    out.over.resize(contract->range.size());
    out.over[planned_part] = part;
    return out;
}

interval job::impl::wanted(std::size_t rule) const
{
    return rule < options.whole.over.size() ? options.whole.over[rule] : interval();
}

/// What other rules than the planned one can ask for; nothing if that is too much to ask for.
std::vector<range> job::impl::all_besides() const
{
    std::vector<std::vector<interval>> lists;
    std::size_t count = 1;
    for (std::size_t i = 0; i < contract->range.size(); ++i) {
        const range_rule& rule = contract->range[i];
        const bool each = rule.type == range_type::values && !wanted(i).lower;
        lists.push_back(each ? catena::divide(rule, wanted(i), 0) : std::vector{wanted(i)});
        count *= lists.back().size();
        if (count > most_besides) return {};
    }
    return product(lists);
}

/// A look that cannot test the filter is one that could not be made.
void job::impl::fail_probe(diagnostics story)
{
    if (!look_probes) return fail(story);
    probing.reset();
    throw failure(std::move(story));
}

/// The next page of `probing`: the field of its records by which the plan is made.
asio::awaitable<job::impl::probed> job::impl::probe_page()
{
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    auto fetch = probing->next_page(tuple);
    auto [ec, next] = co_await std::move(fetch);
    probed out;
    out.ok = !ec;
    out.cut = ec == errc::window_reached;
    if (ec && !out.cut && !stopping) {
        diagnostics story = probing->why();
        story.code = ec;
        fail_probe(std::move(story));
    }
    out.last = !next || next->last();
    if (!next) co_return out;
    out.total = total_of(*next);
    out.keys = planned_keys(*next);
    co_return out;
}

std::vector<value> job::impl::planned_keys(const page& p) const
{
    const auto is_planned = [&](const key_field& k) { return k.at == planned->by; };
    const auto field = static_cast<std::size_t>(
        std::find_if(contract->key.begin(), contract->key.end(), is_planned) -
        contract->key.begin());
    std::vector<value> out;
    for (std::size_t i = 0; i < p.records().size(); ++i)
        out.push_back(p.key(i)[field]);
    return out;
}

template <class Probe>
asio::awaitable<bool> job::impl::satisfy(Probe& probe)
{
    while (probe.ask() && !stopping) {
        const interval part = *probe.ask();
        connector question = within(*contract, beside_of(beside, part));
        question.window.records = window.records;
        question.window.past = window_rule::action::stop;
        begin_way(probing, std::move(question), options.limits);
        bool same = true;
        while (same && !stopping) {
            const probed page = co_await probe_page();
            if (page.cut) probe.on_cut();
            if (!page.ok) break;
            const std::vector<field_view> keys(page.keys.begin(), page.keys.end());
            probe.on_page(keys, page.last);
            same = !page.last && probe.ask() == part;
        }
        probing.reset();
        if (why.code) co_return false;
    }
    if (probe.broken()) fail_probe(*probe.broken());
    co_return !why.code && !stopping;
}

/* Bounds that nobody gave are looked for, so that there is something to divide; where the server
   answers in order, the side where a walk begins may stay open. What comes to lie beyond them later
   is another job's. A job that was planned is only tested, where no run before has done it. */
asio::awaitable<bool> job::impl::find_bounds(bool plans)
{
    const bool splits = window.records != 0;
    const bool one_chain = options.workers == 1 && options.pieces < 2 && !splits;
    if (planned == nullptr || one_chain || stopping) co_return !stopping;
    const bool closed = bounds.lower && bounds.upper;
    const bool searches = divisible != nullptr || splits || planned->type == range_type::time;
    if (!closed && !searches) co_return true;
    const bool divides_later = descending ? bounds.lower.has_value() : bounds.upper.has_value();
    if (!plans && !divides_later && !splits) co_return true;

    extent_of_keys seen;
    const bool looked = co_await look_around(seen);
    if (!looked || seen.keys.empty()) co_return looked;
    if (plans && !closed && seen.covers_all) {
        const bool upper = co_await find_upper(seen);
        if (!upper) co_return false;
        const bool lower = co_await find_lower(seen);
        if (!lower) co_return false;
    }
    const bool far_open = descending ? !bounds.lower : !bounds.upper;
    const bool stays_whole = far_open || (divisible == nullptr && (!bounds.lower || !bounds.upper));
    if (stays_whole && !splits) co_return true;
    const bool tested = co_await test_borders(seen.keys);
    co_return tested;
}

/// The first page of what is wanted; where that fits one page, one chain will do. Of a list of
/// values, of each until one does not fit.
asio::awaitable<bool> job::impl::look_around(extent_of_keys& seen)
{
    seen.all = all_besides();
    const bool alone = seen.all.size() == 1;
    seen.covers_all = !seen.all.empty();
    if (!seen.covers_all) {
        range first;
        for (std::size_t i = 0; i < contract->range.size(); ++i) {
            first.over.push_back(wanted(i));
            if (contract->range[i].type == range_type::values && !wanted(i).lower)
                first.over.back().lower = contract->range[i].values.front();
        }
        seen.all.push_back(std::move(first));
    }
    for (const range& others : seen.all) {
        beside = others;
        begin_way(probing, within(*contract, beside_of(others, bounds)), options.limits);
        probed first = co_await probe_page();
        probing.reset();
        if (!first.ok || stopping) co_return false;
        if (alone) foreseen = first.total.value_or(0);
        if (alone) expect(first.total);
        if (first.last || first.keys.empty()) continue;
        for (const value& key : first.keys) {
            if (!is_border(*planned, key.text)) continue;
            const auto before = [&](const std::string& a, const std::string& b) {
                return compare_in(*planned, a, b) < 0;
            };
            if (seen.lowest.empty() || before(key.text, seen.lowest)) seen.lowest = key.text;
            if (seen.highest.empty() || before(seen.highest, key.text)) seen.highest = key.text;
            seen.keys.push_back(key.text);
        }
        break;
    }
    co_return !stopping;
}

/// Looks for a border above all keys. Where the server begins with the highest, its first page
/// shows it; of times it is now, unless the server has later ones.
asio::awaitable<bool> job::impl::find_upper(const extent_of_keys& seen)
{
    if (bounds.upper || seen.highest.empty()) co_return true;
    std::string highest = seen.highest;
    if (divisible != nullptr && descending) {
        for (const range& others : seen.all) {
            if (others == beside) continue;
            begin_way(probing, within(*contract, beside_of(others, bounds)), options.limits);
            const probed first = co_await probe_page();
            probing.reset();
            if (!first.ok || stopping) co_return false;
            for (const value& key : first.keys)
                if (is_border(*planned, key.text) && compare_in(*planned, highest, key.text) < 0)
                    highest = key.text;
        }
        bounds.upper = core::border_above(*planned, highest);
        co_return true;
    }
    std::optional<std::string> enough;
    if (planned->type == range_type::time)
        enough = core::border_at(*planned, home->clock->wall_now());
    if (enough && compare_in(*planned, highest, *enough) >= 0) enough.reset();
    co_return co_await search_bound(seen, bound_search::way::up, highest, enough);
}

/// Looks for a border below all keys, where no order shows it.
asio::awaitable<bool> job::impl::find_lower(const extent_of_keys& seen)
{
    if (bounds.lower || seen.lowest.empty()) co_return true;
    if (divisible != nullptr && !descending) {
        first_key = seen.lowest;
        co_return true;
    }
    co_return co_await search_bound(seen, bound_search::way::down, seen.lowest, std::nullopt);
}

/// What was found with one value may do for the others too: each of them is asked.
asio::awaitable<bool> job::impl::search_bound(const extent_of_keys& seen, bound_search::way towards,
                                              std::string from, std::optional<std::string> enough)
{
    const bool up = towards == bound_search::way::up;
    const bool can =
        planned->type != range_type::text && (up ? planned->lower : planned->upper).has_value();
    if (!can) co_return true;
    // First with the one whose keys are known.
    std::vector<range> all{beside};
    for (const range& others : seen.all)
        if (others != beside) all.push_back(others);
    bool found = false;
    for (const range& others : all) {
        beside = others;
        bound_search search(*planned, from, planned_part, towards, enough);
        const bool asked = co_await satisfy(search);
        if (!asked) co_return false;
        if (!search.found()) break;
        from = *search.found();
        enough = from;
        found = others == all.back();
    }
    beside = all.front();
    if (found) (up ? bounds.upper : bounds.lower) = from;
    co_return true;
}

/// A key may be finer than what the filter can say; then another one is asked for.
asio::awaitable<bool> job::impl::test_borders(std::vector<std::string> keys)
{
    for (const std::size_t i : {keys.size() - 1, keys.size() / 2, std::size_t(0)}) {
        if (!is_border(*planned, keys[i])) continue;
        border_test test(*planned, keys[i], planned_part);
        const bool asked = co_await satisfy(test);
        if (!asked) co_return false;
        borders_proven = test.proven();
        if (borders_proven) break;
    }
    co_return true;
}

}  // namespace catena
