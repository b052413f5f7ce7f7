#include "core/range_steps.hpp"

#include "core/big_number.hpp"
#include "core/moment.hpp"

#include <algorithm>
#include <utility>

namespace catena::core {
namespace {

// How much finer than a decimal key is written the border above it is.
constexpr std::size_t finer = 6;

big_number one_of_scale(std::size_t scale)
{
    big_number one;
    one.digits = "1";
    one.scale = scale;
    return one;
}

std::string floor_of(const std::string_view number)
{
    big_number n = read_big(number).value_or(big_number());
    if (n.scale == 0) return text_of(n);
    const bool below_one = n.digits.size() <= n.scale;
    big_number whole;
    if (!below_one) whole.digits = n.digits.substr(0, n.digits.size() - n.scale);
    whole.negative = n.negative && whole.digits != "0";
    return text_of(n.negative ? minus(whole, one_of_scale(0)) : whole);
}

std::string text_of(wide n)
{
    const bool negative = n < 0;
    std::string out;
    for (wide rest = negative ? -n : n; rest > 0 || out.empty(); rest /= 10)
        out += static_cast<char>('0' + static_cast<int>(rest % 10));
    if (negative) out += '-';
    std::reverse(out.begin(), out.end());
    return out;
}

// Nothing for what no calendar reaches.
std::optional<wide> wide_of(std::string_view text)
{
    constexpr std::size_t longest = 24;
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.size() > longest) return std::nullopt;
    wide out = 0;
    for (const char c : text)
        out = out * 10 + (c - '0');
    return negative ? -out : out;
}

// Many servers keep decimals as doubles: borders with more digits than these would mean others.
constexpr std::size_t exact_digits = 15;

bool in_header(const std::optional<range_edge>& edge) noexcept
{
    return edge && edge->to.to == token_target::place::header;
}

}  // namespace

bool is_exact_border(const range_rule& by, std::string_view border)
{
    if (by.type != range_type::decimal) return true;
    const std::optional<big_number> n = read_big(border);
    return n && n->digits.size() <= exact_digits;
}

std::string steps_of(const range_rule& by, std::string_view key)
{
    if (by.type != range_type::time) return floor_of(key);
    const moment m = read_moment(key, by.time).value_or(moment());
    return text_of(steps_down(m, by.resolution));
}

std::optional<std::string> border_of_steps(const range_rule& by, std::string_view steps)
{
    if (by.type != range_type::time) return std::string(steps);
    const std::optional<wide> n = wide_of(steps);
    // Times longer than this have no form of a number since 1970 either.
    constexpr wide most_nanoseconds = wide(1'000'000'000) * 1'000'000'000'000'000;
    if (!n || *n > most_nanoseconds / by.resolution.count() ||
        *n < -most_nanoseconds / by.resolution.count())
        return std::nullopt;
    return write_moment(*n, by.resolution, by.time);
}

std::string border_at(const range_rule& by, const std::string& key)
{
    if (by.type != range_type::integer && by.type != range_type::time) return key;
    return border_of_steps(by, steps_of(by, key)).value_or(key);
}

std::optional<std::string> border_above(const range_rule& by, const std::string& key)
{
    switch (by.type) {
        case range_type::integer:
        case range_type::time: {
            const big_number n = read_big(steps_of(by, key)).value_or(big_number());
            return border_of_steps(by, text_of(plus(n, one_of_scale(0))));
        }
        case range_type::decimal: {
            const big_number n = read_big(key).value_or(big_number());
            if (n.digits.size() >= exact_digits) return std::nullopt;
            const std::size_t scale = n.scale + std::min(finer, exact_digits - n.digits.size());
            return text_of(plus(rescaled(n, scale), one_of_scale(scale)));
        }
        case range_type::text: {
            // Nothing but control characters comes before a blank, which no header can end with.
            const bool header = in_header(by.lower) || in_header(by.upper);
            return key + (header ? '!' : ' ');
        }
        case range_type::values: break;
    }
    return std::nullopt;
}

std::optional<std::string> border_at(const range_rule& by, wall_time now)
{
    const auto since = now.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    moment m;
    m.seconds = seconds.count();
    m.atto = std::chrono::nanoseconds(since - seconds).count() * 1'000'000'000;
    return write_moment(steps_down(m, by.resolution), by.resolution, by.time);
}

}  // namespace catena::core
