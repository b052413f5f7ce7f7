#pragma once

#include <catena/core/identity.hpp>

#include <string>
#include <string_view>

namespace catena::core {

/// 16 octets that stand for a record's key where the key itself is kept elsewhere. Part of the
/// format of stores.
[[nodiscard]] inline std::string key_digest(std::string_view key)
{
    const identity id = identity_of(key);
    std::string out;
    for (const std::uint64_t half : {id.high, id.low})
        for (int shift = 56; shift >= 0; shift -= 8)
            out += static_cast<char>(half >> shift & 0xff);
    return out;
}

}  // namespace catena::core
