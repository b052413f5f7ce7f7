#include "core/range_axis.hpp"

#include "core/moment.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace catena::core {
namespace {

bool is_number_rule(const range_rule& by) noexcept
{
    return by.type == range_type::integer || by.type == range_type::decimal;
}

// A whole number that fits; nothing for others, which may be numbers all the same.
std::optional<std::int64_t> small_integer(std::string_view text) noexcept
{
    std::int64_t out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

range_axis::range_axis(const range_rule& by) : by_(&by), plain_(is_number_rule(by))
{
    if (by.type != range_type::values) return;
    for (std::size_t i = 0; i < by.values.size(); ++i)
        values_.emplace(by.values[i], static_cast<std::uint32_t>(i));
}

bool range_axis::reads(const interval& part) const
{
    if (by_->type == range_type::values) return !part.lower || values_.contains(*part.lower);
    return (!part.lower || is_border(*by_, *part.lower)) &&
           (!part.upper || is_border(*by_, *part.upper));
}

void range_axis::add(const interval& part)
{
    mark_border(part.lower, false);
    if (by_->type != range_type::values) mark_border(part.upper, true);
    ++count_;
}

void range_axis::mark_border(const std::optional<std::string>& border, bool upper)
{
    if (!border) return;
    mark m;
    m.text = *border;
    m.number = count_ * 2 + (upper ? 1 : 0);
    if (by_->type == range_type::time) {
        const moment at = read_moment(*border, by_->time).value_or(moment());
        m.high = at.seconds;
        m.low = at.atto;
    } else if (const auto small = plain_ ? small_integer(*border) : std::nullopt) {
        m.high = *small;
    } else {
        plain_ = false;
    }
    marks_.push_back(m);
}

std::strong_ordering range_axis::compare(const mark& a, const mark& b) const
{
    if (!plain_ && by_->type != range_type::time) return compare_in(*by_, a.text, b.text);
    if (const auto order = a.high <=> b.high; order != 0) return order;
    return a.low <=> b.low;
}

std::vector<stretch> range_axis::places()
{
    if (by_->type == range_type::values) {
        size_ = by_->values.size();
        return places_of_values();
    }
    // Equal borders stand in the order in which they came, so that the first gives its text.
    std::sort(marks_.begin(), marks_.end(), [this](const mark& a, const mark& b) {
        const std::strong_ordering order = compare(a, b);
        return order != 0 ? order < 0 : a.number < b.number;
    });
    constexpr std::uint32_t open = static_cast<std::uint32_t>(-1);
    std::vector<stretch> out(count_, stretch{0, open});
    const mark* last = nullptr;
    for (const mark& m : marks_) {
        // Nothing is before the empty text: a border there is the very beginning.
        const bool beginning = by_->type == range_type::text && m.text.empty();
        if (!beginning && (last == nullptr || compare(*last, m) != 0)) {
            borders_.push_back(m.text);
            last = &m;
        }
        stretch& s = out[m.number / 2];
        (m.number % 2 == 0 ? s.from : s.to) = static_cast<std::uint32_t>(borders_.size());
    }
    size_ = borders_.size() + 1;
    for (stretch& s : out)
        if (s.to == open) s.to = static_cast<std::uint32_t>(size_);
    marks_ = {};
    return out;
}

std::vector<stretch> range_axis::places_of_values() const
{
    std::vector<stretch> out(count_, stretch{0, static_cast<std::uint32_t>(size_)});
    for (const mark& m : marks_) {
        const std::uint32_t place = values_.at(m.text);
        out[m.number / 2] = {place, place + 1};
    }
    return out;
}

std::vector<interval> range_axis::intervals_of(const stretch& s) const
{
    if (by_->type == range_type::values) {
        if (s.from == 0 && s.to == size_) return {interval()};
        std::vector<interval> out;
        for (std::uint32_t i = s.from; i < s.to; ++i)
            out.emplace_back(by_->values[i], std::nullopt);
        return out;
    }
    interval out;
    if (s.from != 0) out.lower = borders_[s.from - 1];
    if (s.to != size_) out.upper = borders_[s.to - 1];
    return {out};
}

}  // namespace catena::core
