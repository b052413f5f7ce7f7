#pragma once

#include <catena/core/range.hpp>

#include <cstdint>
#include <map>

namespace catena::core {

/** The ids that some intervals hold together, however these meet or overlap.

    O(log of the spans) a call, and for each span that is swallowed.
*/
class id_spans {
public:
    /// @pre Both borders are there, as digits of at most 18 places; so for holds().
    void add(const interval& ids);

    /// Whether all of `ids` is in what was added, be it by several intervals.
    [[nodiscard]] bool holds(const interval& ids) const;

private:
    std::map<std::uint64_t, std::uint64_t> upper_;  // by lower; none touches another
};

}  // namespace catena::core
