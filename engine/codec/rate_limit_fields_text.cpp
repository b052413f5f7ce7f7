#include "codec/rate_limit_fields_text.hpp"

#include "codec/scan_octets.hpp"
#include <catena/codec/retry_after.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace catena::codec {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::int64_t giga = 1'000'000'000;

/// A decimal number, exact to a billionth; what is finer is rounded up.
struct amount {
    std::uint64_t whole = 0;
    std::int64_t billionths = 0;  // up to and with a whole one
};

std::uint64_t pass_digits(std::string_view& text, bool& overflow)
{
    std::uint64_t n = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        const auto digit = static_cast<std::uint64_t>(text.front() - '0');
        overflow = overflow || n > (std::numeric_limits<std::uint64_t>::max() - digit) / 10;
        n = n * 10 + digit;
    }
    return n;
}

// Passes "12" or "12.5"; nothing if there is no such number or it is too large.
std::optional<amount> pass_amount(std::string_view& text)
{
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    amount a;
    bool overflow = false;
    a.whole = pass_digits(text, overflow);
    if (overflow) return std::nullopt;
    if (!text.starts_with('.')) return a;

    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    bool finer = false;
    std::int64_t unit = giga;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
        unit /= 10;
        a.billionths += unit * (text.front() - '0');
        finer = finer || (unit == 0 && text.front() != '0');
    }
    if (finer) ++a.billionths;
    return a;
}

std::optional<amount> read_amount(std::string_view text)
{
    const std::optional<amount> a = pass_amount(text);
    return text.empty() ? a : std::nullopt;
}

// `a` units of that many nanoseconds, rounded up.
std::optional<duration> length(const amount& a, std::int64_t unit)
{
    const auto most = nanoseconds(longest_quota_time).count() / unit;
    if (a.whole > static_cast<std::uint64_t>(most)) return std::nullopt;
    const std::int64_t part = unit >= giga ? unit / giga * a.billionths
                                           : (a.billionths + giga / unit - 1) / (giga / unit);
    return duration(static_cast<std::int64_t>(a.whole) * unit + part);
}

struct named_unit {
    std::string_view name;
    std::int64_t length;
};

// "ms" stands before "m". The micro sign comes as U+00B5 or as U+03BC.
constexpr std::array<named_unit, 9> units{{{"ms", 1'000'000},
                                           {"us", 1'000},
                                           {"\xc2\xb5s", 1'000},
                                           {"\xce\xbcs", 1'000},
                                           {"ns", 1},
                                           {"d", 86'400 * giga},
                                           {"h", 3'600 * giga},
                                           {"m", 60 * giga},
                                           {"s", giga}}};

// "6m0s", "1.5s", "120ms", "0s".
std::optional<duration> read_with_units(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    duration sum{};
    while (!text.empty()) {
        const std::optional<amount> a = pass_amount(text);
        if (!a) return std::nullopt;
        const auto unit = std::find_if(units.begin(), units.end(), [&](const named_unit& u) {
            return text.starts_with(u.name);
        });
        if (unit == units.end()) return std::nullopt;
        text.remove_prefix(unit->name.size());
        const std::optional<duration> part = length(*a, unit->length);
        if (!part) return std::nullopt;
        sum += *part;
        if (sum > longest_quota_time) return std::nullopt;
    }
    return sum;
}

std::optional<unsigned> pass_two(std::string_view& text)
{
    if (text.size() < 2 || !is_digit(text[0]) || !is_digit(text[1])) return std::nullopt;
    const unsigned n =
        static_cast<unsigned>(text[0] - '0') * 10 + static_cast<unsigned>(text[1] - '0');
    text.remove_prefix(2);
    return n;
}

bool pass(std::string_view& text, std::string_view any_of)
{
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

struct iso_moment {
    sys_seconds at;
    nanoseconds rest;
};

// Of "+02:00", "-0500", "+01" and "Z". A time without any is nobody knows where.
std::optional<seconds> read_zone(std::string_view text)
{
    if (text == "Z" || text == "z") return seconds(0);
    const bool west = text.starts_with('-');
    if (!pass(text, "+-")) return std::nullopt;
    const std::optional<unsigned> hour = pass_two(text);
    const bool short_form = text.empty();
    pass(text, ":");
    const std::optional<unsigned> minute = short_form ? std::optional(0U) : pass_two(text);
    if (!hour || !minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
    const seconds ahead = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
    return west ? -ahead : ahead;
}

// "2026-02-16T09:02:42.5Z"; a blank for the T, and no seconds, do as well.
std::optional<iso_moment> read_iso_date(std::string_view text)
{
    const std::optional<unsigned> century = pass_two(text);
    const std::optional<unsigned> year = pass_two(text);
    if (!century || !year || !pass(text, "-")) return std::nullopt;
    const std::optional<unsigned> month = pass_two(text);
    if (!month || !pass(text, "-")) return std::nullopt;
    const std::optional<unsigned> day = pass_two(text);
    if (!day || !pass(text, "Tt ")) return std::nullopt;
    const std::optional<unsigned> hour = pass_two(text);
    if (!hour || !pass(text, ":")) return std::nullopt;
    const std::optional<unsigned> minute = pass_two(text);
    if (!minute) return std::nullopt;
    amount second;
    if (pass(text, ":")) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits != 2) return std::nullopt;
        const std::optional<amount> a = pass_amount(text);
        if (!a) return std::nullopt;
        second = *a;
    }
    pass(text, " ");
    const std::optional<seconds> zone = read_zone(text);
    const std::chrono::year_month_day date(
        std::chrono::year(static_cast<int>(*century * 100 + *year)), std::chrono::month(*month),
        std::chrono::day(*day));
    if (!zone || !date.ok() || *hour > 23 || *minute > 59 || second.whole > 60) return std::nullopt;
    return iso_moment{std::chrono::sys_days(date) + std::chrono::hours(*hour) +
                          std::chrono::minutes(*minute) +
                          seconds(static_cast<std::int64_t>(second.whole)) - *zone,
                      nanoseconds(second.billionths)};
}

/* What a bare number of a reset means. Seconds to go and milliseconds to go overlap: a day is as
   far as anyone counts in seconds without naming the window, and a number is in milliseconds only
   where it would be many windows in seconds. */
time_form form_of(std::uint64_t n, std::optional<duration> window)
{
    if (n >= 1'000'000'000 && n < 9'000'000'000) return time_form::epoch_seconds;
    if (n >= 1'000'000'000'000 && n < 9'000'000'000'000) return time_form::epoch_milliseconds;
    if (!window) return n <= 86'400 ? time_form::seconds : time_form::by_size;
    const auto whole = static_cast<std::uint64_t>(
        std::chrono::ceil<seconds>(std::min<duration>(*window, longest_quota_time)).count());
    if (n <= 2 * whole) return time_form::seconds;
    return n > 20 * whole && n <= 1000 * whole ? time_form::milliseconds : time_form::by_size;
}

}  // namespace

std::string_view without_blanks(std::string_view text) noexcept
{
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::optional<std::uint64_t> read_count(std::string_view text)
{
    text = without_blanks(text);
    const bool negative = pass(text, "-");
    const std::optional<amount> a = read_amount(text);
    if (!a) return std::nullopt;
    return negative ? 0 : a->whole;
}

std::optional<duration> sane_seconds(std::int64_t n)
{
    if (n < 0 || n > longest_quota_time.count()) return std::nullopt;
    return duration(seconds(n));
}

std::optional<duration> read_window(std::string_view text, time_form as)
{
    text = without_blanks(text);
    const std::optional<amount> number = read_amount(text);
    std::optional<duration> window;
    if (as == time_form::text || (as == time_form::by_size && !number)) {
        window = read_with_units(text);
    } else if (number && as == time_form::milliseconds) {
        window = length(*number, giga / 1000);
    } else if (number && (as == time_form::seconds || number->whole < 10'000 ||
                          number->whole % 86'400 == 0)) {
        window = length(*number, giga);
    }
    if (window && *window <= duration::zero()) return std::nullopt;
    return window;
}

reset_reader::reset_reader(const response_head& head, wall_time received)
    : now_(std::chrono::floor<seconds>(received)), received_(received)
{
    const header_view* const date = find_header(head.headers, "date");
    const auto said = date ? read_http_date(date->value, received) : std::nullopt;
    if (said) now_ = std::chrono::floor<seconds>(*said);
}

std::optional<duration> reset_reader::until(sys_seconds at, nanoseconds rest) const
{
    const seconds left = at - now_;
    if (left < -std::chrono::hours(24) || left > longest_quota_time) return std::nullopt;
    return std::max(duration::zero(), duration(left) + rest);
}

std::optional<duration> reset_reader::read_date(std::string_view text) const
{
    if (const auto at = read_http_date(text, received_))
        return until(std::chrono::floor<seconds>(*at), nanoseconds(0));
    if (const auto at = read_iso_date(text)) return until(at->at, at->rest);
    return std::nullopt;
}

std::optional<duration> reset_reader::read(std::string_view text, time_form as,
                                           std::optional<duration> window) const
{
    text = without_blanks(text);
    const std::optional<amount> number = read_amount(text);
    if (as == time_form::by_size) {
        if (number) {
            as = form_of(number->whole, window);
        } else if (const auto given = read_with_units(text)) {
            return given;
        } else {
            as = time_form::date;
        }
    }
    switch (as) {
        case time_form::date: return read_date(text);
        case time_form::text: return read_with_units(text);
        case time_form::by_size: return std::nullopt;
        default: break;
    }
    if (!number) return std::nullopt;
    if (as == time_form::seconds) return length(*number, giga);
    if (as == time_form::milliseconds) return length(*number, giga / 1000);
    if (number->whole >= 9'000'000'000'000) return std::nullopt;

    const auto n = static_cast<std::int64_t>(number->whole);
    const bool fine = as == time_form::epoch_milliseconds;
    if (!fine) return until(sys_seconds(seconds(n)), nanoseconds(number->billionths));
    const auto part = (number->billionths + 999) / 1000;
    return until(sys_seconds(seconds(n / 1000)), nanoseconds(n % 1000 * 1'000'000 + part));
}

}  // namespace catena::codec
