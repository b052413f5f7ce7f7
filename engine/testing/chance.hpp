#pragma once

#include "core/splitmix.hpp"

#include <cstdint>

namespace catena::testing {

/// A number below `bound`.
[[nodiscard]] inline std::uint64_t draw_below(std::uint64_t& state, std::uint64_t bound) noexcept
{
    return core::draw(state) % bound;
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
