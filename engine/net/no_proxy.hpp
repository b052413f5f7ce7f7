#pragma once

#include <catena/core/http.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena::net {

/// An address in its shortest form, without the brackets of a URL; false if it is none.
[[nodiscard]] bool read_address(std::string_view text, boost::asio::ip::address& out);

/// 127.0.0.0/8, ::1, and by name localhost and all below it (RFC 6761, section 6.3).
[[nodiscard]] bool is_loopback_host(std::string_view host);

/// Which origins are reached without a proxy.
class bypass_list {
public:
    /** Add a list as proxy_rules::no_proxy has it.

        @return The first entry that cannot be read and stands for no origin, or an empty text.
    */
    [[nodiscard]] std::string add(std::string_view list);

    [[nodiscard]] bool covers(const origin& to) const;

private:
    struct entry {
        std::string name;  // lower case; empty: by address
        boost::asio::ip::address address;
        unsigned bits = 0;       // of the address, that count
        std::uint16_t port = 0;  // 0: any
    };

    [[nodiscard]] bool add_entry(std::string_view text);

    std::vector<entry> entries_;
    bool all_ = false;
};

}  // namespace catena::net
