#include "core/id_spans.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace catena::core {

void id_spans::add(const interval& ids)
{
    std::uint64_t lower = std::stoull(*ids.lower), upper = std::stoull(*ids.upper);
    auto at = upper_.upper_bound(lower);
    if (at != upper_.begin() && std::prev(at)->second >= lower) --at;
    while (at != upper_.end() && at->first <= upper) {
        lower = std::min(lower, at->first);
        upper = std::max(upper, at->second);
        at = upper_.erase(at);
    }
    upper_.emplace(lower, upper);
}

bool id_spans::holds(const interval& ids) const
{
    const auto behind = upper_.upper_bound(std::stoull(*ids.lower));
    return behind != upper_.begin() && std::stoull(*ids.upper) <= std::prev(behind)->second;
}

}  // namespace catena::core
