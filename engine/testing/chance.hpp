#pragma once

#include <cstdint>

namespace catena::testing {

/// A number below `bound` by splitmix64: the same with every compiler and standard library.
[[nodiscard]] inline std::uint64_t draw_below(std::uint64_t& state, std::uint64_t bound) noexcept
{
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (z ^ (z >> 31)) % bound;
}

/// Numbers that a seed decides.
class chance {
public:
    explicit chance(std::uint64_t seed) noexcept : state_(seed) {}

    /// A number below `bound`. @pre `bound > 0`.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept
    {
        return draw_below(state_, bound);
    }

private:
    std::uint64_t state_;
};

}  // namespace catena::testing
