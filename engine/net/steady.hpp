#pragma once

#include <catena/core/time.hpp>

#include <chrono>

namespace catena::net {

/// The steady clock's reading as a moment of catena's timeline.
[[nodiscard]] inline time_point steady_now() noexcept
{
    return time_point(std::chrono::steady_clock::now().time_since_epoch());
}

[[nodiscard]] inline std::chrono::steady_clock::time_point to_steady(time_point t) noexcept
{
    return std::chrono::steady_clock::time_point(t.time_since_epoch());
}

}  // namespace catena::net
