#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace catena::testing {

/// A listener whose queue is full: whoever connects to it now waits.
class full_listener {
public:
    full_listener(boost::asio::io_context& context, const std::string& address,
                  std::uint16_t port = 0)
        : acceptor_(context)
    {
        using tcp = boost::asio::ip::tcp;
        const tcp::endpoint at(boost::asio::ip::make_address(address), port);
        acceptor_.open(at.protocol());
        acceptor_.bind(at);
        acceptor_.listen(0);
        for (int i = 0; i < 4; ++i) {
            crowd_.emplace_back(context, at.protocol());
            crowd_.back().async_connect(acceptor_.local_endpoint(), [](auto) {});
        }
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<boost::asio::ip::tcp::socket> crowd_;
};

}  // namespace catena::testing
