// layer: codec
#pragma once

#include <catena/core/position.hpp>

#include <cstddef>
#include <string_view>

namespace catena {

/// Octets [begin, end) of a body.
struct extent {
    std::size_t begin = 0, end = 0;

    [[nodiscard]] std::string_view in(std::string_view body) const
    {
        return body.substr(begin, end - begin);
    }
};

/// One field of a record's key; its text stands in a page's key octets.
struct key_extent {
    json_kind kind = json_kind::null;
    bool present = false;
    bool escaped = false;  ///< The text still holds JSON escapes.
    extent at;
};

}  // namespace catena
