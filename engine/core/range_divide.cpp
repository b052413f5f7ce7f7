#include "core/big_number.hpp"
#include "core/moment.hpp"
#include "core/text_space.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <utility>

namespace catena {

using core::big_number;
using core::wide;

namespace {

struct scaled_ends {
    big_number lower, length;
};

// Both ends in one scale; of decimals one that leaves enough steps between them for `pieces`.
std::optional<scaled_ends> ends_of(const range_rule& by, std::string_view lower,
                                   std::string_view upper, std::uint64_t pieces)
{
    const std::optional<big_number> from = core::read_big(lower);
    const std::optional<big_number> to = core::read_big(upper);
    if (!from || !to) return std::nullopt;
    std::size_t scale = std::max(from->scale, to->scale);
    if (by.type == range_type::decimal) {
        const std::size_t wanted = std::to_string(pieces).size() + 2;
        const std::size_t there = minus(rescaled(*to, scale), rescaled(*from, scale)).digits.size();
        scale += wanted > there ? wanted - there : 0;
    }
    scaled_ends out;
    out.lower = rescaled(*from, scale);
    out.length = minus(rescaled(*to, scale), out.lower);
    return out;
}

std::vector<std::string> number_borders(const range_rule& by, std::string_view lower,
                                        std::string_view upper, std::uint64_t pieces)
{
    std::vector<std::string> out;
    const std::optional<scaled_ends> ends = ends_of(by, lower, upper, pieces);
    if (!ends) return out;
    pieces = std::min(pieces, small_or_most(ends->length));
    for (std::uint64_t i = 1; i < pieces; ++i)
        out.push_back(text_of(plus(ends->lower, part_of(ends->length, i, pieces))));
    return out;
}

std::vector<std::string> time_borders(const range_rule& by, std::string_view lower,
                                      std::string_view upper, std::uint64_t pieces)
{
    std::vector<std::string> out;
    // The steps that lie strictly between, and one more on each side.
    const auto low = core::read_moment(lower, by.time);
    const auto high = core::read_moment(upper, by.time);
    if (!low || !high) return out;
    const wide first = steps_down(*low, by.resolution);
    const wide length = steps_up(*high, by.resolution) - first;
    const wide parts = std::min<wide>(static_cast<wide>(pieces), length);
    for (wide i = 1; i < parts; ++i) {
        auto border = core::write_moment(first + length * i / parts, by.resolution, by.time);
        if (border) out.push_back(std::move(*border));
    }
    return out;
}

std::vector<interval> cut(const interval& whole, std::vector<std::string> borders)
{
    std::vector<interval> out;
    std::optional<std::string> from = whole.lower;
    for (std::string& border : borders) {
        out.emplace_back(from, border);
        from = std::move(border);
    }
    out.emplace_back(std::move(from), whole.upper);
    return out;
}

}  // namespace

std::optional<std::string> middle_of(const range_rule& by, std::string_view lower,
                                     std::string_view upper)
{
    std::vector<std::string> borders;
    if (compare_in(by, lower, upper) >= 0) return std::nullopt;
    switch (by.type) {
        case range_type::integer: borders = number_borders(by, lower, upper, 2); break;
        case range_type::decimal: {
            // Half of a number has one digit more, never an endless tail.
            const std::optional<big_number> from = core::read_big(lower);
            const std::optional<big_number> to = core::read_big(upper);
            if (!from || !to) return std::nullopt;
            const std::size_t scale = std::max(from->scale, to->scale) + 1;
            const big_number low = rescaled(*from, scale);
            return text_of(plus(low, part_of(minus(rescaled(*to, scale), low), 1, 2)));
        }
        case range_type::text: return core::text_between(lower, upper);
        case range_type::time: borders = time_borders(by, lower, upper, 2); break;
        case range_type::values: break;
    }
    if (borders.empty()) return std::nullopt;
    return std::move(borders.front());
}

std::vector<interval> divide(const range_rule& by, const interval& whole, std::size_t pieces)
{
    if (by.type == range_type::values) {
        if (whole.lower) return {whole};
        std::vector<interval> out;
        for (const std::string& value : by.values)
            out.emplace_back(value, std::nullopt);
        return out;
    }
    const bool bounded = whole.lower && whole.upper && is_border(by, *whole.lower) &&
                         is_border(by, *whole.upper) &&
                         compare_in(by, *whole.lower, *whole.upper) < 0;
    if (!bounded) return {whole};
    const std::string& lower = *whole.lower;
    const std::string& upper = *whole.upper;
    switch (by.type) {
        case range_type::integer:
        case range_type::decimal: return cut(whole, number_borders(by, lower, upper, pieces));
        case range_type::time: return cut(whole, time_borders(by, lower, upper, pieces));
        case range_type::text: return cut(whole, core::text_borders(lower, upper, pieces));
        case range_type::values: break;
    }
    return {whole};
}

}  // namespace catena
