#pragma once

#include <catena/core/credential.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/** Add a secret or cursor to the texts that no message may show, with the parts of it that a server
    may quote alone: what follows the scheme in "Bearer X", a cookie's value, the texts in a cursor
    of JSON. Texts shorter than 4 octets are in every message and are not added.
*/
void hide(std::vector<std::string>& hidden, std::string_view text);

/// The same for all texts of a credential.
void hide(std::vector<std::string>& hidden, const credential& c);

/// The same for the target of a next URL: what stands in its path beyond `own_path`, and parts of
/// its query without a name.
void hide_target(std::vector<std::string>& hidden, std::string_view target,
                 std::string_view own_path);

/** Servers quote what they refuse: the text without the values in the query of `url` and without
    `hidden`, also where they stand percent-encoded or with JSON's escapes, and without the
    beginnings of hidden texts, which a server may have cut. At most about 1000 octets come back.
*/
[[nodiscard]] std::string without_hidden(std::string_view text, std::string_view url,
                                         std::span<const std::string> hidden);

}  // namespace catena::codec
