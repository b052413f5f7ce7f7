// Where a job looks again: ids that its store lacks, and places that chance picks.
#include "core/neighbours.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/range_query.hpp>
#include <catena/core/range_math.hpp>
#include <catena/core/spot_checks.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace catena {

namespace asio = boost::asio;
using errand = job_task::errand;

namespace {

std::uint64_t size_of(const interval& hole)
{
    return std::stoull(*hole.upper) - std::stoull(*hole.lower);
}

}  // namespace

/// Only by a filter that was tested, and of one rule: under several the order of keys is another.
bool job::impl::can_ask_for_parts() const
{
    return !discovery && divisible != nullptr && borders_proven && contract->range.size() == 1;
}

/// A query that the server can begin where the part does: else it would walk up to there.
bool job::impl::can_ask_for(const interval& part) const
{
    const auto& near = descending ? part.upper : part.lower;
    if (near) {
        const auto sent =
            descending ? upper_to_send(*planned, *near) : lower_to_send(*planned, *near);
        if (!sent) return false;
    }
    try {
        (void)within(*contract, range({part}));
        return true;
    } catch (const failure&) {
        return false;
    }
}

std::vector<job_task> job::impl::hole_tasks() const
{
    std::vector<job_task> out;
    const auto ids = looks.keys->holes();
    const std::size_t most = options.audit.holes - std::min(options.audit.holes, looks.queries);
    const bool counts = planned->type == range_type::integer && contract->key.size() == 1;
    if (!ids || !ids->dense || most == 0 || !counts) return out;
    // Holes within one page's reach of ids share a query.
    const std::uint64_t pages = std::max<std::uint64_t>(facts.counts.pages, 1);
    const std::uint64_t page =
        contract->page_size.value != 0 ? contract->page_size.value : facts.counts.records / pages;
    std::optional<interval> group;
    const auto close = [&] {
        if (group && out.size() < most && can_ask_for(*group))
            out.emplace_back(errand::hole, range({*group}));
    };
    for (const interval& hole : ids->holes) {
        if (looks.holes.ended.holds(hole)) continue;
        if (group && size_of(interval(group->lower, hole.upper)) <= page) {
            group->upper = hole.upper;
            continue;
        }
        close();
        group = hole;
    }
    close();
    return out;
}

void job::impl::tell_ids()
{
    const auto ids = looks.keys->holes();
    if (!ids) return;
    id_facts& out = facts.ids.emplace();
    out.dense = ids->dense;
    out.holes = ids->missing;
    out.found = looks.holes.found;
    out.why = looks.holes.trouble;
    for (const interval& hole : ids->holes)
        if (looks.holes.ended.holds(hole)) out.asked += size_of(hole);
}

/// The holes of dense ids that nobody has asked the server for, by their ids. Told by who judges
/// alone: else they are asked for.
std::string job::impl::unasked_holes() const
{
    constexpr std::size_t most = 10;
    const auto ids = looks.keys && facts.ids ? looks.keys->holes() : std::nullopt;
    if (!options.only_judges || !ids || !ids->dense) return {};
    std::string out;
    std::size_t found = 0;
    for (const interval& hole : ids->holes) {
        if (looks.holes.ended.holds(hole) || ++found > most) continue;
        const std::uint64_t last = std::stoull(*hole.upper) - 1;
        out += (out.empty() ? "" : ", ") + *hole.lower;
        if (size_of(hole) > 1) out += " to " + std::to_string(last);
    }
    if (found == 0) return {};
    if (found > most) out += " and " + std::to_string(found - most) + " more stretches";
    return "ids that are not stored: " + out;
}

std::uint64_t job::impl::records_a_page() const
{
    if (contract->page_size.value != 0) return contract->page_size.value;
    return facts.counts.records / std::max<std::uint64_t>(facts.counts.pages, 1) + 1;
}

std::size_t job::impl::spots_wanted() const
{
    if (options.audit.spots) return *options.audit.spots;
    return std::clamp<std::size_t>(static_cast<std::size_t>(facts.counts.pages / 100), 4, 120);
}

/// The beginning and the end, borders between chains, and keys by chance.
asio::awaitable<std::vector<job_task>> job::impl::spot_tasks()
{
    std::vector<job_task> out;
    const std::size_t most = spots_wanted();
    if (most == 0) co_return out;
    std::vector<interval> parts;
    for (const range& part : looks.parts)
        parts.push_back(part.over[planned_part]);
    const interval all = wanted(planned_part);
    const std::vector<std::string> borders = inner_borders(*planned, all, parts);
    spot_choice choice;
    choice.seed = options.audit.seed;
    choice.keys = 0;
    choice.borders = most / 2;
    std::vector<std::string> at;
    for (const spot_place& place : choose_spots(choice, borders, looks.keys->keys()))
        if (place.is == spot_place::kind::border) at.push_back(place.border);
    const std::size_t chosen = at.size();
    for (const std::string& key : looks.keys->picked())
        if (at.size() + 2 < most && is_border(*planned, key)) at.push_back(key);

    core::neighbours near(*planned, at);
    std::function<void(std::optional<std::string>)> take =
        [&near](const std::optional<std::string>& field) {
            if (field) near.feed(*field);
        };
    const bool read = co_await read_keys(std::move(take));
    if (!read) co_return out;
    using neighbour = std::optional<core::neighbours::found>;
    const std::uint64_t page = records_a_page();
    const auto add = [&](const neighbour& key, const neighbour& next) {
        if (key && key->records > page) return;  // they share the field: no small query has them
        const auto text = [](const neighbour& f) {
            return f ? std::optional(f->key) : std::nullopt;
        };
        const std::optional<interval> spot = spot_interval(*planned, all, text(key), text(next));
        const bool known = spot && std::any_of(out.begin(), out.end(), [&](const job_task& t) {
                               return t.over.over[0] == *spot;
                           });
        if (spot && !known && out.size() < most && can_ask_for(*spot))
            out.emplace_back(errand::spot, range({*spot}));
    };
    add(std::nullopt, near.first());
    add(near.last(), std::nullopt);
    for (std::size_t i = 0; i < at.size(); ++i)
        add(i < chosen ? near.before(at[i]) : near.from(at[i]),
            i < chosen ? near.from(at[i]) : near.behind(at[i]));
    co_return out;
}

}  // namespace catena
