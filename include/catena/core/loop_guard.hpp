// layer: core
#pragma once

#include <catena/core/identity.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace catena {

/** Notices a server that walks in a circle, in bounded memory.

    The last @ref remembered tokens are kept as identities, so that a circle of up to that many
    pages is reported at its first repeat, before one page has come twice. For longer circles
    Brent's method keeps one anchor and moves it after 1, 2, 4, 8... pages: a circle of length `c`
    entered at page `s` is reported before page `3 * max(s, c) + 1`. A walk without a circle is
    never reported.

    At most 16 KiB, and nothing before the first token.

    @par Complexity
    O(1) amortised a token for Brent's part; the window is searched linearly over at most 1,024
    machine words.
*/
class loop_guard {
public:
    static constexpr std::size_t remembered = 1024;

    /** Record the next token.

        @return The page at which the same token was recorded before, counted from the first
        token as 0; nothing if it is new.
    */
    [[nodiscard]] std::optional<std::uint64_t> closes(identity token);

    /// How many tokens were recorded.
    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }

private:
    std::vector<identity> window_;  // ring of the last `remembered` tokens, grown as needed
    std::uint64_t seen_ = 0;
    identity anchor_;
    std::uint64_t anchor_page_ = 0;
    std::uint64_t span_ = 1;
    std::uint64_t steps_ = 0;
};

}  // namespace catena
