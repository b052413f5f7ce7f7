#pragma once

#include <catena/core/identity.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace catena::storage {

/// The checksum of a row: of its values, each with its length. Part of the file's format.
template <class... Values>
[[nodiscard]] std::uint64_t sum_of(const Values&... values)
{
    thread_local std::string text;  // kept: a million rows are summed at once
    text.clear();
    const auto number = [&](std::uint64_t n) {
        char octets[8];
        for (int i = 0; i < 8; ++i)
            octets[i] = static_cast<char>(n >> (8 * i) & 0xff);
        text.append(octets, sizeof octets);
    };
    const auto add = [&](const auto& v) {
        if constexpr (std::is_convertible_v<decltype(v), std::string_view>) {
            number(std::string_view(v).size());
            text += std::string_view(v);
        } else {
            number(v);
        }
    };
    (add(values), ...);
    return identity_of(text).high;
}

}  // namespace catena::storage
