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

/// A page's body, as far as lookalikes() searches it.
struct searched {
    std::string_view json;  ///< One JSON document.
    std::string_view at{};  ///< JSON Pointer of it in the body: an XML body's root element.
};

/** Members of a body that look like the token that is missing at `source` and are not declared:
    in the object that should hold it, or its nearest ancestor that is there, in the root, and, if
    their names are plain enough, one level below the root.

    @return JSON Pointers, as note_lookalike() keeps them.
*/
[[nodiscard]] std::vector<std::string> lookalikes(const connector& c, const token_source& source,
                                                  const token_target* target, const searched& body,
                                                  const asked_values& asked);

/** Elements of an XML body without a record that look like records under another name: they hold
   the first key field, or, where no key is declared, they repeat.

    @return JSON Pointers, as note_lookalike() keeps them.
*/
[[nodiscard]] std::vector<std::string> record_lookalikes(const connector& c, const searched& body);

/** Header fields of the answer to `url` that look like a token and are not declared: their names.
    Where the connector reads a link, other relations that point forward: "Link rel=next-page".
*/
[[nodiscard]] std::vector<std::string> lookalikes(const connector& c,
                                                  std::span<const header_view> headers,
                                                  std::string_view url);

/** Add a name once: printable, cut to 80 characters, and no more than 8 of them, since the server
    chooses how many there are.

    @return Whether there is room for more.
*/
bool note_lookalike(std::vector<std::string>& to, std::string_view name);

}  // namespace catena::codec
