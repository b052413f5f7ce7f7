#pragma once

#include <catena/core/json_text.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace catena::codec {

/** Undo the escapes of a JSON string (RFC 8259, section 7).

    @param raw A string without its quotes, already checked by the scanner.
    @return Whether there is such a text; a lone surrogate stands for none.
*/
[[nodiscard]] inline bool unescape(std::string_view raw, std::string& to)
{
    unescaped u = catena::unescape(raw);
    to = std::move(u.text);
    return !u.lone_surrogate;
}

}  // namespace catena::codec
