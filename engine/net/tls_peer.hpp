#pragma once

#include <catena/core/http.hpp>

#include <compare>
#include <cstdint>

namespace catena::net {

/// Whom a TLS connection is made for. What is learnt for one serves no other.
struct tls_peer {
    origin to;
    bool certified = false;         ///< Our certificate may be shown.
    std::uint64_t credentials = 0;  ///< As in http_request.

    friend bool operator==(const tls_peer&, const tls_peer&) = default;
    friend auto operator<=>(const tls_peer&, const tls_peer&) = default;
};

}  // namespace catena::net
