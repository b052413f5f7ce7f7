#include "codec/local_host.hpp"

#include "core/address_kind.hpp"

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>

namespace catena::codec {

bool names_local_address(std::string_view host)
{
    if (host == "localhost") return true;
    const boost::urls::string_view text(host.data(), host.size());
    if (const auto v4 = boost::urls::parse_ipv4_address(text); v4.has_value())
        return special_kind(v4.value().to_bytes()) != nullptr;
    if (const auto v6 = boost::urls::parse_ipv6_address(text); v6.has_value())
        return special_kind(v6.value().to_bytes()) != nullptr;
    return false;
}

}  // namespace catena::codec
