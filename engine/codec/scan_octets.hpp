#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace catena::codec {

/// Whether an octet needs a closer look inside a string: quote, backslash, control or not ASCII.
[[nodiscard]] inline bool is_special(char c) noexcept
{
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet >= 0x80 || octet == '"' || octet == '\\';
}

#if defined(__SSE2__)
/// One bit for each special octet among 16.
[[nodiscard]] inline unsigned special_mask(__m128i v) noexcept
{
    const __m128i hit =
        _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    // The mask takes the highest bit of each octet, so `v` itself marks what is not ASCII.
    return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(hit, low), v)));
}
#endif

/// The first special octet in [p, end), or end.
[[nodiscard]] inline const char* skip_plain(const char* p, const char* end) noexcept
{
#if defined(__SSE2__)
    for (; end - p >= 16; p += 16) {
        const unsigned mask = special_mask(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
        if (mask != 0) return p + std::countr_zero(mask);
    }
#else
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = ones * 0x80;
    for (; end - p >= 8; p += 8) {
        std::uint64_t v;
        std::memcpy(&v, p, sizeof v);
        const std::uint64_t quote = v ^ ones * '"';
        const std::uint64_t backslash = v ^ ones * '\\';
        // May point at an octet too many, never at one too few; the loop below decides.
        const std::uint64_t hit = (v - ones * 0x20) | (quote - ones) | (backslash - ones) | v;
        if ((hit & tops) != 0) break;
    }
#endif
    while (p != end && !is_special(*p))
        ++p;
    return p;
}

constexpr std::ptrdiff_t block_size = 64;

/// One bit for each special octet in the block at p.
[[nodiscard]] inline std::uint64_t special_in_block(const char* p) noexcept
{
    std::uint64_t bits = 0;
#if defined(__SSE2__)
    for (int i = 0; i < 4; ++i) {
        const auto mask = special_mask(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p) + i));
        bits |= std::uint64_t(mask) << (16 * i);
    }
#else
    for (int i = 0; i < block_size; ++i)
        bits |= std::uint64_t(is_special(p[i])) << i;
#endif
    return bits;
}

[[nodiscard]] inline bool is_space(char c) noexcept
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

[[nodiscard]] inline const char* skip_space(const char* p, const char* end) noexcept
{
    if (p == end || static_cast<unsigned char>(*p) > ' ') return p;
#if defined(__SSE2__)
    // Indented documents are full of long runs of spaces.
    if (end - p >= 16 && is_space(*p) && p[1] == ' ') {
        const __m128i space = _mm_set1_epi8(' ');
        for (++p; end - p >= 16; p += 16) {
            const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
            const auto other =
                0xffffu ^ static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(v, space)));
            if (other != 0) {
                p += std::countr_zero(other);
                break;
            }
        }
    }
#endif
    while (p != end && is_space(*p))
        ++p;
    return p;
}

/// What came of looking at a few octets: `done` passes them, `more` are needed, or one is `bad`.
enum class step : unsigned char { done, more, bad };

/// Pass one UTF-8 sequence (RFC 3629); on `bad` p is the octet that cannot stand there.
[[nodiscard]] inline step pass_utf8(const char*& p, const char* end) noexcept
{
    const auto lead = static_cast<unsigned char>(*p);
    if (lead < 0xc2 || lead > 0xf4) return step::bad;
    const std::ptrdiff_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (std::ptrdiff_t i = 1; i < length; ++i) {
        if (p + i == end) return step::more;
        const auto octet = static_cast<unsigned char>(p[i]);
        if (octet < least || octet > most) {
            p += i;
            return step::bad;
        }
        least = 0x80;
        most = 0xbf;
    }
    p += length;
    return step::done;
}

[[nodiscard]] inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Pass one escape, from its backslash on.
[[nodiscard]] inline step pass_escape(const char*& p, const char* end) noexcept
{
    if (end - p < 2) return step::more;
    const char c = p[1];
    if (c != 'u') {
        if (c != '"' && c != '\\' && c != '/' && c != 'b' && c != 'f' && c != 'n' && c != 'r' &&
            c != 't') {
            ++p;
            return step::bad;
        }
        p += 2;
        return step::done;
    }
    for (std::ptrdiff_t i = 2; i < 6; ++i) {
        if (p + i == end) return step::more;
        const char lower = static_cast<char>(p[i] | 0x20);
        if (!is_digit(p[i]) && (lower < 'a' || lower > 'f')) {
            p += i;
            return step::bad;
        }
    }
    p += 6;
    return step::done;
}

}  // namespace catena::codec
