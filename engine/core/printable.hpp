#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace catena {

/** A server's words made fit for messages and terminals: at most `most` characters of them.

    Control characters, those of Latin 1 too, and the unseen ones that turn the direction of text
    or break lines become `instead`. Octets that are no UTF-8 become '?'.
*/
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 200,
                                    char instead = ' ');

}  // namespace catena
