// layer: testing
#pragma once

#include <catena/core/time.hpp>

#include <chrono>

namespace catena::testing {

/// The calendar of a simulated world, and of an api_model, when its timeline stands at zero.
inline constexpr wall_time calendar_start =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::January / 5);

}  // namespace catena::testing
