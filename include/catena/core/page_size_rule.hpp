// layer: core
#pragma once

#include <catena/core/request_rule.hpp>

#include <cstdint>
#include <vector>

namespace catena {

/// How many records are asked for at once.
struct page_size_rule {
    page_size_rule() {}

    token_target to;
    std::uint32_t value = 0;  ///< 0: left to the server.
    std::uint32_t max = 0;    ///< The most that the API takes; 0: unknown.

    // What makes a chain ask for the same page again with half as many records.
    std::vector<int> shrink_on;      ///< Statuses, mostly 413, 502 and 504.
    bool shrink_on_timeout = false;  ///< No answer in time, or none that came to its end.
    bool shrink_on_size = false;     ///< A page beyond the limits of what is taken in.

    [[nodiscard]] bool shrinks() const noexcept
    {
        return !shrink_on.empty() || shrink_on_timeout || shrink_on_size;
    }

    friend bool operator==(const page_size_rule&, const page_size_rule&) = default;
};

}  // namespace catena
