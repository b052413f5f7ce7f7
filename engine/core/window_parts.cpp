#include "core/window_parts.hpp"

#include "core/range_steps.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace catena::core {
namespace {

// More at once would only be guessed more finely: parts that are still too large are cut again.
constexpr std::uint64_t most_parts = 1024;

bool before(const range_rule& by, const std::string& a, const std::string& b)
{
    return compare_in(by, a, b) < 0;
}

// Where the page's keys begin a step, inside of the part, each once.
std::vector<std::string> places_of(const range_rule& by, const interval& over,
                                   const std::vector<std::string>& keys)
{
    std::vector<std::string> out;
    for (const std::string& key : keys) {
        if (!is_border(by, key)) continue;
        if (over.lower && before(by, key, *over.lower)) continue;
        if (over.upper && !before(by, key, *over.upper)) continue;
        std::string place = border_at(by, key);
        if (over.lower && before(by, place, *over.lower)) place = *over.lower;
        out.push_back(std::move(place));
    }
    std::sort(out.begin(), out.end(),
              [&](const std::string& a, const std::string& b) { return before(by, a, b); });
    const auto same = [&](const std::string& a, const std::string& b) {
        return compare_in(by, a, b) == std::strong_ordering::equal;
    };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
}

std::vector<std::string> equal_cuts(const range_rule& by, const interval& whole, std::size_t pieces)
{
    std::vector<std::string> out;
    for (const interval& part : divide(by, whole, pieces))
        if (part.lower && part.lower != whole.lower && is_exact_border(by, *part.lower))
            out.push_back(*part.lower);
    return out;
}

}  // namespace

bool fits_window(std::uint64_t total, std::uint64_t page, std::uint64_t window)
{
    if (total >= window) return false;
    const std::uint64_t size = std::clamp<std::uint64_t>(page, 1, window);
    return (total + size - 1) / size * size <= window;
}

std::size_t parts_for_window(std::uint64_t total, std::uint64_t window)
{
    const std::uint64_t room = std::max<std::uint64_t>(window - window / 4, 1);
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(total / room + 1, 2, most_parts));
}

std::vector<interval> cut_part(const range_rule& by, const interval& over,
                               const std::vector<std::string>& keys, std::size_t pieces)
{
    const std::vector<std::string> places = places_of(by, over, keys);
    const bool steps = by.type == range_type::integer || by.type == range_type::time;
    const bool one_place = places.size() == 1;
    const std::optional<std::string> above =
        one_place ? border_above(by, places.front()) : std::nullopt;
    // Decimals and texts could be cut for ever: what is this narrow counts as one key.
    const bool alone = above && over.lower && over.upper &&
                       !before(by, *over.lower, places.front()) && !before(by, *above, *over.upper);
    if (alone) return {over};

    interval inner = over;
    if (!inner.lower && !places.empty()) inner.lower = places.front();
    std::vector<std::string> cuts;
    if (inner.lower && inner.upper) cuts = equal_cuts(by, inner, pieces);
    const bool stuck = cuts.empty() || !steps;
    if (one_place && stuck) {
        cuts.push_back(places.front());
        if (above) cuts.push_back(*above);
    } else if (cuts.empty() && places.size() > 1) {
        cuts.push_back(places[places.size() / 2]);
    }

    std::sort(cuts.begin(), cuts.end(),
              [&](const std::string& a, const std::string& b) { return before(by, a, b); });
    std::vector<interval> out{over};
    for (const std::string& cut : cuts) {
        interval& last = out.back();
        const bool inside = (!last.lower || before(by, *last.lower, cut)) &&
                            (!over.upper || before(by, cut, *over.upper));
        if (!inside) continue;
        last.upper = cut;
        out.emplace_back(cut, over.upper);
    }
    return out;
}

}  // namespace catena::core
