// layer: core
#pragma once

#include <catena/core/request_rule.hpp>

#include <string>

namespace catena {

/** What a request carries that wants a page's token and not its records.

    A job then walks the tokens by such requests, in one chain that is quick, and fetches the pages
    themselves by their tokens, many at once. So a token must be good for more than one request,
    whoever sends it.
*/
struct discovery_rule {
    discovery_rule() {}

    named_settings query;    ///< In place of the request's of the same names, or beside them.
    named_settings headers;  ///< Likewise.
    std::string body;        ///< JSON text in place of the request's; empty: the request's.

    friend bool operator==(const discovery_rule&, const discovery_rule&) = default;
};

struct connector;

/// The connector that walks the tokens of `c` alone. @pre `c.discovery`, and validate(c) is empty.
[[nodiscard]] connector tokens_alone(const connector& c);

/** The connector that fetches pages of `c` by tokens which somebody else has found: without what
    would move the borders between them, which are smaller pages and queries rebuilt by a key.
*/
[[nodiscard]] connector pages_by_token(const connector& c);

}  // namespace catena
