#include "core/range_axis.hpp"
#include <catena/core/coverage.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace catena {

using core::range_axis;
using core::stretch;

namespace {

using box = std::vector<stretch>;  // one stretch for each axis that is still to come
using part_number = std::uint32_t;

// Boxes as they are found along an axis: one that goes on where an equal one ended becomes longer.
class growing {
public:
    void add(std::vector<box> across, const stretch& along)
    {
        std::map<box, std::size_t> now;
        for (box& b : across) {
            const auto before = last_.find(b);
            const std::size_t at = before == last_.end() ? out_.size() : before->second;
            if (at == out_.size()) {
                out_.emplace_back(1, along).insert(out_.back().end(), b.begin(), b.end());
            } else {
                out_[at].front().to = along.to;
            }
            now.emplace(std::move(b), at);
        }
        last_ = std::move(now);
    }

    [[nodiscard]] std::vector<box> take() { return std::move(out_); }

private:
    std::vector<box> out_;
    std::map<box, std::size_t> last_;  // what ended where the next begins
};

struct findings {
    std::vector<box> gaps, overlaps;
};

// Walks along one axis from border to border, and across the others at each.
class sweep {
public:
    sweep(box whole, std::vector<std::vector<stretch>> places)
        : whole_(std::move(whole)), places_(std::move(places))
    {
    }

    [[nodiscard]] findings look(std::size_t axis, const std::vector<part_number>& parts) const
    {
        if (axis == whole_.size()) return at_point(parts.size());
        const std::vector<event> events = events_of(axis, parts);
        const bool last = axis + 1 == whole_.size();
        growing gaps, overlaps;
        std::set<part_number> here;
        std::size_t count = 0;
        std::uint32_t from = whole_[axis].from;
        for (std::size_t i = 0; from != whole_[axis].to;) {
            for (; i < events.size() && events[i].at <= from; ++i) {
                count = events[i].enters ? count + 1 : count - 1;
                if (last) continue;
                if (events[i].enters) here.insert(events[i].part);
                if (!events[i].enters) here.erase(events[i].part);
            }
            const std::uint32_t to = i < events.size() ? events[i].at : whole_[axis].to;
            findings across = last ? at_point(count) : look(axis + 1, {here.begin(), here.end()});
            gaps.add(std::move(across.gaps), {from, to});
            overlaps.add(std::move(across.overlaps), {from, to});
            from = to;
        }
        return {gaps.take(), overlaps.take()};
    }

private:
    struct event {
        std::uint32_t at;
        bool enters;
        part_number part;
    };

    [[nodiscard]] std::vector<event> events_of(std::size_t axis,
                                               const std::vector<part_number>& parts) const
    {
        std::vector<event> out;
        out.reserve(parts.size() * 2);
        for (const part_number p : parts) {
            const stretch& s = places_[axis][p];
            out.push_back({std::max(s.from, whole_[axis].from), true, p});
            out.push_back({std::min(s.to, whole_[axis].to), false, p});
        }
        std::sort(out.begin(), out.end(),
                  [](const event& a, const event& b) { return a.at < b.at; });
        return out;
    }

    [[nodiscard]] static findings at_point(std::size_t count)
    {
        findings out;
        if (count == 0) out.gaps.emplace_back();
        if (count > 1) out.overlaps.emplace_back();
        return out;
    }

    box whole_;
    std::vector<std::vector<stretch>> places_;  // by axis, then by part
};

const interval everything;

const interval& interval_of(const range& r, std::size_t rule)
{
    return r.over.empty() ? everything : r.over[rule];
}

bool is_readable(const std::vector<range_axis>& axes, const range& r)
{
    if (r.over.empty()) return true;
    if (r.over.size() != axes.size()) return false;
    for (std::size_t i = 0; i < axes.size(); ++i)
        if (!axes[i].reads(r.over[i])) return false;
    return true;
}

// The ranges for which boxes stand, whose stretches are in the order of `axes`.
std::vector<range> ranges_of(std::vector<box> found, const std::vector<range_axis>& all,
                             const std::vector<std::size_t>& order)
{
    std::vector<box> sorted;
    sorted.reserve(found.size());
    for (const box& b : found) {
        box& by_rule = sorted.emplace_back(b.size());
        for (std::size_t i = 0; i < b.size(); ++i)
            by_rule[order[i]] = b[i];
    }
    std::sort(sorted.begin(), sorted.end());
    std::vector<range> out;
    for (const box& b : sorted) {
        std::vector<std::vector<interval>> lists;
        for (std::size_t i = 0; i < b.size(); ++i)
            lists.push_back(all[i].intervals_of(b[i]));
        std::vector<range> some = product(lists, std::numeric_limits<std::size_t>::max());
        std::move(some.begin(), some.end(), std::back_inserter(out));
    }
    return out;
}

// Which parts have something of `whole`. Part 0 is the whole itself.
std::vector<part_number> parts_within(const box& whole,
                                      const std::vector<std::vector<stretch>>& places,
                                      std::size_t count)
{
    std::vector<part_number> out;
    for (part_number p = 1; p < count; ++p) {
        bool meets = true;
        for (std::size_t i = 0; meets && i < whole.size(); ++i)
            meets =
                std::max(places[i][p].from, whole[i].from) < std::min(places[i][p].to, whole[i].to);
        if (meets) out.push_back(p);
    }
    return out;
}

}  // namespace

coverage coverage_of(const std::vector<range_rule>& rules, const range& whole,
                     std::span<const range> parts)
{
    coverage out;
    std::vector<range_axis> axes(rules.begin(), rules.end());
    if (!is_readable(axes, whole)) {
        out.unreadable.push_back(whole);
        out.gaps.push_back(whole);
        return out;
    }
    // The whole comes first, as part 0: its borders give their texts to those that equal them.
    std::vector<const range*> readable = {&whole};
    for (const range& r : parts) {
        if (is_readable(axes, r)) {
            readable.push_back(&r);
        } else {
            out.unreadable.push_back(r);
        }
    }
    std::vector<std::vector<stretch>> places;
    for (std::size_t i = 0; i < axes.size(); ++i) {
        for (const range* const r : readable)
            axes[i].add(interval_of(*r, i));
        places.push_back(axes[i].places());
    }
    std::vector<std::size_t> order(axes.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return axes[a].size() < axes[b].size(); });

    box target;
    std::vector<std::vector<stretch>> ordered;
    for (const std::size_t i : order) {
        target.push_back(places[i][0]);
        ordered.push_back(std::move(places[i]));
    }
    if (std::any_of(target.begin(), target.end(), [](const stretch& s) { return s.empty(); }))
        return out;
    const std::vector<part_number> there = parts_within(target, ordered, readable.size());
    findings found = sweep(std::move(target), std::move(ordered)).look(0, there);
    out.gaps = ranges_of(std::move(found.gaps), axes, order);
    out.overlaps = ranges_of(std::move(found.overlaps), axes, order);
    return out;
}

}  // namespace catena
