#pragma once

#include <catena/core/range.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace catena::core {

/// Whether the pages of a query with so many records stay within a window. A total that is the
/// window may be capped by it.
[[nodiscard]] bool fits_window(std::uint64_t total, std::uint64_t page, std::uint64_t window);

/// In how many parts to cut what has so many records: with room for some unevenness; at least 2.
[[nodiscard]] std::size_t parts_for_window(std::uint64_t total, std::uint64_t window);

/** Cuts a part whose answer is larger than a window.

    Between two borders it becomes `pieces` equal parts. Where a side is open, keys of its first
   page say where to cut: none of the parts then holds all of those keys. Decimals and texts that
   share one key are set apart, since between any two of them there is always another border;
    of decimals none is used that has more than 15 digits, which a double would not keep.

    @param keys Of the part's first page, in any order; those that are no borders are left out.
    @return Consecutive parts, in ascending order; `over` alone where it cannot be cut: it is one
    key, or one step.
*/
[[nodiscard]] std::vector<interval> cut_part(const range_rule& by, const interval& over,
                                             const std::vector<std::string>& keys,
                                             std::size_t pieces);

}  // namespace catena::core
