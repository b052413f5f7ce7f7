#include "core/big_number.hpp"

#include <catena/core/key.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace catena::core {
namespace {

std::strong_ordering compare_digits(std::string_view a, std::string_view b) noexcept
{
    return a.size() != b.size() ? a.size() <=> b.size() : a <=> b;
}

void trim(std::string& digits)
{
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty()) digits = "0";
}

std::string sum(std::string_view longer, std::string_view shorter)
{
    if (longer.size() < shorter.size()) std::swap(longer, shorter);
    std::string out(longer);
    int carry = 0;
    for (std::size_t i = 0; i < out.size() && (i < shorter.size() || carry != 0); ++i) {
        char& digit = out[out.size() - 1 - i];
        const int other = i < shorter.size() ? shorter[shorter.size() - 1 - i] - '0' : 0;
        const int n = digit - '0' + other + carry;
        digit = static_cast<char>('0' + n % 10);
        carry = n / 10;
    }
    return carry != 0 ? '1' + out : out;
}

// @pre more >= less
std::string difference(std::string_view more, std::string_view less)
{
    std::string out(more);
    int borrow = 0;
    for (std::size_t i = 0; i < out.size() && (i < less.size() || borrow != 0); ++i) {
        char& digit = out[out.size() - 1 - i];
        int n = digit - '0' - borrow - (i < less.size() ? less[less.size() - 1 - i] - '0' : 0);
        borrow = n < 0 ? 1 : 0;
        if (n < 0) n += 10;
        digit = static_cast<char>('0' + n);
    }
    trim(out);
    return out;
}

// The first digits as a double, and how many more there are.
double head_of(std::string_view digits, std::size_t& more) noexcept
{
    const std::size_t shown = std::min<std::size_t>(digits.size(), 17);
    more = digits.size() - shown;
    double out = 0;
    for (const char c : digits.substr(0, shown))
        out = out * 10 + (c - '0');
    return out;
}

}  // namespace

std::optional<big_number> read_big(std::string_view text)
{
    if (!is_number(text) || text.size() > most_digits) return std::nullopt;
    big_number n;
    n.negative = text[0] == '-';
    if (n.negative) text.remove_prefix(1);

    long long power = 0;
    const std::size_t e = text.find_first_of("eE");
    if (e != std::string_view::npos) {
        std::string_view after = text.substr(e + 1);
        if (after[0] == '+') after.remove_prefix(1);
        const auto read = std::from_chars(after.data(), after.data() + after.size(), power);
        constexpr auto most = static_cast<long long>(most_digits);
        if (read.ec != std::errc{} || power > most || power < -most) return std::nullopt;
        text = text.substr(0, e);
    }
    const std::size_t point = text.find('.');
    n.digits = text.substr(0, point);
    if (point != std::string_view::npos) {
        std::string_view fraction = text.substr(point + 1);
        fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
        n.digits += fraction;
        power -= static_cast<long long>(fraction.size());
    }
    if (power > 0) n.digits.append(static_cast<std::size_t>(power), '0');
    if (power < 0) n.scale = static_cast<std::size_t>(-power);
    trim(n.digits);
    while (n.scale > 0 && n.digits.back() == '0' && n.digits.size() > 1) {
        n.digits.pop_back();
        --n.scale;
    }
    if (n.digits == "0") n = {};
    if (n.digits.size() > most_digits) return std::nullopt;
    return n;
}

big_number rescaled(big_number n, std::size_t scale)
{
    if (n.digits != "0") n.digits.append(scale - n.scale, '0');
    n.scale = scale;
    return n;
}

big_number plus(const big_number& a, const big_number& b)
{
    big_number out;
    out.scale = a.scale;
    if (a.negative == b.negative) {
        out.digits = sum(a.digits, b.digits);
        out.negative = a.negative;
        return out;
    }
    const std::strong_ordering sizes = compare_digits(a.digits, b.digits);
    if (sizes == std::strong_ordering::equal) return out;
    const big_number& more = sizes == std::strong_ordering::greater ? a : b;
    const big_number& less = sizes == std::strong_ordering::greater ? b : a;
    out.digits = difference(more.digits, less.digits);
    out.negative = more.negative;
    return out;
}

big_number minus(const big_number& a, const big_number& b)
{
    big_number other = b;
    other.negative = !b.negative && b.digits != "0";
    return plus(a, other);
}

big_number part_of(const big_number& n, std::uint64_t factor, std::uint64_t divisor)
{
    std::string product(n.digits.size() + 10, '0');
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < product.size(); ++i) {
        if (i < n.digits.size())
            carry += factor * static_cast<std::uint64_t>(n.digits[n.digits.size() - 1 - i] - '0');
        product[product.size() - 1 - i] = static_cast<char>('0' + carry % 10);
        carry /= 10;
    }
    std::uint64_t rest = 0;
    for (char& c : product) {
        rest = rest * 10 + static_cast<std::uint64_t>(c - '0');
        c = static_cast<char>('0' + rest / divisor);
        rest %= divisor;
    }
    big_number out;
    trim(product);
    out.digits = std::move(product);
    out.scale = n.scale;
    return out;
}

double ratio(const big_number& a, const big_number& b) noexcept
{
    std::size_t more_a = 0;
    std::size_t more_b = 0;
    const double x = head_of(a.digits, more_a);
    const double y = head_of(b.digits, more_b);
    return x / y * std::pow(10.0, static_cast<double>(more_a) - static_cast<double>(more_b));
}

std::uint64_t small_or_most(const big_number& n) noexcept
{
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t out = 0;
    const char* const end = n.digits.data() + n.digits.size();
    const bool fits = std::from_chars(n.digits.data(), end, out).ec == std::errc{};
    return fits ? std::min(out, most) : most;
}

std::string text_of(const big_number& n)
{
    std::string out = n.digits;
    if (n.scale > 0) {
        if (out.size() <= n.scale) out.insert(0, n.scale + 1 - out.size(), '0');
        std::size_t point = out.size() - n.scale;
        out.insert(point, 1, '.');
        out.erase(std::max(out.find_last_not_of('0') + 1, point));
        if (out.back() == '.') out.pop_back();
    }
    return n.negative ? '-' + out : out;
}

}  // namespace catena::core
