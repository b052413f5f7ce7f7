// layer: core
#pragma once

#include <catena/core/time.hpp>
#include <catena/secret.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/** What proves who asks: one header field of a request.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
struct credential {
    credential() {}
    explicit credential(secret header_value, std::optional<duration> life = std::nullopt)
        : value(std::move(header_value)), good_for(life)
    {
    }

    std::string header = "Authorization";
    secret value;                      ///< The whole value, such as "Bearer x".
    std::optional<duration> good_for;  ///< From now; unknown: until it is refused.
    std::vector<secret> parts;         ///< Further texts that no message may show: a password.

    friend bool operator==(const credential&, const credential&) = default;
};

}  // namespace catena
