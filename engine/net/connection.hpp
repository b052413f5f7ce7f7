#pragma once

#include "net/response_reader.hpp"
#include "net/tls.hpp"
#include <catena/core/time.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace catena::net {

/** One socket, perhaps with TLS on it, and what an exchange on it needs.

    Stays where it is from creation to destruction: operations under way point into it.
*/
class connection {
public:
    connection(const boost::asio::any_io_executor& ex, const intake_limits& intake)
        : socket(ex), reader(intake)
    {
    }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// Whether it is silent and open, as a connection between two exchanges has to be.
    [[nodiscard]] bool is_quiet();

    void close() noexcept;

    boost::asio::ip::tcp::socket socket;
    std::optional<tls_stream> tls;  // reads and writes `socket`
    std::string objection;          // against the server's certificate
    std::string out;
    response_reader reader;
    time_point opened{};
    time_point idle_since{};
    std::uint64_t exchanges = 0;  // that it has served
};

}  // namespace catena::net
