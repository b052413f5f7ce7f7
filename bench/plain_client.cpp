#include "plain_client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace catena::bench {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_at_once = 64 * 1024;

// The length of the whole answer that `head` begins, or 0 while its head is not whole.
std::size_t whole_length(std::string_view head)
{
    const std::size_t end = head.find("\r\n\r\n");
    if (end == head.npos) return 0;
    const std::string_view name = "Content-Length: ";
    const std::size_t at = head.find(name);
    std::size_t length = 0;
    if (at >= end ||
        std::from_chars(head.data() + at + name.size(), head.data() + end, length).ec !=
            std::errc())
        throw std::runtime_error("an answer without a length");
    return end + 4 + length;
}

asio::awaitable<void> read_pages(asio::io_context& context, unsigned short port, meter& m)
{
    asio::ip::tcp::socket socket(context);
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    co_await socket.async_connect(server, asio::deferred);
    socket.set_option(asio::ip::tcp::no_delay(true));

    const auto buffer = std::make_unique<char[]>(read_at_once);
    std::string request;
    for (std::uint64_t token = 1'000'000'000; m.goes_on(); ++token) {
        request =
            "GET /items?cursor=" + std::to_string(token) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        co_await asio::async_write(socket, asio::buffer(request), asio::deferred);
        std::size_t got = 0, wanted = 0;
        while (wanted == 0 || got < wanted) {
            // Until the head is whole it must stay; after that octets are overwritten.
            const std::size_t kept = wanted == 0 ? got : 0;
            const auto room = asio::buffer(buffer.get() + kept, read_at_once - kept);
            got += co_await socket.async_read_some(room, asio::deferred);
            if (wanted == 0) wanted = whole_length(std::string_view(buffer.get(), got));
        }
        m.count(wanted);
    }
}

}  // namespace

measured run_plain_client(unsigned short port, const setup& s)
{
    asio::io_context context(1);
    meter m(s.seconds);
    std::exception_ptr trouble;
    for (std::size_t i = 0; i < std::min<std::size_t>(s.chains, 64); ++i)
        asio::co_spawn(context, read_pages(context, port, m), [&](std::exception_ptr e) {
            if (e) trouble = e;
        });
    context.run();
    if (trouble) std::rethrow_exception(trouble);
    return m.result();
}

}  // namespace catena::bench
