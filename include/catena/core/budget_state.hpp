// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <cstdint>

namespace catena {

/// How a budget stands at one moment: for whoever shows it. Decides nothing.
struct budget_state {
    std::uint32_t in_flight = 0;
    /// Requests that may be in flight: by the connector, by the server's word and by its health,
    /// whichever is least; 0: nothing is known that would bound it.
    std::uint32_t bound = 0;
    /// Nothing is granted before: a hold, or a quota that is used up. In the past if neither is.
    time_point shut_until = time_point::min();
};

}  // namespace catena
