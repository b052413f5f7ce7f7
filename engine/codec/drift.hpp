#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/// What a request asked for: a value that the server only repeats is no token.
using asked_values = std::vector<std::string>;

/// The values of the query parameters of `url`, percent-encoding undone.
[[nodiscard]] asked_values values_in(std::string_view url);

/** Members of `body` that look like the token that is missing at `source` and are not declared:
    in the object that should hold it, or its nearest ancestor that is there, and in the root.

    @pre `body` is a JSON document.
    @return JSON Pointers, each once.
*/
[[nodiscard]] std::vector<std::string> lookalikes(const connector& c, const token_source& source,
                                                  const token_target* target, std::string_view body,
                                                  const asked_values& asked);

/// Header fields that look like a token and are not declared: their names.
[[nodiscard]] std::vector<std::string> lookalikes(const connector& c,
                                                  std::span<const header_view> headers,
                                                  const asked_values& asked);

/// Whether a member's or header's name is one that servers give to a pointer to the next page.
[[nodiscard]] bool names_next(std::string_view name);

/// Whether it is one that servers give to "there is more": hasMore, has_next_page.
[[nodiscard]] bool names_more(std::string_view name);

}  // namespace catena::codec
