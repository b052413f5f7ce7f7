#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace catena::core {

/** An exact decimal of any length: `digits` x 10^-`scale`.

    Digits stand without leading zeros, zero is "0" and not negative. Sums, differences and parts of
    the borders of ranges need no more than what is here, so that no number is ever rounded.
*/
struct big_number {
    bool negative = false;
    std::string digits = "0";
    std::size_t scale = 0;
};

/// Exponents are written out; more digits than this are no border that anyone would send.
inline constexpr std::size_t most_digits = 20'000;

/// `text` as an exact decimal; nothing if it is no number or has too many digits.
[[nodiscard]] std::optional<big_number> read_big(std::string_view text);

/// `n` in units of 10^-`scale`. @pre scale >= n.scale.
[[nodiscard]] big_number rescaled(big_number n, std::size_t scale);

/// Sum and difference. @pre Both have one scale.
[[nodiscard]] big_number plus(const big_number& a, const big_number& b);
[[nodiscard]] big_number minus(const big_number& a, const big_number& b);

/// `n * factor / divisor`, rounded down in units of n's scale.
/// @pre n is not negative, 0 < divisor < 2^32, factor < 2^32.
[[nodiscard]] big_number part_of(const big_number& n, std::uint64_t factor, std::uint64_t divisor);

/// `a / b`, near enough for a picture. @pre Both are positive and have one scale.
[[nodiscard]] double ratio(const big_number& a, const big_number& b) noexcept;

/// The value when it is below 2^63, else 2^63 - 1. @pre n is not negative; its scale is ignored.
[[nodiscard]] std::uint64_t small_or_most(const big_number& n) noexcept;

/// As a number without exponent and without zeros at the end of its fraction.
[[nodiscard]] std::string text_of(const big_number& n);

}  // namespace catena::core
