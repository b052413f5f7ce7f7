#pragma once

#include <catena/error.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace catena::net {

/// Whether this process, or the system, can open no more files now.
[[nodiscard]] bool is_out_of_files(error_code ec);

/** Whether a connection to `to` failed with `ec` for want of a local port.

    The system says the same where it has no address at all to connect from. No wait mends that;
    it shows when a datagram socket is connected, which sends nothing.
*/
[[nodiscard]] bool is_out_of_ports(error_code ec, const boost::asio::ip::tcp::endpoint& to);

/// What is short, and the limit that says so. One sentence without its end.
[[nodiscard]] std::string describe_shortage(error_code ec);

}  // namespace catena::net
