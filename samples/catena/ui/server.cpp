#include "ui/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>

#include <list>
#include <utility>

namespace ui {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);

// Where no more can be accepted, as without file descriptors, it would fail again at once.
constexpr auto pause_after_failure = std::chrono::milliseconds(40);

std::string octets_of(const web_answer& a, bool keeps)
{
    std::string out =
        "HTTP/1.1 " + std::to_string(a.status) + ' ' +
        std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(a.status)))) +
        "\r\nContent-Type: " + a.type + "\r\nContent-Length: " + std::to_string(a.body.size()) +
        "\r\nCache-Control: no-store"
        "\r\nContent-Security-Policy: " +
        std::string(live_policy) +
        "\r\nX-Content-Type-Options: nosniff"
        "\r\nReferrer-Policy: no-referrer"
        "\r\nCross-Origin-Resource-Policy: same-origin"
        "\r\nCross-Origin-Opener-Policy: same-origin\r\n";
    if (!a.allow.empty()) out += "Allow: " + a.allow + "\r\n";
    out += keeps ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
    return out + a.body;
}

}  // namespace

struct server::impl final : std::enable_shared_from_this<server::impl> {
    struct visit {
        explicit visit(tcp::socket s) : stream(std::move(s)) {}
        beast::tcp_stream stream;
        bool watches = false;  // it has asked for data
        bool told = false;     // it has had the last
    };
    using visits = std::list<visit>;
    struct leaving;

    impl(asio::any_io_executor ex, site p, std::uint16_t port, const server_limits& l)
        : executor(std::move(ex)),
          pages(std::move(p)),
          limits(l),
          acceptor(executor, tcp::endpoint(asio::ip::address_v4::loopback(), port)),
          own_port(acceptor.local_endpoint().port()),
          patience(executor)
    {
    }

    static asio::awaitable<void> accept(std::shared_ptr<impl> self);
    static asio::awaitable<void> serve(std::shared_ptr<impl> self, visits::iterator v);
    [[nodiscard]] asio::awaitable<bool> answer_one(visits::iterator v, beast::flat_buffer& buffer);
    void look_for_end();

    asio::any_io_executor executor;
    site pages;
    server_limits limits;
    tcp::acceptor acceptor;
    std::uint16_t own_port;
    asio::steady_timer patience;
    visits open;
    std::function<void()> done;
    bool ending = false;
};

struct server::impl::leaving {
    ~leaving()
    {
        of->open.erase(which);
        of->look_for_end();
    }
    std::shared_ptr<impl> of;
    visits::iterator which;
};

asio::awaitable<void> server::impl::accept(std::shared_ptr<impl> self)
{
    while (self->acceptor.is_open()) {
        auto [ec, socket] = co_await self->acceptor.async_accept(tuple);
        if (!self->acceptor.is_open()) co_return;
        if (ec) {
            asio::steady_timer pause(self->executor, pause_after_failure);
            (void)co_await pause.async_wait(tuple);
            continue;
        }
        if (self->open.size() >= self->limits.connections) continue;
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        const auto v = self->open.emplace(self->open.end(), std::move(socket));
        asio::co_spawn(self->executor, serve(self, v), asio::detached);
    }
}

asio::awaitable<void> server::impl::serve(std::shared_ptr<impl> self, visits::iterator v)
{
    const leaving at_end{self, v};
    beast::flat_buffer buffer;
    bool more = true;
    while (more) {
        auto one = self->answer_one(v, buffer);
        more = co_await std::move(one);
    }
}

/* Only the head is read: Beast's reader of chunked bodies can be made to fail an assertion, and no
   request here has a body. */
asio::awaitable<bool> server::impl::answer_one(visits::iterator v, beast::flat_buffer& buffer)
{
    http::request_parser<http::empty_body> parser;
    parser.header_limit(limits.head);
    v->stream.expires_after(limits.request);
    const auto [failed, got] = co_await http::async_read_header(v->stream, buffer, parser, tuple);
    if (failed) co_return false;
    const auto& ask = parser.get();
    const auto length = parser.content_length();
    const bool body = parser.chunked() || (length && *length != 0);
    web_answer a{400, "text/plain; charset=utf-8", "no body is taken\n", {}};
    if (!body)
        a = pages.answer(std::string(ask.method_string()), std::string(ask.target()),
                         std::string(ask[http::field::host]), own_port);
    const bool data = a.status == 200 && ask.target() == site::data_path;
    const bool keeps = !body && ask.keep_alive();
    const std::string octets = octets_of(a, keeps);
    v->stream.expires_after(limits.send);
    const auto out = asio::buffer(octets);
    const bool last = ending;
    const auto [unsent, n] = co_await asio::async_write(v->stream, out, tuple);
    if (unsent) co_return false;
    if (data) {
        v->watches = true;
        v->told = last;
        look_for_end();
    }
    co_return keeps;
}

void server::impl::look_for_end()
{
    if (!done) return;
    for (const visit& v : open)
        if (v.watches && !v.told) return;
    patience.cancel();
    asio::post(executor, std::exchange(done, nullptr));
}

server::server(asio::any_io_executor ex, site pages, std::uint16_t port, server_limits limits)
    : impl_(std::make_shared<impl>(std::move(ex), std::move(pages), port, limits))
{
    asio::co_spawn(impl_->executor, impl::accept(impl_), asio::detached);
}

server::~server() { stop(); }

std::uint16_t server::port() const noexcept { return impl_->own_port; }

std::string server::url() const { return "http://127.0.0.1:" + std::to_string(port()) + '/'; }

void server::finish(catena::duration patience, std::function<void()> done)
{
    impl_->ending = true;
    impl_->done = std::move(done);
    impl_->patience.expires_after(patience);
    impl_->patience.async_wait([self = impl_](boost::system::error_code ec) {
        if (ec || !self->done) return;
        std::exchange(self->done, nullptr)();
    });
    impl_->look_for_end();
}

void server::stop()
{
    impl_->done = nullptr;
    boost::system::error_code ignored;
    impl_->acceptor.close(ignored);
    impl_->patience.cancel();
    for (impl::visit& v : impl_->open)
        v.stream.close();
}

}  // namespace ui
