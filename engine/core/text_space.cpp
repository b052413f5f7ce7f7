#include "core/text_space.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

namespace catena::core {
namespace {

struct run {
    char32_t first, last;
};

constexpr run ascii_signs[] = {{0x21, 0x7e}};
// Without controls, blanks, marks of direction, surrogates and what is for private use.
constexpr run unicode_signs[] = {
    {0x21, 0x7e},     {0xa1, 0xac},       {0xae, 0x2ff},      {0x370, 0x5ff},    {0x620, 0x1fff},
    {0x2030, 0x205e}, {0x2070, 0x2fff},   {0x3001, 0xd7ff},   {0xf900, 0xfdcf},  {0xfdf0, 0xfefe},
    {0xff01, 0xffef}, {0x10000, 0x1fffd}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd}};
constexpr run octets[] = {{0x21, 0x7e}, {0x80, 0xff}};

// One sign of UTF-8 off the front, a lone surrogate too; nothing where there is none.
std::optional<char32_t> take_sign(std::string_view& text) noexcept
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = octet(0);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
    if (size == 0 || text.size() < size) return std::nullopt;
    char32_t sign = size == 1 ? first : first & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((octet(i) & 0xc0) != 0x80) return std::nullopt;
        sign = sign << 6 | (octet(i) & 0x3fu);
    }
    if ((size == 3 && sign < 0x800) || (size == 4 && (sign < 0x10000 || sign > 0x10ffff)))
        return std::nullopt;
    text.remove_prefix(size);
    return sign;
}

void put_utf8(std::string& out, char32_t sign)
{
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80 | (sign >> shift & 0x3f));
    };
    if (sign < 0x80) {
        out += static_cast<char>(sign);
    } else if (sign < 0x800) {
        out += static_cast<char>(0xc0 | sign >> 6);
        tail(0);
    } else if (sign < 0x10000) {
        out += static_cast<char>(0xe0 | sign >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0 | sign >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<std::u32string> read_utf8(std::string_view text)
{
    std::u32string out;
    while (!text.empty()) {
        const std::optional<char32_t> sign = take_sign(text);
        if (!sign) return std::nullopt;
        out += *sign;
    }
    return out;
}

/* The signs of one kind of text. A rank is the number of its signs that stand before; ranks keep
   the order of octets, which is that of UTF-8's numbers. */
class alphabet {
public:
    alphabet(std::span<const run> signs, bool utf8) : signs_(signs), utf8_(utf8) {}

    [[nodiscard]] std::size_t size() const noexcept { return rank(0x7fffffff); }
    [[nodiscard]] std::size_t rank(char32_t sign) const noexcept
    {
        std::size_t n = 0;
        for (const run& r : signs_)
            if (sign > r.first) n += std::min<std::size_t>(sign, r.last + 1) - r.first;
        return n;
    }
    /// @pre rank < size()
    [[nodiscard]] char32_t at(std::size_t rank) const noexcept
    {
        for (const run& r : signs_) {
            const std::size_t here = r.last + 1 - r.first;
            if (rank < here) return r.first + static_cast<char32_t>(rank);
            rank -= here;
        }
        return signs_.back().last;
    }
    /// The middle one of those strictly between; absent ends leave their side open.
    [[nodiscard]] std::optional<char32_t> between(std::optional<char32_t> lower,
                                                  std::optional<char32_t> upper) const noexcept
    {
        const std::size_t first = lower ? rank(*lower + 1) : 0;
        const std::size_t end = upper ? rank(*upper) : size();
        if (first >= end) return std::nullopt;
        return at(first + (end - first) / 2);
    }

    [[nodiscard]] std::u32string read(std::string_view text) const
    {
        if (utf8_)
            if (std::optional<std::u32string> signs = read_utf8(text)) return *signs;
        std::u32string out;
        for (const char c : text)
            out += static_cast<unsigned char>(c);
        return out;
    }
    [[nodiscard]] std::string write(std::u32string_view text) const
    {
        std::string out;
        for (const char32_t sign : text) {
            if (utf8_)
                put_utf8(out, sign);
            else
                out += static_cast<char>(sign);
        }
        return out;
    }

private:
    std::span<const run> signs_;
    bool utf8_;
};

alphabet alphabet_of(std::string_view a, std::string_view b)
{
    const auto ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (std::all_of(a.begin(), a.end(), ascii) && std::all_of(b.begin(), b.end(), ascii))
        return alphabet(ascii_signs, false);
    if (read_utf8(a) && read_utf8(b)) return alphabet(unicode_signs, true);
    return alphabet(octets, false);
}

std::size_t common_prefix(std::u32string_view a, std::u32string_view b) noexcept
{
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                    a.begin());
}

/* The signs behind a common prefix as the digits of a number; 0 is the end of the text. So many of
   them that the number of all texts still fits into 63 bits. */
class short_texts {
public:
    explicit short_texts(const alphabet& signs) : signs_(signs), base_(signs.size() + 1)
    {
        for (std::uint64_t all = base_; all < (std::uint64_t(1) << 62) / base_; all *= base_)
            ++digits_;
    }

    [[nodiscard]] std::uint64_t number(std::u32string_view text) const noexcept
    {
        std::uint64_t n = 0;
        for (std::size_t i = 0; i < digits_; ++i)
            n = n * base_ +
                (i < text.size() ? std::min<std::size_t>(signs_.rank(text[i]) + 1, base_ - 1) : 0);
        return n;
    }
    [[nodiscard]] std::u32string text(std::uint64_t n) const
    {
        std::u32string out(digits_, U'\0');
        for (std::size_t i = digits_; i > 0; --i, n /= base_)
            out[i - 1] = static_cast<char32_t>(n % base_);
        out.resize(std::min(out.find(U'\0'), out.size()));
        for (char32_t& digit : out)
            digit = signs_.at(digit - 1);
        return out;
    }

private:
    const alphabet& signs_;
    std::uint64_t base_;
    std::size_t digits_ = 1;
};

}  // namespace

std::optional<std::string> text_between(std::string_view lower, std::string_view upper)
{
    const alphabet signs = alphabet_of(lower, upper);
    const std::u32string low = signs.read(lower);
    const std::u32string high = signs.read(upper);
    const auto sign_of = [&](std::size_t i) {
        return i < low.size() ? std::optional<char32_t>(low[i]) : std::nullopt;
    };
    std::size_t i = common_prefix(low, high);
    if (const auto sign = signs.between(sign_of(i), high[i]))
        return signs.write(low.substr(0, i) + *sign);
    if (high.size() > i + 1) return signs.write(high.substr(0, i + 1));
    // Nothing is left below `upper` but what begins as `lower` does.
    while (i++ < low.size())
        if (const auto sign = signs.between(sign_of(i), std::nullopt))
            return signs.write(low.substr(0, i) + *sign);
    return std::nullopt;
}

std::vector<std::string> text_borders(std::string_view lower, std::string_view upper,
                                      std::size_t pieces)
{
    const alphabet signs = alphabet_of(lower, upper);
    const std::u32string low = signs.read(lower);
    const std::u32string high = signs.read(upper);
    const std::size_t shared = common_prefix(low, high);
    const std::u32string prefix = low.substr(0, shared);
    const short_texts texts(signs);
    const std::uint64_t first = texts.number(low.substr(shared));
    const std::uint64_t span = texts.number(high.substr(shared)) - first;

    std::vector<std::string> out;
    std::u32string before = low.substr(shared);
    for (std::uint64_t i = 1; i < pieces && span > 0; ++i) {
        const std::u32string exact =
            texts.text(first + i * (span / pieces) + i * (span % pieces) / pieces);
        // One sign more than tells it from the border before: short, and still even.
        const std::u32string cut = exact.substr(0, common_prefix(before, exact) + 2);
        std::string border = signs.write(prefix + cut);
        if (border > (out.empty() ? lower : std::string_view(out.back())) && border < upper)
            out.push_back(std::move(border));
        before = exact;
    }
    return out;
}

double text_share(std::string_view lower, std::string_view upper, std::string_view key)
{
    const alphabet signs = alphabet_of(lower, upper);
    const std::u32string low = signs.read(lower);
    const std::u32string high = signs.read(upper);
    const std::size_t shared = common_prefix(low, high);
    const short_texts texts(signs);
    const std::uint64_t first = texts.number(low.substr(shared));
    const std::uint64_t last = texts.number(high.substr(shared));
    const std::u32string middle = signs.read(key);
    const std::uint64_t at =
        texts.number(middle.size() > shared ? std::u32string_view(middle).substr(shared) : U"");
    if (last <= first) return 0;
    return static_cast<double>(std::clamp(at, first, last) - first) /
           static_cast<double>(last - first);
}

}  // namespace catena::core
