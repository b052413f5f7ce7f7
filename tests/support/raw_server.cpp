#include "support/raw_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <type_traits>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);
using secure_stream = asio::ssl::stream<tcp::socket&>;

std::size_t body_size(const std::string& head)
{
    const std::string name = "Content-Length: ";
    const std::size_t at = head.find(name);
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

// Wait without a client noticing anything but the pause.
asio::awaitable<void> pause(std::chrono::milliseconds d)
{
    if (d == std::chrono::milliseconds(0)) co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(d);
    (void)co_await timer.async_wait(tuple);
}

}  // namespace

std::string ok(const std::string& body, const std::string& more_headers)
{
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
           more_headers + "\r\n" + body;
}

script say(std::string answer, script::ending then)
{
    script s;
    s.segments.push_back(std::move(answer));
    s.then = then;
    return s;
}

raw_server::director always(script s)
{
    return [s = std::move(s)](const raw_server::asked&) { return s; };
}

raw_server::raw_server(asio::io_context& context, director direct, asio::ssl::context* tls)
    : shared_(std::make_shared<state>()),
      acceptor_(std::make_shared<tcp::acceptor>(
          context, tcp::endpoint(asio::ip::address_v4::loopback(), 0))),
      port_(acceptor_->local_endpoint().port())
{
    shared_->direct = std::move(direct);
    shared_->tls = tls;
    auto run = [s = shared_, a = acceptor_]() -> asio::awaitable<void> { co_await listen(s, *a); };
    asio::co_spawn(context, std::move(run), asio::detached);
}

raw_server::~raw_server()
{
    boost::system::error_code ignored;
    acceptor_->close(ignored);
}

asio::awaitable<void> raw_server::listen(std::shared_ptr<state> s, tcp::acceptor& acceptor)
{
    for (;;) {
        auto [ec, socket] = co_await acceptor.async_accept(tuple);
        if (ec) co_return;
        const std::size_t id = s->connections++;
        const auto ex = acceptor.get_executor();
        asio::co_spawn(ex, serve(s, std::move(socket), id), asio::detached);
    }
}

asio::awaitable<void> raw_server::serve(std::shared_ptr<state> s, tcp::socket socket,
                                        std::size_t id)
{
    socket.set_option(tcp::no_delay(true));
    if (s->tls == nullptr) {
        co_await converse(s, socket, socket, id);
        co_return;
    }
    secure_stream stream(socket, *s->tls);
    auto [ec] = co_await stream.async_handshake(asio::ssl::stream_base::server, tuple);
    if (!ec) co_await converse(s, stream, socket, id);
}

template <class Stream>
asio::awaitable<void> raw_server::converse(std::shared_ptr<state> s, Stream& stream,
                                           tcp::socket& socket, std::size_t id)
{
    std::string in;
    for (std::size_t n = 0;; ++n) {
        auto buffer = asio::dynamic_buffer(in);
        auto [ec, head] = co_await asio::async_read_until(stream, buffer, "\r\n\r\n", tuple);
        if (ec) co_return;
        const std::size_t size = head + body_size(in.substr(0, head));
        while (in.size() < size) {
            char more[4096];
            const auto room = asio::buffer(more);
            auto [e, got] = co_await stream.async_read_some(room, tuple);
            if (e) co_return;
            in.append(more, got);
        }
        s->requests.push_back(in.substr(0, size));
        in.erase(0, size);

        const asked question{id, n, s->requests.back()};
        const script play = s->direct(question);
        for (const std::string& segment : play.segments) {
            const auto octets = asio::buffer(segment);
            auto [e, sent] = co_await asio::async_write(stream, octets, tuple);
            if (e) co_return;
            co_await pause(play.gap);
        }
        while (play.then == script::ending::drip) {
            const auto octet = asio::buffer("a", 1);
            auto [e, sent] = co_await asio::async_write(stream, octet, tuple);
            if (e) co_return;
            co_await pause(play.gap);
        }
        if (play.then == script::ending::reset) {
            socket.set_option(asio::socket_base::linger(true, 0));
            socket.close();
        }
        if constexpr (std::is_same_v<Stream, secure_stream>) {
            if (play.then == script::ending::fin) (void)co_await stream.async_shutdown(tuple);
        }
        if (play.then != script::ending::hold) co_return;
    }
}

}  // namespace catena::testing
