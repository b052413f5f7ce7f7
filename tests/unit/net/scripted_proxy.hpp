#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

/** A proxy on 127.0.0.1 that talks as it is told, and then leads to a port of this machine.

    Runs on the given context and must not outlive it.
*/
class scripted_proxy {
public:
    struct turn {
        std::size_t octets;  ///< To hear; 0: until an empty line.
        std::string answer;
    };
    struct script {
        std::vector<turn> turns;
        std::uint16_t leads_to = 0;  ///< 0: nowhere; it falls silent and holds the line.
    };
    using director = std::function<script(std::size_t connection)>;

    scripted_proxy(boost::asio::io_context& context, director direct);
    ~scripted_proxy();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What each connection said, turn by turn, before it was led on.
    [[nodiscard]] const std::vector<std::vector<std::string>>& heard() const
    {
        return shared_->heard;
    }

private:
    struct state {
        director direct;
        std::vector<std::vector<std::string>> heard;
    };
    using tcp = boost::asio::ip::tcp;

    static boost::asio::awaitable<void> listen(std::shared_ptr<state> s,
                                               std::shared_ptr<tcp::acceptor> acceptor);
    static boost::asio::awaitable<void> serve(std::shared_ptr<state> s,
                                              std::shared_ptr<tcp::socket> near);

    std::shared_ptr<state> shared_;
    std::shared_ptr<tcp::acceptor> acceptor_;
    std::uint16_t port_;
};

}  // namespace catena::testing
