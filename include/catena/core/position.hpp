// layer: core
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace catena {

/// What a value was in the server's JSON; decides how it is written into a request.
enum class json_kind : unsigned char { string, number, boolean, null, array, object };

/** One opaque value from a server: a token, or one field of a key.

    Never decoded beyond JSON's own string escapes, never changed, never normalised.
*/
struct value {
    json_kind kind = json_kind::string;
    std::string text;  ///< A string's characters; for other kinds the server's JSON octets.

    friend bool operator==(const value&, const value&) = default;
};

/** Where the next page starts.

    `tokens` continue a query; `bound` says which query that is: the connector's own, or one that
    was rebuilt to follow the key `bound` after a token died. Both empty: the very first page.
*/
struct position {
    std::vector<value> bound;   ///< Leading key fields for recovery_rule::to, or empty.
    std::vector<value> tokens;  ///< As many as the connector's next.from, or empty.
    /// Records to ask for at once where that has become fewer than page_size.value; 0: as many as
    /// the connector says.
    std::uint32_t size = 0;

    [[nodiscard]] bool first_page() const noexcept { return tokens.empty(); }
    friend bool operator==(const position&, const position&) = default;
};

}  // namespace catena
