// layer: core
#pragma once

#include <catena/core/range.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** Finds the holes in a stream of ascending integer keys of any length.

    A hole says something only where ids follow one another, as those of a counter do: see dense().
    Then each is either a record that was deleted, or one that was lost, and asking the server for
    the hole tells which.

    @par Complexity
    O(length) a key, without allocation for keys of up to 18 digits that leave no hole. Memory for
    `most` holes.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class id_gaps {
public:
    /** @param most       Holes to keep, the first ones; the others are only counted.
        @param most_skips Of all steps from key to key, the share up to which ids are dense.
    */
    explicit id_gaps(std::size_t most = 1'000, double most_skips = 0.1);

    /** Take the next key.

        Ascending by value: among non-negative numbers without leading zeros that is by length and
        then by octets. The same key again is ignored.

        @return False for a text that is no integer and for a key below the one before: what was
        found is worth nothing then, and further keys are ignored.
    */
    bool feed(std::string_view key);

    /// Every key was an integer, and above the one before.
    [[nodiscard]] bool usable() const noexcept { return usable_; }

    /// The first holes, ascending: from the first missing id up to the next one that is there.
    [[nodiscard]] const std::vector<interval>& gaps() const noexcept { return gaps_; }

    [[nodiscard]] std::uint64_t keys() const noexcept { return keys_; }
    [[nodiscard]] std::uint64_t holes() const noexcept { return holes_; }  ///< Kept or not.
    /// Ids in all of them; 2^64 - 1 if they are more.
    [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }

    /** Ids follow one another so closely that a hole is suspicious.

        The share of steps that skip something counts, not how far they skip: a page that was lost
        is one hole, however long. At least 20 keys, or nothing can be said.
    */
    [[nodiscard]] bool dense() const noexcept;

private:
    void skip(std::string_view key);

    std::size_t most_;
    double most_skips_;
    bool usable_ = true;
    std::uint64_t keys_ = 0, holes_ = 0, missing_ = 0;
    std::string last_;
    std::vector<interval> gaps_;
};

}  // namespace catena
