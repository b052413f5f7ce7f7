// layer: codec
#pragma once

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

}  // namespace catena
