#include "core/big_number.hpp"
#include "core/moment.hpp"
#include "core/text_space.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <stdexcept>

namespace catena {

using core::big_number;
using core::moment;

namespace {

// Digits only: most keys are, and need no reading.
bool is_plain(std::string_view text) noexcept
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_integer(std::string_view text)
{
    if (is_plain(text)) return true;
    const std::optional<big_number> n = core::read_big(text);
    return n && n->scale == 0;
}

std::size_t index_of(const range_rule& by, std::string_view value)
{
    return static_cast<std::size_t>(std::find(by.values.begin(), by.values.end(), value) -
                                    by.values.begin());
}

big_number one_of_scale(std::size_t scale)
{
    big_number one;
    one.digits = "1";
    one.scale = scale;
    return one;
}

// Most moments are written as their borders are, and need no reading.
std::optional<std::strong_ordering> order_as_written(const range_rule& by, std::string_view key,
                                                     std::string_view border)
{
    constexpr std::size_t seconds_end = 19;
    constexpr std::size_t longest = 15;  // of a number that is a moment
    const bool numbers = by.time != moment_form::rfc3339 && key.size() <= longest &&
                         border.size() <= longest && is_plain(key) && is_plain(border);
    if (numbers) return compare_numbers(key, border);
    if (!core::is_plain_utc(key) || !core::is_plain_utc(border)) return std::nullopt;
    const std::strong_ordering order = key.substr(0, seconds_end) <=> border.substr(0, seconds_end);
    if (order == std::strong_ordering::equal && key != border) return std::nullopt;
    return order;
}

side where_is(const range_rule& by, const interval& part, std::string_view key)
{
    std::optional<moment> at;  // read once, if at all
    const auto order_to = [&](const std::string& border) {
        std::optional<std::strong_ordering> order = order_as_written(by, key, border);
        if (order) return order;
        if (!at) at = core::read_moment(key, by.time);
        const std::optional<moment> other = core::read_moment(border, by.time);
        if (at && other) order = *at <=> *other;
        return order;
    };
    if (part.lower) {
        const auto order = order_to(*part.lower);
        if (!order) return side::unreadable;
        if (*order < 0) return side::before;
    }
    if (part.upper) {
        const auto order = order_to(*part.upper);
        if (!order) return side::unreadable;
        if (*order >= 0) return side::after;
    }
    const bool read = part.lower || part.upper || core::read_moment(key, by.time);
    return read ? side::inside : side::unreadable;
}

side where_among(const range_rule& by, const interval& part, std::string_view key)
{
    if (by.by.empty() || !part.lower || key == *part.lower) return side::inside;
    const std::size_t at = index_of(by, key);
    if (at == by.values.size()) return side::unreadable;
    return at < index_of(by, *part.lower) ? side::before : side::after;
}

}  // namespace

bool is_border(const range_rule& by, std::string_view text)
{
    switch (by.type) {
        case range_type::integer: return is_integer(text);
        case range_type::decimal: return core::read_big(text).has_value();
        case range_type::text: return true;
        case range_type::time: return core::read_moment(text, by.time).has_value();
        case range_type::values: break;
    }
    return index_of(by, text) != by.values.size();
}

std::strong_ordering compare_in(const range_rule& by, std::string_view a, std::string_view b)
{
    switch (by.type) {
        case range_type::integer:
        case range_type::decimal: return compare_numbers(a, b);
        case range_type::text: return a <=> b;
        case range_type::time: {
            const std::optional<moment> x = core::read_moment(a, by.time);
            const std::optional<moment> y = core::read_moment(b, by.time);
            return x.value_or(moment()) <=> y.value_or(moment());
        }
        case range_type::values: break;
    }
    return index_of(by, a) <=> index_of(by, b);
}

side where_in(const range_rule& by, const interval& part, field_view key)
{
    const bool number = key.kind == json_kind::number;
    const bool string = key.kind == json_kind::string;
    switch (by.type) {
        case range_type::integer:
        case range_type::decimal:
            if (!(number || string) || !is_border(by, key.text)) return side::unreadable;
            break;
        case range_type::text:
            if (!string) return side::unreadable;
            break;
        case range_type::time:
            return number || string ? where_is(by, part, key.text) : side::unreadable;
        case range_type::values:
            if (by.by.empty()) return side::inside;
            return key.kind == json_kind::array || key.kind == json_kind::object
                       ? side::unreadable
                       : where_among(by, part, key.text);
    }
    if (part.lower && compare_in(by, key.text, *part.lower) < 0) return side::before;
    if (part.upper && compare_in(by, key.text, *part.upper) >= 0) return side::after;
    return side::inside;
}

double share_before(const range_rule& by, const interval& whole, std::string_view key)
{
    if (by.type == range_type::values) {
        if (!is_border(by, key)) return 0;
        const auto at = static_cast<double>(index_of(by, key));
        if (!whole.lower) return at / static_cast<double>(by.values.size());
        return compare_in(by, key, *whole.lower) > 0 ? 1 : 0;
    }
    if (!whole.lower || !whole.upper || !is_border(by, key) || !is_border(by, *whole.lower) ||
        !is_border(by, *whole.upper) || compare_in(by, key, *whole.lower) <= 0)
        return 0;
    if (compare_in(by, key, *whole.upper) >= 0) return 1;
    if (by.type == range_type::text) return core::text_share(*whole.lower, *whole.upper, key);
    if (by.type == range_type::time) {
        const auto seconds = [&](std::string_view text) {
            const moment m = core::read_moment(text, by.time).value_or(moment());
            return static_cast<double>(m.seconds) + static_cast<double>(m.atto) * 1e-18;
        };
        const double from = seconds(*whole.lower);
        const double length = seconds(*whole.upper) - from;
        return length > 0 ? std::clamp((seconds(key) - from) / length, 0.0, 1.0) : 0;
    }
    const std::optional<big_number> at = core::read_big(key);
    const std::optional<big_number> lower = core::read_big(*whole.lower);
    const std::optional<big_number> upper = core::read_big(*whole.upper);
    if (!at || !lower || !upper) return 0;
    const std::size_t scale = std::max({at->scale, lower->scale, upper->scale});
    const big_number from = rescaled(*lower, scale);
    return std::clamp(
        ratio(minus(rescaled(*at, scale), from), minus(rescaled(*upper, scale), from)), 0.0, 1.0);
}

std::vector<range> product(const std::vector<std::vector<interval>>& lists, std::size_t most)
{
    std::size_t count = 1;
    for (const std::vector<interval>& list : lists) {
        if (!list.empty() && count > most / list.size())
            throw std::length_error("the ranges of this query are more than " +
                                    std::to_string(most));
        count *= list.size();
    }
    std::vector<range> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t all = count;
        for (const std::vector<interval>& list : lists) {
            all /= list.size();
            out[i].over.push_back(list[i / all % list.size()]);
        }
    }
    return out;
}

std::optional<std::string> lower_to_send(const range_rule& by, std::string_view lower)
{
    if (!by.lower || !is_border(by, lower)) return std::nullopt;
    const bool inclusive = by.lower->inclusive;
    switch (by.type) {
        case range_type::integer: {
            const std::optional<big_number> n = core::read_big(lower);
            if (!n) return std::nullopt;
            return text_of(inclusive ? *n : minus(*n, one_of_scale(0)));
        }
        case range_type::decimal:
            if (!inclusive) return std::nullopt;
            return text_of(*core::read_big(lower));
        case range_type::text:
            if (!inclusive) return std::nullopt;
            return std::string(lower);
        case range_type::time: {
            const moment m = *core::read_moment(lower, by.time);
            return core::write_moment(steps_down(m, by.resolution) - (inclusive ? 0 : 1),
                                      by.resolution, by.time);
        }
        case range_type::values: break;
    }
    return std::nullopt;
}

std::optional<std::string> upper_to_send(const range_rule& by, std::string_view upper)
{
    if (!by.upper || !is_border(by, upper)) return std::nullopt;
    switch (by.type) {
        case range_type::integer: {
            const std::optional<big_number> n = core::read_big(upper);
            if (!n) return std::nullopt;
            return text_of(by.upper->inclusive ? minus(*n, one_of_scale(0)) : *n);
        }
        case range_type::decimal: return text_of(*core::read_big(upper));
        case range_type::text: return std::string(upper);
        case range_type::time:
            // Not a step less where the edge is inclusive: a server that shows finer times than it
            // was said to keep would lose the last step's records between two ranges.
            return core::write_moment(steps_up(*core::read_moment(upper, by.time), by.resolution),
                                      by.resolution, by.time);
        case range_type::values: break;
    }
    return std::nullopt;
}

bool may_answer(const range_rule& by, const interval& part, field_view key)
{
    const side where = where_in(by, part, key);
    if (where == side::inside || where == side::unreadable) return where == side::inside;
    if (by.type == range_type::values) return false;
    const bool before = where == side::before;
    const std::optional<std::string> sent =
        before ? lower_to_send(by, *part.lower) : upper_to_send(by, *part.upper);
    if (!sent) return !(before ? by.lower : by.upper);
    const std::strong_ordering at = compare_in(by, key.text, *sent);
    return before ? at >= 0 : at <= 0;
}

}  // namespace catena
