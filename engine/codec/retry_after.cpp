#include <catena/codec/retry_after.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace catena {
namespace {

using std::chrono::seconds;
using second_point = std::chrono::sys_time<seconds>;

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/* Reads an HTTP date from left to right, failing for good at the first octet out of place. The
   calendar is the standard library's. A stream parser, as in Howard Hinnant's date, would need a
   locale and take blanks, signs and short numbers that the grammar does not have. */
class date_text {
public:
    explicit date_text(std::string_view text) : rest_(text) {}

    void expect(std::string_view word)
    {
        if (!rest_.starts_with(word)) return fail();
        rest_.remove_prefix(word.size());
    }

    template <std::size_t n>
    unsigned one_of(const std::array<std::string_view, n>& words)
    {
        for (unsigned i = 0; i < n; ++i) {
            if (!rest_.starts_with(words[i])) continue;
            rest_.remove_prefix(words[i].size());
            return i;
        }
        fail();
        return 0;
    }

    unsigned number(std::size_t digits)
    {
        unsigned n = 0;
        if (rest_.size() < digits) fail();
        for (std::size_t i = 0; i < digits && good_; ++i) {
            if (!is_digit(rest_[i])) fail();
            if (good_) n = n * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        if (good_) rest_.remove_prefix(digits);
        return n;
    }

    unsigned number_or_blank()
    {
        if (!rest_.starts_with(' ')) return number(2);
        expect(" ");
        return number(1);
    }

    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
    [[nodiscard]] bool good() const { return good_; }

private:
    void fail()
    {
        good_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool good_ = true;
};

constexpr std::array<std::string_view, 7> short_days{"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_days{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct fields {
    unsigned year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

void read_time(date_text& text, fields& f)
{
    f.hour = text.number(2);
    text.expect(":");
    f.minute = text.number(2);
    text.expect(":");
    f.second = text.number(2);
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
bool read_imf(std::string_view whole, fields& f)
{
    date_text text(whole);
    text.one_of(short_days);
    text.expect(", ");
    f.day = text.number(2);
    text.expect(" ");
    f.month = text.one_of(months) + 1;
    text.expect(" ");
    f.year = text.number(4);
    text.expect(" ");
    read_time(text, f);
    text.expect(" GMT");
    return text.done();
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
bool read_rfc850(std::string_view whole, fields& f)
{
    date_text text(whole);
    text.one_of(long_days);
    text.expect(", ");
    f.day = text.number(2);
    text.expect("-");
    f.month = text.one_of(months) + 1;
    text.expect("-");
    f.year = text.number(2);
    text.expect(" ");
    read_time(text, f);
    text.expect(" GMT");
    return text.done();
}

// "Sun Nov  6 08:49:37 1994"
bool read_asctime(std::string_view whole, fields& f)
{
    date_text text(whole);
    text.one_of(short_days);
    text.expect(" ");
    f.month = text.one_of(months) + 1;
    text.expect(" ");
    f.day = text.number_or_blank();
    text.expect(" ");
    read_time(text, f);
    text.expect(" ");
    f.year = text.number(4);
    return text.done();
}

std::optional<second_point> moment(const fields& f)
{
    const std::chrono::year_month_day day(std::chrono::year(static_cast<int>(f.year)),
                                          std::chrono::month(f.month), std::chrono::day(f.day));
    // 60 is a leap second: the grammar has it, and it is the next minute's first second here.
    if (!day.ok() || f.hour > 23 || f.minute > 59 || f.second > 60) return std::nullopt;
    return std::chrono::sys_days(day) + std::chrono::hours(f.hour) +
           std::chrono::minutes(f.minute) + seconds(f.second);
}

std::optional<second_point> read_moment(std::string_view text, wall_time received)
{
    text = trimmed(text);
    fields f;
    if (read_imf(text, f) || read_asctime(text, f)) return moment(f);
    if (!read_rfc850(text, f)) return std::nullopt;

    // Two digits: the latest such year that is not over 50 years ahead (RFC 9110, 5.6.7).
    const second_point far = std::chrono::floor<seconds>(received) + std::chrono::years(50);
    const std::chrono::year_month_day edge(std::chrono::floor<std::chrono::days>(far));
    const unsigned last = static_cast<unsigned>(static_cast<int>(edge.year()));
    f.year = last - (last + 100 - f.year) % 100;
    std::optional<second_point> at = moment(f);
    if (at && *at > far) {
        f.year -= 100;
        at = moment(f);
    }
    return at;
}

// Nanoseconds reach from 1677 to 2262; HTTP's years from 0 to 9999.
wall_time saturated(second_point at)
{
    constexpr auto first = std::chrono::ceil<seconds>(wall_time::min());
    constexpr auto last = std::chrono::floor<seconds>(wall_time::max());
    if (at < first) return wall_time::min();
    return at > last ? wall_time::max() : wall_time(at);
}

duration saturated(seconds wait)
{
    constexpr auto longest = std::chrono::floor<seconds>(duration::max());
    return wait > longest ? duration::max() : duration(wait);
}

std::optional<duration> read_one(std::string_view text, std::string_view date, wall_time received)
{
    text = trimmed(text);
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_digit)) {
        std::int64_t n = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
        return ec == std::errc{} ? saturated(seconds(n)) : duration::max();
    }
    const std::optional<second_point> until = read_moment(text, received);
    if (!until) return std::nullopt;
    const std::optional<second_point> said = read_moment(date, received);
    if (said) return saturated(std::max(seconds(0), *until - *said));

    // Never shorter than what was asked for, so a part of a second counts as a whole one.
    const second_point now = std::chrono::floor<seconds>(received);
    return saturated(std::max(seconds(0), *until - now));
}

}  // namespace

std::optional<duration> read_retry_after(std::span<const std::string_view> values,
                                         std::string_view date, wall_time received)
{
    std::optional<duration> longest;
    for (const std::string_view text : values) {
        const std::optional<duration> one = read_one(text, date, received);
        if (one && (!longest || *one > *longest)) longest = one;
    }
    return longest;
}

std::optional<wall_time> read_http_date(std::string_view text, wall_time received)
{
    const std::optional<second_point> at = read_moment(text, received);
    if (!at) return std::nullopt;
    return saturated(*at);
}

}  // namespace catena
