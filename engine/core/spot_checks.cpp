#include "core/grouped.hpp"
#include "core/splitmix.hpp"
#include <catena/core/range_math.hpp>
#include <catena/core/spot_checks.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace catena {
namespace {

using kind = spot_place::kind;

// `most` of the numbers below `count`, ascending (Floyd's sampling).
std::vector<std::uint64_t> sample(std::uint64_t count, std::uint64_t most, std::uint64_t& state)
{
    std::set<std::uint64_t> out;
    for (std::uint64_t i = count - std::min(count, most); i < count; ++i) {
        const std::uint64_t one = core::draw(state) % (i + 1);
        if (!out.insert(one).second) out.insert(i);
    }
    return {out.begin(), out.end()};
}

void sort_out(std::vector<std::string>& keys)
{
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

std::string words_of(const std::vector<std::string>& missing)
{
    constexpr std::size_t most = 3;
    std::string out = "the server shows ";
    for (std::size_t i = 0; i < std::min(missing.size(), most); ++i)
        out += (i == 0 ? "" : ", ") + missing[i];
    if (missing.size() > most) out += " and " + core::grouped(missing.size() - most) + " more";
    return out + ", which the store lacks";
}

}  // namespace

std::vector<std::string> inner_borders(const range_rule& by, const interval& whole,
                                       std::span<const interval> chains)
{
    std::vector<std::string> out;
    if (by.type == range_type::values) return out;
    const auto add = [&](const std::optional<std::string>& border) {
        if (!border) return;
        if (whole.lower && compare_in(by, *border, *whole.lower) <= 0) return;
        if (whole.upper && compare_in(by, *border, *whole.upper) >= 0) return;
        out.push_back(*border);
    };
    for (const interval& part : chains) {
        add(part.lower);
        add(part.upper);
    }
    std::stable_sort(out.begin(), out.end(), [&](const std::string& a, const std::string& b) {
        return compare_in(by, a, b) < 0;
    });
    const auto same = [&](const std::string& a, const std::string& b) {
        return compare_in(by, a, b) == 0;
    };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
}

std::vector<spot_place> choose_spots(const spot_choice& choice,
                                     std::span<const std::string> borders, std::uint64_t keys)
{
    std::vector<spot_place> out = {spot_place(kind::beginning)};
    if (keys == 0) return out;  // all places are one
    out.emplace_back(kind::end);
    std::uint64_t state = choice.seed;
    for (const std::uint64_t i : sample(borders.size(), choice.borders, state))
        out.emplace_back(kind::border).border = borders[static_cast<std::size_t>(i)];
    // The last key is the end's.
    for (const std::uint64_t i : sample(keys - 1, choice.keys, state))
        out.emplace_back(kind::key).number = i;
    return out;
}

std::optional<interval> spot_interval(const range_rule& by, const interval& whole,
                                      const std::optional<std::string>& key,
                                      const std::optional<std::string>& next)
{
    if (by.type == range_type::values || (!next && !whole.upper)) return std::nullopt;
    interval out(key ? key : whole.lower, next ? next : whole.upper);
    if (out.lower && compare_in(by, *out.lower, *out.upper) >= 0) return std::nullopt;
    return out;
}

spot_answer judge_spot(std::vector<std::string> shown, std::vector<std::string> stored)
{
    sort_out(shown);
    sort_out(stored);
    spot_answer out;
    std::set_difference(shown.begin(), shown.end(), stored.begin(), stored.end(),
                        std::back_inserter(out.missing));
    std::set_difference(stored.begin(), stored.end(), shown.begin(), shown.end(),
                        std::back_inserter(out.extra));
    out.equal = shown.size() - out.missing.size();
    return out;
}

void add_spot(second_look& to, const range& asked, const spot_answer& answer)
{
    ++to.asked;
    to.compared += answer.equal + answer.missing.size();
    to.missing += answer.missing.size();
    to.extra += answer.extra.size();
    if (!answer.missing.empty()) to.gaps.emplace_back(asked, words_of(answer.missing));
}

}  // namespace catena
