#pragma once

#include <array>

namespace catena {

using ipv4_octets = std::array<unsigned char, 4>;
using ipv6_octets = std::array<unsigned char, 16>;

/** What an address is, if it is not one of the public internet: "loopback", "private" and so on.
    Null: public.

    By the special-purpose registries (RFC 6890 and its updates). An IPv6 address that carries an
    IPv4 address (mapped, compatible, 6to4, Teredo) is what that one is; NAT64 prefixes are never
    public, since where they lead is up to the network.
*/
[[nodiscard]] const char* special_kind(const ipv4_octets& a) noexcept;
[[nodiscard]] const char* special_kind(const ipv6_octets& a) noexcept;

}  // namespace catena
