// Dates of cookies, in whatever order and with whatever between their parts.
#include "codec/set_cookie.hpp"
#include <catena/core/http.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace catena::codec {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_delimiter(char c) noexcept
{
    const auto o = static_cast<unsigned char>(c);
    return o == 0x09 || (o >= 0x20 && o <= 0x2f) || (o >= 0x3b && o <= 0x40) ||
           (o >= 0x5b && o <= 0x60) || (o >= 0x7b && o <= 0x7e);
}

/// `least` to `most` digits at the front of `text`, which are cut off; no more may follow.
std::optional<int> number(std::string_view& text, std::size_t least, std::size_t most)
{
    std::size_t digits = 0;
    int n = 0;
    while (digits < text.size() && is_digit(text[digits])) {
        if (++digits > most) return std::nullopt;
        n = n * 10 + (text[digits - 1] - '0');
    }
    if (digits < least) return std::nullopt;
    text.remove_prefix(digits);
    return n;
}

struct clock_time {
    int hour, minute, second;
};

std::optional<clock_time> time_in(std::string_view token)
{
    int parts[3];
    for (int& part : parts) {
        const bool first = &part == parts;
        if (!first && !token.starts_with(':')) return std::nullopt;
        token.remove_prefix(first ? 0 : 1);
        const std::optional<int> n = number(token, 1, 2);
        if (!n) return std::nullopt;
        part = *n;
    }
    return clock_time{parts[0], parts[1], parts[2]};
}

std::optional<unsigned> month_in(std::string_view token)
{
    constexpr std::string_view names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                          "jul", "aug", "sep", "oct", "nov", "dec"};
    if (token.size() < 3) return std::nullopt;
    const auto found = std::find_if(std::begin(names), std::end(names), [&](std::string_view name) {
        return equal_ignoring_case(token.substr(0, 3), name);
    });
    if (found == std::end(names)) return std::nullopt;
    return static_cast<unsigned>(found - std::begin(names)) + 1;
}

}  // namespace

std::optional<std::chrono::sys_seconds> read_cookie_date(std::string_view text)
{
    std::optional<clock_time> time;
    std::optional<int> day, year;
    std::optional<unsigned> month;
    while (!text.empty()) {
        const auto end = std::find_if(text.begin(), text.end(), is_delimiter);
        const std::string_view token = text.substr(0, std::size_t(end - text.begin()));
        text.remove_prefix(std::min(token.size() + 1, text.size()));
        std::string_view rest = token;
        // Each part is the first token that can be it, and no token is two.
        if (!time && (time = time_in(token))) continue;
        if (!day && (day = number(rest, 1, 2))) continue;
        if (!month && (month = month_in(token))) continue;
        rest = token;
        if (!year) year = number(rest, 2, 4);
    }
    if (!time || !day || !month || !year) return std::nullopt;
    if (*year >= 70 && *year <= 99) *year += 1900;
    if (*year < 70) *year += 2000;

    using namespace std::chrono;
    const year_month_day date(std::chrono::year(*year), std::chrono::month(*month),
                              std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok() || *year < 1601) return std::nullopt;
    if (time->hour > 23 || time->minute > 59 || time->second > 59) return std::nullopt;
    return sys_days(date) + hours(time->hour) + minutes(time->minute) + seconds(time->second);
}

}  // namespace catena::codec
