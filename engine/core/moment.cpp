#include "core/moment.hpp"

#include "core/big_number.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <utility>

namespace catena::core {
namespace {

constexpr wide in_second = 1'000'000'000;

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

// `count` digits off the front of `text`, or -1.
int take_digits(std::string_view& text, std::size_t count) noexcept
{
    if (text.size() < count) return -1;
    int out = 0;
    for (const char c : text.substr(0, count)) {
        if (!digit(c)) return -1;
        out = out * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return out;
}

bool take(std::string_view& text, std::string_view any_of) noexcept
{
    if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

// Digits of a fraction in 10^-18; nothing if there are more that count.
std::optional<std::int64_t> fraction_of(std::string_view digits) noexcept
{
    constexpr std::size_t kept = 18;
    digits = digits.substr(0, digits.find_last_not_of('0') + 1);
    if (digits.size() > kept) return std::nullopt;
    std::int64_t out = 0;
    for (std::size_t i = 0; i < kept; ++i)
        out = out * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return out;
}

// Minutes east of UTC; nothing where there is no offset, or something behind it.
std::optional<int> take_offset(std::string_view text) noexcept
{
    if (text == "Z" || text == "z") return 0;
    const bool west = text.starts_with('-');
    if (!take(text, "+-")) return std::nullopt;
    const int hours = take_digits(text, 2);
    (void)take(text, ":");
    const int minutes = take_digits(text, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !text.empty())
        return std::nullopt;
    return (west ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<moment> read_date_time(std::string_view text) noexcept
{
    using namespace std::chrono;
    const int y = take_digits(text, 4);
    if (y < 0 || !take(text, "-")) return std::nullopt;
    const int mo = take_digits(text, 2);
    if (mo < 0 || !take(text, "-")) return std::nullopt;
    const int d = take_digits(text, 2);
    if (d < 0 || !take(text, "Tt ")) return std::nullopt;
    const year_month_day day{year(y), month(static_cast<unsigned>(mo)),
                             std::chrono::day(static_cast<unsigned>(d))};
    const int h = take_digits(text, 2);
    if (h < 0 || !take(text, ":")) return std::nullopt;
    const int mi = take_digits(text, 2);
    if (mi < 0 || !take(text, ":")) return std::nullopt;
    const int s = take_digits(text, 2);
    if (!day.ok() || h > 23 || mi > 59 || s < 0 || s > 59) return std::nullopt;

    std::optional<std::int64_t> fraction = 0;
    if (take(text, ".")) {
        const auto end = std::find_if_not(text.begin(), text.end(), digit);
        const auto size = static_cast<std::size_t>(end - text.begin());
        if (size == 0) return std::nullopt;
        fraction = fraction_of(text.substr(0, size));
        text.remove_prefix(size);
    }
    const std::optional<int> offset = take_offset(text);
    if (!fraction || !offset) return std::nullopt;
    const std::int64_t days = sys_days(day).time_since_epoch().count();
    return moment{days * 86'400 + h * 3600 + (mi - *offset) * 60 + s, *fraction};
}

std::optional<moment> read_number(std::string_view text, moment_form as)
{
    constexpr std::size_t longest = 15;
    std::optional<big_number> n = read_big(text);
    if (!n) return std::nullopt;
    if (as == moment_form::milliseconds) n->scale += 3;
    if (n->digits.size() < n->scale) n->digits.insert(0, n->scale - n->digits.size(), '0');
    const std::string_view digits = n->digits;
    const std::string_view whole = digits.substr(0, digits.size() - n->scale);
    const std::optional<std::int64_t> fraction = fraction_of(digits.substr(whole.size()));
    if (whole.size() > longest || !fraction) return std::nullopt;

    moment m;
    std::from_chars(whole.data(), whole.data() + whole.size(), m.seconds);
    m.atto = *fraction;
    if (!n->negative) return m;
    m.seconds = -m.seconds - (m.atto != 0 ? 1 : 0);
    if (m.atto != 0) m.atto = 1'000'000'000'000'000'000 - m.atto;
    return m;
}

wide floor_of(wide n, wide by) noexcept { return n / by - (n % by < 0 ? 1 : 0); }

std::string digits_of(wide n, std::size_t width)
{
    std::string out;
    for (; n > 0 || out.size() < width; n /= 10)
        out += static_cast<char>('0' + static_cast<int>(n % 10));
    std::reverse(out.begin(), out.end());
    return out;
}

// How many digits of a second (or of `unit`) `step` needs.
std::size_t places_of(duration step, wide unit) noexcept
{
    std::size_t places = 0;
    for (wide n = step.count(); n % unit != 0; n *= 10)
        ++places;
    return places;
}

// `nanoseconds` in units of `unit`, with `places` digits behind the point.
std::string number_of(wide nanoseconds, wide unit, std::size_t places)
{
    const bool negative = nanoseconds < 0;
    if (negative) nanoseconds = -nanoseconds;
    std::string out = digits_of(nanoseconds / unit, 1);
    if (places > 0) {
        wide rest = nanoseconds % unit;
        for (std::size_t i = 0; i < places; ++i)
            rest *= 10;
        out += '.' + digits_of(rest / unit, places);
    }
    return negative ? '-' + out : out;
}

}  // namespace

std::optional<moment> read_moment(std::string_view text, moment_form numbers_as)
{
    if (text.size() > 10 && text[4] == '-' && text[7] == '-') return read_date_time(text);
    if (numbers_as == moment_form::rfc3339) return std::nullopt;
    return read_number(text, numbers_as);
}

bool is_plain_utc(std::string_view text) noexcept
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    if (text.size() <= form.size() || text.back() != 'Z') return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? !digit(text[i]) : text[i] != form[i]) return false;
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
    // Which months have a 29th day and later ones is left to those who read whole dates.
    const bool date = two(5) >= 1 && two(5) <= 12 && two(8) >= 1 && two(8) <= 28;
    if (!date || two(11) > 23 || two(14) > 59 || two(17) > 59) return false;
    const std::string_view rest = text.substr(form.size(), text.size() - form.size() - 1);
    if (rest.empty()) return true;
    constexpr std::size_t most = 18;
    return rest[0] == '.' && rest.size() > 1 && rest.size() <= most + 1 &&
           std::all_of(rest.begin() + 1, rest.end(), digit);
}

wide steps_down(const moment& m, duration step) noexcept
{
    const wide nanoseconds = m.seconds * in_second + m.atto / in_second;
    return floor_of(nanoseconds, step.count());
}

wide steps_up(const moment& m, duration step) noexcept
{
    const wide nanoseconds =
        m.seconds * in_second + m.atto / in_second + (m.atto % in_second != 0 ? 1 : 0);
    return -floor_of(-nanoseconds, step.count());
}

std::optional<std::string> write_moment(wide steps, duration step, moment_form form)
{
    using namespace std::chrono;
    const wide nanoseconds = steps * step.count();
    if (form != moment_form::rfc3339) {
        const wide unit = form == moment_form::seconds ? in_second : in_second / 1000;
        return number_of(nanoseconds, unit, places_of(step, unit));
    }
    constexpr wide in_day = in_second * 86'400;
    const wide days_since = floor_of(nanoseconds, in_day);
    if (days_since < -719'528 || days_since > 2'932'896) return std::nullopt;  // 0000 to 9999
    const year_month_day date{sys_days(days(static_cast<int>(days_since)))};
    const wide rest = nanoseconds - days_since * in_day;
    const wide second = rest / in_second;
    std::string out = digits_of(static_cast<int>(date.year()), 4) + '-' +
                      digits_of(static_cast<unsigned>(date.month()), 2) + '-' +
                      digits_of(static_cast<unsigned>(date.day()), 2) + 'T' +
                      digits_of(second / 3600, 2) + ':' + digits_of(second / 60 % 60, 2) + ':' +
                      digits_of(second % 60, 2);
    const std::size_t places = places_of(step, in_second);
    if (places > 0) out += '.' + digits_of(rest % in_second, 9).substr(0, places);
    return out + 'Z';
}

}  // namespace catena::core
