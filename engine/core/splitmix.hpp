#pragma once

#include <cstdint>

namespace catena::core {

/// The next number of a sequence that needs no more than eight octets of state (splitmix64). The
/// same with every compiler and standard library.
[[nodiscard]] inline std::uint64_t draw(std::uint64_t& state) noexcept
{
    std::uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

}  // namespace catena::core
