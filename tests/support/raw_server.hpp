#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

/// What a server does with one request: it reads it, sends this and behaves like that.
struct script {
    enum class ending {
        hold,   ///< Leave open, and answer the next request.
        fin,    ///< Close; over TLS with close_notify.
        cut,    ///< Close; over TLS without close_notify.
        reset,  ///< Close with RST.
        drip,   ///< One octet "a" every `gap` for ever.
    };

    std::vector<std::string> segments;  ///< One write each.
    ending then = ending::hold;
    std::chrono::milliseconds gap{0};  ///< Between two writes.
};

/// An answer of status 200 with a length.
[[nodiscard]] std::string ok(const std::string& body, const std::string& more_headers = "");

/// One segment.
[[nodiscard]] script say(std::string answer, script::ending then = script::ending::hold);

/** A server on 127.0.0.1 that says what it is told, octet for octet.

    Runs on the given context. The director is asked for each request; `connection` and `request`
    count from 0, the latter within its connection.
*/
class raw_server {
public:
    struct asked {
        std::size_t connection, request;
        std::string text;
    };
    using director = std::function<script(const asked&)>;

    /// @param tls Null: plain TCP. Must outlive the server.
    raw_server(boost::asio::io_context& context, director direct,
               boost::asio::ssl::context* tls = nullptr);
    ~raw_server();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::size_t connections() const { return shared_->connections; }
    [[nodiscard]] const std::vector<std::string>& requests() const { return shared_->requests; }

private:
    struct state {
        director direct;
        boost::asio::ssl::context* tls;
        std::size_t connections = 0;
        std::vector<std::string> requests;
    };

    static boost::asio::awaitable<void> serve(std::shared_ptr<state> s,
                                              boost::asio::ip::tcp::socket socket, std::size_t id);
    template <class Stream>
    static boost::asio::awaitable<void> converse(std::shared_ptr<state> s, Stream& stream,
                                                 boost::asio::ip::tcp::socket& socket,
                                                 std::size_t id);
    static boost::asio::awaitable<void> listen(std::shared_ptr<state> s,
                                               boost::asio::ip::tcp::acceptor& acceptor);

    std::shared_ptr<state> shared_;
    std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
    std::uint16_t port_;
};

/// The same for every request.
[[nodiscard]] raw_server::director always(script s);

}  // namespace catena::testing
