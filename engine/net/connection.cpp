#include "net/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace catena::net {

namespace asio = boost::asio;

bool connection::is_quiet()
{
    if (tls && has_unread(*tls)) return false;

    // Octets nobody asked for could be read as the next answer; an end means a stale connection.
    // On TLS octets may be a session ticket, and an end would be found by the next write or read.
    char octet = 0;
    error_code ec;
    socket.receive(asio::buffer(&octet, 1), asio::ip::tcp::socket::message_peek, ec);
    return ec == asio::error::would_block || ec == asio::error::try_again || (!ec && tls);
}

void connection::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
}

}  // namespace catena::net
