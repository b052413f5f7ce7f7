#include "testing/range_filter.hpp"

#include "testing/json_tree.hpp"
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <compare>
#include <numeric>
#include <string_view>
#include <utility>

namespace catena::testing {

using filter_kind = behaviour::filter_kind;

bool range_filter::add(const connector& c, const range_rule& by, test::kind k,
                       const std::optional<value>& border)
{
    if (!border) return true;
    const bool numbers = by.type == range_type::integer || by.type == range_type::decimal ||
                         (by.type == range_type::time && by.time != moment_form::rfc3339);
    if (numbers && !is_number(border->text)) return false;
    const auto key =
        std::find_if(c.key.begin(), c.key.end(), [&](const key_field& f) { return f.at == by.by; });
    const auto field = static_cast<std::size_t>(key - c.key.begin());
    tests_.push_back({k, numbers, by.by, border->text, field});
    return true;
}

std::optional<range_filter> read_filter(const connector& c, const shelf& rows, filter_kind manner,
                                        const border_lookup& sent)
{
    using kind = range_filter::test::kind;
    range_filter out;
    const auto inclusive = [&](const range_edge& e) {
        return manner == filter_kind::both_inclusive ||
               (e.inclusive && manner != filter_kind::both_exclusive);
    };
    for (const range_rule& by : c.range) {
        if (manner == filter_kind::ignored) break;
        bool good = true;
        if (by.type == range_type::values) good = out.add(c, by, kind::equals, sent(by.to));
        if (by.lower)
            good = out.add(c, by, inclusive(*by.lower) ? kind::at_least : kind::above,
                           sent(by.lower->to));
        if (by.upper && manner != filter_kind::upper_ignored)
            good = out.add(c, by, inclusive(*by.upper) ? kind::at_most : kind::below,
                           sent(by.upper->to)) &&
                   good;
        if (!good) return std::nullopt;
    }
    out.look_through(rows);
    return out;
}

bool range_filter::passes(const row& r, const test& t)
{
    std::string unescaped;
    std::string_view text;
    if (t.field < r.key.size()) {
        // Reading a record again for each request would make large datasets slow.
        text = r.key[t.field].text;
    } else {
        const std::optional<std::string_view> raw = raw_at(r.json, t.at);
        if (!raw) return false;
        text = *raw;
        if (raw->starts_with('"')) {
            unescaped = unescape(raw->substr(1, raw->size() - 2)).text;
            text = unescaped;
        }
    }
    const std::strong_ordering c = t.numbers ? compare_numbers(text, t.border) : text <=> t.border;
    switch (t.what) {
        case test::kind::at_least: return c >= 0;
        case test::kind::above: return c > 0;
        case test::kind::at_most: return c <= 0;
        case test::kind::below: return c < 0;
        case test::kind::equals: break;
    }
    return c == 0;
}

void range_filter::narrow(const shelf& rows, const test& t, std::size_t& from, std::size_t& to)
{
    using kind = test::kind;
    const bool up = rows.first_field(t.numbers) == shelf::trend::up;
    const auto first_where = [&](auto holds) {  // all before it do not
        std::size_t low = 0, high = rows.size();
        while (low < high) {
            const std::size_t middle = low + (high - low) / 2;
            const std::string& text = rows.at(middle).key[0].text;
            if (holds(t.numbers ? compare_numbers(text, t.border) : text <=> t.border))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    };
    // Records equal to the border lie from `equal` to `past`.
    const std::size_t equal = up ? first_where([](std::strong_ordering c) { return c >= 0; })
                                 : first_where([](std::strong_ordering c) { return c <= 0; });
    const std::size_t past = up ? first_where([](std::strong_ordering c) { return c > 0; })
                                : first_where([](std::strong_ordering c) { return c < 0; });
    const bool with_border = t.what != kind::above && t.what != kind::below;
    const bool behind = up == (t.what == kind::at_least || t.what == kind::above);
    if (t.what == kind::equals || behind) from = std::max(from, with_border ? equal : past);
    if (t.what == kind::equals || !behind) to = std::min(to, with_border ? past : equal);
}

// Once for a request, as what it asks for is counted in several ways.
void range_filter::look_through(const shelf& rows)
{
    all_ = rows.size();
    if (tests_.empty()) return;
    std::size_t from = 0, to = all_;
    std::vector<const test*> rest;
    for (const test& t : tests_)
        if (t.field == 0 && rows.first_field(t.numbers) != shelf::trend::none)
            narrow(rows, t, from, to);
        else
            rest.push_back(&t);
    for (std::size_t i = from; i < to; ++i)
        if (std::all_of(rest.begin(), rest.end(),
                        [&](const test* t) { return passes(rows.at(i), *t); }))
            taken_.push_back(i);
}

std::size_t range_filter::after(std::size_t begin, std::size_t count) const
{
    if (tests_.empty()) return std::min(begin + std::min(count, all_), all_);
    if (count == 0) return begin;
    const auto first = std::lower_bound(taken_.begin(), taken_.end(), begin);
    if (static_cast<std::size_t>(taken_.end() - first) < count) return std::max(begin, all_);
    return first[static_cast<std::ptrdiff_t>(count) - 1] + 1;
}

std::vector<std::size_t> range_filter::among(std::size_t begin, std::size_t end) const
{
    if (begin >= end) return {};
    if (tests_.empty()) {
        std::vector<std::size_t> out(end - begin);
        std::iota(out.begin(), out.end(), begin);
        return out;
    }
    return {std::lower_bound(taken_.begin(), taken_.end(), begin),
            std::lower_bound(taken_.begin(), taken_.end(), end)};
}

std::size_t range_filter::count(std::size_t begin, std::size_t end) const
{
    if (begin >= end) return 0;
    if (tests_.empty()) return end - begin;
    return static_cast<std::size_t>(std::lower_bound(taken_.begin(), taken_.end(), end) -
                                    std::lower_bound(taken_.begin(), taken_.end(), begin));
}

std::vector<token_target> bound_targets(const connector& c)
{
    std::vector<token_target> out = c.expiry.recover.to;
    for (const range_rule& by : c.range) {
        if (by.lower) out.push_back(by.lower->to);
        if (by.upper) out.push_back(by.upper->to);
        if (by.type == range_type::values) out.push_back(by.to);
    }
    return out;
}

}  // namespace catena::testing
