#include "net/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

namespace catena::net {

namespace asio = boost::asio;

bool connection::is_quiet()
{
    if (tls && has_unread(*tls)) return false;

    // Octets nobody asked for could be read as the next answer; an end means a stale connection.
    // On TLS they may be a session ticket; to tell would take reading them, and a new connection
    // is cheaper than a page that answers another request.
    char octet = 0;
    error_code ec;
    socket.receive(asio::buffer(&octet, 1), asio::ip::tcp::socket::message_peek, ec);
    return ec == asio::error::would_block || ec == asio::error::try_again;
}

void connection::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
}

}  // namespace catena::net
