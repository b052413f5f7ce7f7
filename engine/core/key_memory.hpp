#pragma once

#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/checkpoint.hpp>
#include <catena/core/identity.hpp>

#include <cstddef>
#include <deque>
#include <span>
#include <unordered_set>

namespace catena {

/// Whether a counter says what the next page is.
[[nodiscard]] bool counts_pages(const connector& c) noexcept;

/** The delivered records that may come again, as identities.

    It lives beside a machine, so that a page costs what the page holds and not what came before
    it. A checkpoint has the part that a resume cannot do without.
*/
class key_memory {
public:
    enum class reach {
        page,        ///< The last page.
        group,       ///< All that share the last leading fields.
        recent,      ///< As many as chain_limits::recent_records: rows shift under a counter.
        everything,  ///< A rescan has no order to find its place by.
    };

    /// How far back a walk of `c` must remember.
    [[nodiscard]] static reach needed(const connector& c) noexcept;

    /// What `from` remembers.
    key_memory(const connector& c, const checkpoint& from, const chain_limits& limits);

    [[nodiscard]] bool contains(identity id) const { return known_.contains(id); }

    /** Records of a further page.

        @param anew     What is known so far cannot come again, as far as page and group tell.
        @param skipping All that is known may come again: a recovered query is under way.
    */
    void add(std::span<const identity> more, bool anew, bool skipping);

private:
    reach reach_;
    std::size_t recent_, everything_;  // the most of each
    std::unordered_set<identity> known_;
    std::deque<identity> order_;  // of known_, oldest first; for reach::recent only
};

}  // namespace catena
