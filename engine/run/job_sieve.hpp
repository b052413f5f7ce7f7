#pragma once

#include <catena/connector.hpp>
#include <catena/core/position.hpp>
#include <catena/core/range.hpp>
#include <catena/page.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace catena {

/// What of a page belongs to a chain.
struct sifted {
    std::vector<std::size_t> kept;    ///< Records inside of its range, in order.
    std::vector<std::string> keys;    ///< Of them, as a store wants them: unique in the dataset.
    std::uint64_t strays = 0;         ///< Outside of what was asked for.
    bool beyond = false;              ///< A record lies behind the far border: nothing more comes.
    std::optional<std::string> last;  ///< The dividing field of the last record, kept or not.
    std::string unreadable;  ///< A key that its range cannot place: the walk must not go on.
};

/** Sorts records by a chain's range. What another chain owns is left to it.

    A server may answer more than was asked for where its filter cannot say it exactly, and a chain
    that was divided goes on with its old cursor: both are no strays.
*/
class job_sieve {
public:
    /// @param c Outlives this object. @param divided The rule by which chains are divided, if any.
    job_sieve(const connector& c, const range_rule* divided, bool descending);

    /// @param name Stands for the page where records have no key of their own.
    [[nodiscard]] sifted sift(const page& p, const range& over, const range& asked,
                              const std::string& name) const;

private:
    [[nodiscard]] bool is_stray(const range_rule& rule, const interval& asked,
                                const value& v) const;

    const connector* contract_;
    const range_rule* divided_;
    bool descending_;
    std::vector<std::size_t> field_;  // of each rule, in the key; npos: it cannot be looked at
};

/// A key as one text: JSON, so that 1 and "1" are two keys.
[[nodiscard]] std::string key_text(const std::vector<value>& key);

}  // namespace catena
