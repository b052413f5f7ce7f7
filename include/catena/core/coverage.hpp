// layer: core
#pragma once

#include <catena/core/range.hpp>

#include <span>
#include <vector>

namespace catena {

/// What a set of ranges leaves out of a whole, and what it has more than once.
struct coverage {
    coverage() {}

    /// Parts of the whole that no range has. Ascending, in the order of the rules.
    std::vector<range> gaps;
    /// Parts of the whole that more than one range has. Ascending, in the order of the rules.
    std::vector<range> overlaps;
    /// Ranges that are none under these rules: another number of intervals, a border that cannot be
    /// read. They cover nothing.
    std::vector<range> unreadable;

    /// Every key of the whole is in just one range.
    [[nodiscard]] bool covered() const noexcept
    {
        return gaps.empty() && overlaps.empty() && unreadable.empty();
    }

    friend bool operator==(const coverage&, const coverage&) = default;
};

/** Prove that `parts` divide `whole`: each key in one of them, none in two.

    Exact: borders compare as compare_in() has it, so that "1e1" and "10" are one border, as are two
    spellings of one moment. What a part has outside of the whole is not looked at, and an interval
    that ends where it begins holds nothing. A gap or overlap is told as few large ranges rather
    than as many small ones; of range_type::values as one range for each value, or as one that is
    open where it is all of them.

    One rule costs O(n log n). Each further rule costs that much again for every stretch of the rule
    before it in which the same parts lie, the rule with the fewest borders going first: O(n log n)
    in all for the product of lists, O(n^2 log n) for parts that are staggered against each other.

    @param rules The connector's ranges, one for each interval. None: a part is everything.
    @param whole What is to be covered; empty: all there is. One that cannot be read is itself the
                 gap.
    @param parts In any order. An empty one is all there is.
    @pre Less than 2^31 parts.
*/
[[nodiscard]] coverage coverage_of(const std::vector<range_rule>& rules, const range& whole,
                                   std::span<const range> parts);

}  // namespace catena
