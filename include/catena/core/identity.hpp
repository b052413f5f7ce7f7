// layer: core
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace catena {

/** 128 bits that stand for a text: equal texts have equal identities.

    Two different texts share one with a chance of about n^2 / 2^129 among n texts, so for a
    thousand million records less than 10^-20. Not a defence against someone who builds collisions:
    a server that does so loses only its own records.
*/
struct identity {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend bool operator==(const identity&, const identity&) = default;
    friend auto operator<=>(const identity&, const identity&) = default;
};

/// The identity of `text`: MurmurHash3 x64 128 with seed 0. O(length), no allocation.
[[nodiscard]] identity identity_of(std::string_view text) noexcept;

}  // namespace catena

template <>
struct std::hash<catena::identity> {
    std::size_t operator()(const catena::identity& i) const noexcept
    {
        return static_cast<std::size_t>(i.low);
    }
};
