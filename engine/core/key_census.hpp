#pragma once

#include <catena/core/id_gaps.hpp>
#include <catena/core/range.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena::core {

/// The leading field of a stored key, as its own text: of `17`, `"a"`, `["2026-01-01",17]`.
/// Nothing where that is neither a number nor a string that JSON can hold.
[[nodiscard]] std::optional<std::string> leading_field(std::string_view key, bool composite);

/** What one reading of all stored keys tells: how many they are, which of them a seed picks, and
    where ids of a counter have holes.

    Keys come in the order of their octets, which is no order of numbers ("10" stands before "9").
    Ids of one length do ascend then, so each length is looked at by itself, and where one length
    ends and the next one begins is looked at at last.

    Memory: for the picked keys and for the holes that are kept.
*/
class key_census {
public:
    /// @param picks How many keys to pick. @param most Holes to keep of ids of one length.
    key_census(std::size_t picks, std::uint64_t seed, std::size_t most);

    /// The next key's leading field.
    void feed(const std::optional<std::string>& field);

    [[nodiscard]] std::uint64_t keys() const noexcept { return keys_; }
    [[nodiscard]] const std::vector<std::string>& picked() const noexcept { return picked_; }

    struct ids {
        bool dense = false;           ///< As id_gaps has it.
        std::uint64_t missing = 0;    ///< Ids in all holes, kept or not.
        std::vector<interval> holes;  ///< Ascending.
    };
    /// Nothing where a key is no id: digits without sign, leading zero or fraction, 18 at most.
    [[nodiscard]] std::optional<ids> holes() const;

private:
    struct one_length {
        explicit one_length(std::size_t most) : gaps(most) {}
        id_gaps gaps;
        std::string first, last;
    };

    std::size_t picks_, most_;
    std::uint64_t state_;
    std::uint64_t keys_ = 0;
    bool all_ids_ = true;
    std::vector<std::string> picked_;
    std::map<std::size_t, one_length> by_length_;
};

}  // namespace catena::core
