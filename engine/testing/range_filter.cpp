#include "testing/range_filter.hpp"

#include "testing/json_tree.hpp"
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <compare>
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

std::optional<range_filter> read_filter(const connector& c, filter_kind manner,
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
    return out;
}

// Reading a record again for each request would make large datasets slow; a key stands beside it.
std::optional<std::string> range_filter::text_of(const row& r, const test& t)
{
    if (t.field < r.key.size()) return r.key[t.field].text;
    const std::optional<std::string_view> raw = raw_at(r.json, t.at);
    if (!raw) return std::nullopt;
    if (!raw->starts_with('"')) return std::string(*raw);
    return unescape(raw->substr(1, raw->size() - 2)).text;
}

bool range_filter::takes(const row& r) const
{
    return std::all_of(tests_.begin(), tests_.end(), [&](const test& t) {
        const std::optional<std::string> found = text_of(r, t);
        if (!found) return false;
        const std::string& text = *found;
        const std::strong_ordering c =
            t.numbers ? compare_numbers(text, t.border) : text <=> t.border;
        switch (t.what) {
            case test::kind::at_least: return c >= 0;
            case test::kind::above: return c > 0;
            case test::kind::at_most: return c <= 0;
            case test::kind::below: return c < 0;
            case test::kind::equals: break;
        }
        return c == 0;
    });
}

std::size_t range_filter::after(const shelf& rows, std::size_t begin, std::size_t count) const
{
    if (tests_.empty()) return std::min(begin + std::min(count, rows.size()), rows.size());
    for (; begin < rows.size() && count > 0; ++begin)
        if (takes(rows.at(begin))) --count;
    return begin;
}

std::vector<std::size_t> range_filter::among(const shelf& rows, std::size_t begin,
                                             std::size_t end) const
{
    std::vector<std::size_t> out;
    for (; begin < end; ++begin)
        if (tests_.empty() || takes(rows.at(begin))) out.push_back(begin);
    return out;
}

std::size_t range_filter::count(const shelf& rows, std::size_t begin, std::size_t end) const
{
    return tests_.empty() ? end - begin : among(rows, begin, end).size();
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
