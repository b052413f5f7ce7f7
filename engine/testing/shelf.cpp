#include "testing/shelf.hpp"

#include <catena/core/key.hpp>

#include <algorithm>
#include <compare>
#include <utility>

namespace catena::testing {
namespace {

// Of the server's own making: what the client computes with is under test.
std::strong_ordering compare(key_type type, const value& a, const value& b)
{
    const bool numbers =
        type == key_type::number ||
        (type == key_type::automatic && a.kind == json_kind::number && b.kind == json_kind::number);
    return numbers ? compare_numbers(a.text, b.text) : a.text <=> b.text;
}

}  // namespace

shelf::shelf(const connector& c, std::vector<row> rows) : key_(c.key), sorted_(c.sorted)
{
    items_.reserve(rows.size());
    for (row& r : rows)
        items_.push_back({std::move(r), ++last_serial_, false});
    index_all();
}

void shelf::index_all()
{
    live_.clear();
    place_.clear();
    marks_.clear();
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const item& it = items_[i];
        place_[it.serial] = i;
        if (!it.gone) live_.push_back(i);
        marks_.resize(std::max(marks_.size(), it.data.marks.size()));
        for (std::size_t m = 0; m < it.data.marks.size(); ++m)
            marks_[m][it.data.marks[m].text] = it.serial;
    }
    as_numbers_ = trend_of_first(true);
    as_octets_ = trend_of_first(false);
}

shelf::trend shelf::trend_of_first(bool numbers) const
{
    bool up = true, down = true;
    for (std::size_t i = 0; i < size() && (up || down); ++i) {
        if (at(i).key.empty()) return trend::none;
        if (i == 0) continue;
        const std::string& before = at(i - 1).key[0].text;
        const std::string& here = at(i).key[0].text;
        const auto c = numbers ? compare_numbers(before, here) : before <=> here;
        up = up && c <= 0;
        down = down && c >= 0;
    }
    return up ? trend::up : down ? trend::down : trend::none;
}

shelf::trend shelf::first_field(bool numbers) const noexcept
{
    return numbers ? as_numbers_ : as_octets_;
}

std::uint64_t shelf::serial_before(std::size_t index) const
{
    return index == 0 ? 0 : items_[live_[index - 1]].serial;
}

bool shelf::knows(std::uint64_t serial) const { return serial == 0 || place_.contains(serial); }

std::size_t shelf::index_after(std::uint64_t serial) const
{
    if (serial == 0) return 0;
    const auto after = std::upper_bound(live_.begin(), live_.end(), place_.at(serial));
    return static_cast<std::size_t>(after - live_.begin());
}

std::optional<std::uint64_t> shelf::find_mark(std::size_t mark, std::string_view text) const
{
    if (mark >= marks_.size()) return std::nullopt;
    const auto found = marks_[mark].find(std::string(text));
    if (found == marks_[mark].end()) return std::nullopt;
    return found->second;
}

bool shelf::precedes(const row& r, std::span<const value> bound, bool or_equals) const
{
    auto c = std::strong_ordering::equal;
    for (std::size_t i = 0; i < std::min({key_.size(), r.key.size(), bound.size()}); ++i) {
        c = compare(key_[i].type, r.key[i], bound[i]);
        if (c != std::strong_ordering::equal) break;
    }
    if (c == std::strong_ordering::equal) return or_equals;
    const bool before = c == std::strong_ordering::less;
    return sorted_ == order::descending ? !before : before;
}

std::size_t shelf::index_of(std::span<const value> bound, recovery_rule::bound includes) const
{
    const bool skip_equal = includes == recovery_rule::bound::exclusive;
    const auto first = std::partition_point(live_.begin(), live_.end(), [&](std::size_t place) {
        return precedes(items_[place].data, bound, skip_equal);
    });
    return static_cast<std::size_t>(first - live_.begin());
}

void shelf::insert(row r)
{
    auto place = items_.end();
    if (sorted_ != order::none) {
        place = std::partition_point(items_.begin(), items_.end(), [&](const item& it) {
            return precedes(it.data, r.key, true);
        });
    }
    items_.insert(place, {std::move(r), ++last_serial_, false});
    index_all();
}

bool shelf::erase(std::string_view json)
{
    const auto found = std::find_if(items_.begin(), items_.end(), [&](const item& it) {
        return !it.gone && it.data.json == json;
    });
    if (found == items_.end()) return false;
    found->gone = true;
    index_all();
    return true;
}

}  // namespace catena::testing
