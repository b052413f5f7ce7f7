// What a job finds out before it plans: where the keys lie, and whether the server's filter does
// what the connector says of it. One wrong border would lose or double records at every seam.
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

/// A part of the planned rule; of every other rule its first value, or all that is wanted.
range job::impl::part_of_whole(const interval& part) const
{
    range out;
    for (std::size_t i = 0; i < contract->range.size(); ++i) {
        const range_rule& rule = contract->range[i];
        interval one = wanted(i);
        if (rule.type == range_type::values && !one.lower) one.lower = rule.values.front();
        out.over.push_back(i == planned_part ? part : one);
    }
    return out;
}

interval job::impl::wanted(std::size_t rule) const
{
    return rule < options.whole.over.size() ? options.whole.over[rule] : interval();
}

/// The next page of `probing`: the field of its records by which the plan is made.
asio::awaitable<job::impl::probed> job::impl::probe_page()
{
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    auto fetch = probing->next_page(tuple);
    auto [ec, next] = co_await std::move(fetch);
    probed out;
    out.ok = !ec;
    if (ec && !stopping) {
        diagnostics story = probing->why();
        story.code = ec;
        fail(story);
    }
    out.last = !next || next->last();
    const range_rule& by = *planned;
    const std::size_t field =
        static_cast<std::size_t>(std::find_if(contract->key.begin(), contract->key.end(),
                                              [&](const key_field& k) { return k.at == by.by; }) -
                                 contract->key.begin());
    for (std::size_t i = 0; next && i < next->records().size(); ++i)
        out.keys.push_back(next->key(i)[field]);
    co_return out;
}

template <class Probe>
asio::awaitable<bool> job::impl::satisfy(Probe& probe)
{
    while (probe.ask() && !stopping) {
        const interval part = *probe.ask();
        probing.emplace(*on, within(*contract, part_of_whole(part)), options.limits);
        bool same = true;
        while (same && !stopping) {
            const probed page = co_await probe_page();
            if (!page.ok) break;
            const std::vector<field_view> keys(page.keys.begin(), page.keys.end());
            probe.on_page(keys, page.last);
            same = !page.last && probe.ask() == part;
        }
        probing.reset();
        if (why.code) co_return false;
    }
    if (probe.broken()) fail(*probe.broken());
    co_return !why.code && !stopping;
}

/// Keys of a list of values may lie anywhere: what one value's keys say goes for no other one.
bool job::impl::asks_each_value() const
{
    for (std::size_t i = 0; i < contract->range.size(); ++i)
        if (contract->range[i].type == range_type::values && !wanted(i).lower) return true;
    return false;
}

/* Bounds that nobody gave are looked for, so that there is something to divide: the first key, and
   for integers a border above the last one. What comes to lie beyond it later is another job's. A
   job that was planned is only tested, where no run before has done it. */
asio::awaitable<bool> job::impl::find_bounds(bool plans)
{
    const bool one_chain = options.workers == 1 && options.pieces < 2;
    if (planned == nullptr || one_chain || stopping) co_return !stopping;
    // Without an ascending order the first key is not the lowest, and nothing can be looked for.
    const bool ascending = divisible != nullptr && !descending;
    if (!ascending && (!bounds.lower || !bounds.upper)) co_return true;
    if (!plans && !bounds.upper) co_return true;

    probing.emplace(*on, within(*contract, part_of_whole(bounds)), options.limits);
    probed first = co_await probe_page();
    probing.reset();
    if (!first.ok || stopping) co_return false;
    // All of it fits one page: one chain will do.
    if (first.keys.empty() || first.last) co_return true;

    const std::string lowest = first.keys.front().text;
    const bool counts = planned->type == range_type::integer && planned->lower;
    if (plans && counts && !bounds.upper && !asks_each_value() && is_border(*planned, lowest)) {
        bound_search search(*planned, lowest, planned_part);
        const bool found = co_await satisfy(search);
        if (!found) co_return false;
        if (search.upper()) bounds.upper = *search.upper();
    }
    if (!bounds.lower && is_border(*planned, lowest)) first_key = lowest;
    if (!bounds.upper) co_return true;
    const bool tested = co_await test_borders(std::move(first.keys));
    co_return tested;
}

/// A key may be finer than what the filter can say; then another one is asked for.
asio::awaitable<bool> job::impl::test_borders(std::vector<value> keys)
{
    for (const std::size_t i : {keys.size() - 1, keys.size() / 2, std::size_t(0)}) {
        if (!is_border(*planned, keys[i].text)) continue;
        border_test test(*planned, keys[i].text, planned_part);
        const bool asked = co_await satisfy(test);
        if (!asked) co_return false;
        borders_proven = test.proven();
        if (borders_proven) break;
    }
    co_return true;
}

}  // namespace catena
