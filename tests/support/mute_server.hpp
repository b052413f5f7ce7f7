#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// A server on 127.0.0.1 that reads nothing: it says its piece to whoever connects, and no more.
class mute_server {
public:
    enum class ending { hold, close };

    /// Must not outlive `context`.
    mute_server(boost::asio::io_context& context, std::string piece, ending then = ending::hold)
        : acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}),
          piece_(std::move(piece)),
          then_(then)
    {
        accept();
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::size_t connections() const { return connections_; }

private:
    void accept()
    {
        acceptor_.async_accept([this](auto ec, boost::asio::ip::tcp::socket other) {
            if (ec) return;
            ++connections_;
            boost::asio::write(other, boost::asio::buffer(piece_), ec);
            if (then_ == ending::hold) held_.push_back(std::move(other));
            accept();
        });
    }

    boost::asio::ip::tcp::acceptor acceptor_;
    std::string piece_;
    ending then_;
    std::vector<boost::asio::ip::tcp::socket> held_;
    std::size_t connections_ = 0;
};

}  // namespace catena::testing
