#include "core/printable.hpp"
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace catena {
namespace {

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

/* A number as 0.d1d2d3... x 10^exponent, the digits found by walking over the text that skips the
   point. Zero has no digits. */
struct decimal {
    bool negative = false;
    std::string_view whole, fraction;  // without leading (whole) and trailing (fraction) zeros
    long long exponent = 0;

    [[nodiscard]] std::size_t size() const noexcept { return whole.size() + fraction.size(); }
    [[nodiscard]] char at(std::size_t i) const noexcept
    {
        if (i >= size()) return '0';
        return i < whole.size() ? whole[i] : fraction[i - whole.size()];
    }
};

decimal read(std::string_view text) noexcept
{
    decimal d;
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
        d.negative = text[0] == '-';
        text.remove_prefix(1);
    }
    const std::size_t e = text.find_first_of("eE");
    if (e != std::string_view::npos) {
        std::string_view power = text.substr(e + 1);
        if (!power.empty() && power[0] == '+') power.remove_prefix(1);
        constexpr long long far =
            4'000'000'000'000'000'000;  // adding a text's length overflows not
        if (std::from_chars(power.data(), power.data() + power.size(), d.exponent).ec !=
            std::errc{})
            d.exponent = !power.empty() && power[0] == '-' ? -far : far;
        d.exponent = std::clamp(d.exponent, -far, far);
        text = text.substr(0, e);
    }
    const std::size_t point = text.find('.');
    d.whole = text.substr(0, point);
    if (point != std::string_view::npos) d.fraction = text.substr(point + 1);

    d.whole.remove_prefix(std::min(d.whole.find_first_not_of('0'), d.whole.size()));
    d.fraction = d.fraction.substr(0, d.fraction.find_last_not_of('0') + 1);
    d.exponent += static_cast<long long>(d.whole.size());
    if (d.whole.empty()) {
        const std::size_t zeros = std::min(d.fraction.find_first_not_of('0'), d.fraction.size());
        d.fraction.remove_prefix(zeros);
        d.exponent -= static_cast<long long>(zeros);
    }
    if (d.size() == 0) d.negative = false;
    return d;
}

// Eight octets at once: every high half is 3, and still is with 6 added to the low one.
bool eight_digits(const char* at) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    constexpr std::uint64_t high = 0xf0f0f0f0f0f0f0f0u;
    constexpr std::uint64_t threes = 0x3030303030303030u;
    return (word & high) == threes && ((word + 0x0606060606060606u) & high) == threes;
}

// Digits only and no leading zero: most keys are, and need no reading.
bool plain(std::string_view text) noexcept
{
    if (text.empty() || text[0] < '1' || text[0] > '9') return false;
    if (text.size() < 8) return std::all_of(text.begin(), text.end(), digit);
    for (std::size_t i = 0; i + 8 < text.size(); i += 8)
        if (!eight_digits(text.data() + i)) return false;
    return eight_digits(text.data() + text.size() - 8);
}

std::strong_ordering compare_sizes(const decimal& a, const decimal& b) noexcept
{
    if (a.size() == 0 || b.size() == 0) return (a.size() != 0) <=> (b.size() != 0);
    if (a.exponent != b.exponent) return a.exponent <=> b.exponent;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
        if (a.at(i) != b.at(i)) return a.at(i) <=> b.at(i);
    return std::strong_ordering::equal;
}

}  // namespace

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept
{
    if (plain(a) && plain(b)) return a.size() != b.size() ? a.size() <=> b.size() : a <=> b;
    const decimal x = read(a);
    const decimal y = read(b);
    if (x.negative != y.negative) {
        return x.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    return x.negative ? compare_sizes(y, x) : compare_sizes(x, y);
}

bool is_number(std::string_view text) noexcept
{
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t from = i;
        while (i < text.size() && digit(text[i]))
            ++i;
        return i > from;
    };
    if (i < text.size() && text[i] == '-') ++i;
    if (!digits()) return false;
    if (i < text.size() && text[i] == '.' && !(++i, digits())) return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
        if (!digits()) return false;
    }
    return i == text.size();
}

value value_of(const key_view& field)
{
    value v;
    v.kind = field.kind;
    if (field.kind == json_kind::string && field.escaped)
        v.text = unescape(field.text).text;
    else
        v.text = field.text;
    return v;
}

std::strong_ordering compare_fields(key_type type, field_view a, field_view b) noexcept
{
    const bool numbers =
        type == key_type::number ||
        (type == key_type::automatic && a.kind == json_kind::number && b.kind == json_kind::number);
    return numbers ? compare_numbers(a.text, b.text) : a.text <=> b.text;
}

identity identity_of_key(std::span<const field_view> key)
{
    if (key.size() == 1) return identity_of(key[0].text);
    std::string joined;
    for (const field_view& f : key) {
        joined += std::to_string(f.text.size());
        joined += ':';
        joined += f.text;
    }
    return identity_of(joined);
}

std::string to_text(std::span<const value> key)
{
    constexpr std::size_t longest = 80;
    std::string text;
    for (const value& v : key) {
        if (!text.empty()) text += ',';
        std::size_t shown = std::min(v.text.size(), longest);
        if (shown < v.text.size())  // not inside a UTF-8 character
            while (shown > 0 && (static_cast<unsigned char>(v.text[shown]) & 0xc0) == 0x80)
                --shown;
        text += printable(std::string_view(v.text).substr(0, shown), longest, '?');
        if (v.text.size() > longest) text += "...";
    }
    return text;
}

}  // namespace catena
