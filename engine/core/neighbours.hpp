#pragma once

#include <catena/core/range.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace catena::core {

/** Finds the stored keys on both sides of some places, in one reading of them in any order.

    Several records may share a key's leading field: they are counted.

    O(log of the places) a key; memory for the places alone.
*/
class neighbours {
public:
    /// @param at Borders under `by`; any order, and perhaps more than once. `by` outlives this.
    neighbours(const range_rule& by, std::vector<std::string> at);

    /// A stored key's leading field. One that is no border under the rule is passed over.
    void feed(const std::string& key);

    /// A key, and how many records have it.
    struct found {
        std::string key;
        std::uint64_t records = 0;
    };
    [[nodiscard]] std::optional<found> first() const;                           ///< Of all.
    [[nodiscard]] std::optional<found> last() const;                            ///< Of all.
    [[nodiscard]] std::optional<found> before(const std::string& place) const;  ///< Last < it.
    [[nodiscard]] std::optional<found> from(const std::string& place) const;    ///< First >= it.
    [[nodiscard]] std::optional<found> behind(const std::string& place) const;  ///< First > it.

private:
    // Between two places: from the first one on, up to but without the other.
    struct cell {
        std::optional<found> equal;  // to the place
        std::optional<found> least;  // above the place
        std::optional<found> most;   // of all in here
    };
    [[nodiscard]] int compare(const std::string& a, const std::string& b) const;
    [[nodiscard]] std::size_t cell_of(const std::string& key) const;
    [[nodiscard]] std::optional<found> first_from(std::size_t cell) const;
    [[nodiscard]] std::optional<found> last_before(std::size_t cell) const;
    /// Keep the one on `side` of the other, or count it.
    void keep(std::optional<found>& best, const std::string& key, int side) const;

    const range_rule* by_;
    std::vector<std::string> at_;  // ascending, each once
    std::vector<cell> cells_;      // one more: cell i begins at place i - 1
};

}  // namespace catena::core
