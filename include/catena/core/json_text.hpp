// layer: core
#pragma once

#include <string>
#include <string_view>

namespace catena {

/// The characters of a JSON string.
struct unescaped {
    std::string text;  ///< UTF-8; a lone surrogate stands as its three octets (WTF-8).
    bool lone_surrogate = false;
};

/** Undo JSON's escapes (RFC 8259, section 7).

    @param inner The string's octets without its quotes. @pre Valid JSON string content.
*/
[[nodiscard]] unescaped unescape(std::string_view inner);

/// `text` as a JSON string with its quotes; escapes only what must be.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace catena
