#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace catena::net {

/// What RFC 9110 calls tchar: the octets of a method or a field name.
inline constexpr std::array<bool, 256> token_octets = [] {
    std::array<bool, 256> yes{};
    for (char c : std::string_view("!#$%&'*+-.^_`|~"))
        yes[static_cast<std::uint8_t>(c)] = true;
    for (int c = '0'; c <= '9'; ++c)
        yes[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c)
        yes[static_cast<std::size_t>(c)] = yes[static_cast<std::size_t>(c + ('a' - 'A'))] = true;
    return yes;
}();

[[nodiscard]] inline bool is_token_octet(char c) noexcept
{
    return token_octets[static_cast<std::uint8_t>(c)];
}

[[nodiscard]] inline bool is_token(std::string_view s) noexcept
{
    for (char c : s)
        if (!is_token_octet(c)) return false;
    return !s.empty();
}

[[nodiscard]] inline bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

[[nodiscard]] inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] inline bool is_control(char c) noexcept
{
    const auto u = static_cast<std::uint8_t>(c);
    return u < 0x20 || u == 0x7f;
}

[[nodiscard]] inline std::string_view without_blanks(std::string_view s) noexcept
{
    while (!s.empty() && is_blank(s.front()))
        s.remove_prefix(1);
    while (!s.empty() && is_blank(s.back()))
        s.remove_suffix(1);
    return s;
}

}  // namespace catena::net
