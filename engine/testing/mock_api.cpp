#include "testing/url_text.hpp"
#include <catena/error.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);

time_point steady_now() { return time_point(std::chrono::steady_clock::now().time_since_epoch()); }

http_request request_of(const http::request<http::string_body>& got)
{
    http_request ask;
    ask.method = std::string(got.method_string());
    ask.target = std::string(got.target());
    for (const auto& h : got)
        ask.headers.push_back({std::string(h.name_string()), std::string(h.value())});
    ask.body = got.body();
    return ask;
}

std::string chunks_of(const std::string& body)
{
    std::string out;
    for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = size * 3 + 1) {
        char line[20];
        const std::string piece = body.substr(at, size);
        std::snprintf(line, sizeof line, "%zx\r\n", piece.size());
        out += line + piece + "\r\n";
    }
    return out + "0\r\n\r\n";
}

}  // namespace

struct mock_api::impl {
    explicit impl(const mock_api_options& o)
        : options(o),
          acceptor(std::in_place, *context,
                   tcp::endpoint(asio::ip::address_v4::loopback(), o.port)),
          port(acceptor->local_endpoint().port())
    {
    }

    void start()
    {
        asio::co_spawn(*context, accept(), asio::detached);
        thread = std::thread([this] { context->run(); });
    }

    asio::awaitable<void> accept();
    asio::awaitable<void> serve(tcp::socket socket, std::uint64_t connection);
    scripted_answer answer(const http_request& ask, std::uint64_t connection);
    [[nodiscard]] std::string octets_of(const scripted_answer& a, bool close) const;
    [[nodiscard]] std::size_t sent_before_reset(std::uint64_t number, const std::string& octets);

    mock_api_options options;
    std::unique_ptr<asio::io_context> context = std::make_unique<asio::io_context>(1);
    std::optional<tcp::acceptor> acceptor;
    std::uint16_t port;
    mutable std::mutex guard;  // of the following three
    std::optional<api_model> model;
    server function;
    std::map<std::uint64_t, std::size_t> resets;
    std::atomic<std::uint64_t> requests{0}, connections{0};
    std::thread thread;
};

asio::awaitable<void> mock_api::impl::accept()
{
    for (;;) {
        auto [ec, socket] = co_await acceptor->async_accept(tuple);
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) continue;
        const std::uint64_t number = ++connections;
        asio::co_spawn(*context, serve(std::move(socket), number), asio::detached);
    }
}

asio::awaitable<void> mock_api::impl::serve(tcp::socket socket, std::uint64_t connection)
{
    beast::tcp_stream stream(std::move(socket));
    error_code ignored;
    stream.socket().set_option(tcp::no_delay(true), ignored);
    beast::flat_buffer buffer;
    for (std::uint64_t served_here = 1;; ++served_here) {
        http::request_parser<http::string_body> parser;
        parser.header_limit(256 * 1024);
        if (options.idle_close > duration::zero()) stream.expires_after(options.idle_close);
        const auto [failed, got] = co_await http::async_read(stream, buffer, parser, tuple);
        if (failed) co_return;
        stream.expires_never();
        const std::uint64_t number = requests++;

        if (options.delay > duration::zero()) {
            asio::steady_timer timer(stream.get_executor(), options.delay);
            (void)co_await timer.async_wait(tuple);
        }
        const http_request ask = request_of(parser.get());
        const scripted_answer a = answer(ask, connection);
        const bool close = served_here == options.close_after || !parser.get().keep_alive();
        const std::string octets = octets_of(a, close && options.announce_close);

        const std::size_t length = sent_before_reset(number, octets);
        const auto out = asio::buffer(octets.data(), length);
        const auto [unsent, n] = co_await asio::async_write(stream, out, tuple);
        if (length < octets.size())
            stream.socket().set_option(asio::socket_base::linger(true, 0), ignored);
        if (unsent || close || length < octets.size()) co_return;
    }
}

std::size_t mock_api::impl::sent_before_reset(std::uint64_t number, const std::string& octets)
{
    const std::lock_guard lock(guard);
    const auto found = resets.find(number);
    if (found == resets.end()) return octets.size();
    const std::size_t head = octets.find("\r\n\r\n") + 4;
    return std::min(head + found->second, octets.size() - 1);
}

scripted_answer mock_api::impl::answer(const http_request& ask, std::uint64_t connection)
{
    const std::lock_guard lock(guard);
    const arrival how(steady_now(), connection);
    return model ? model->answer(ask, how) : function(ask, how);
}

std::string mock_api::impl::octets_of(const scripted_answer& a, bool close) const
{
    std::string out =
        "HTTP/1.1 " + std::to_string(a.status) + ' ' +
        std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(a.status)))) +
        "\r\n";
    for (const header_field& h : a.headers)
        out += h.name + ": " + h.value + "\r\n";
    if (close) out += "Connection: close\r\n";
    if (options.chunked) return out + "Transfer-Encoding: chunked\r\n\r\n" + chunks_of(a.body);
    return out + "Content-Length: " + std::to_string(a.body.size()) + "\r\n\r\n" + a.body;
}

mock_api::mock_api(const connector& c, std::vector<row> rows, behaviour b,
                   const mock_api_options& o)
    : impl_(std::make_unique<impl>(o))
{
    b.calendar = std::chrono::system_clock::now() - steady_now().time_since_epoch();
    impl_->model.emplace(described(c), std::move(rows), std::move(b));
    impl_->start();
}

mock_api::mock_api(server s, const mock_api_options& o) : impl_(std::make_unique<impl>(o))
{
    impl_->function = std::move(s);
    impl_->start();
}

mock_api::~mock_api() { stop(); }

void mock_api::stop()
{
    if (!impl_->thread.joinable()) return;
    impl_->context->stop();
    impl_->thread.join();
    impl_->acceptor.reset();
    impl_->context.reset();  // and with it the connections, which live in their coroutines
}

std::uint16_t mock_api::port() const noexcept { return impl_->port; }
std::string mock_api::url() const { return "http://127.0.0.1:" + std::to_string(impl_->port); }

connector mock_api::described(connector c) const
{
    c.request.url = url() + std::string(target_of(c.request.url));
    return c;
}

void mock_api::reset_in_body(std::uint64_t number, std::size_t octets)
{
    const std::lock_guard lock(impl_->guard);
    impl_->resets[number] = octets;
}

void mock_api::add(const fault& f)
{
    const std::lock_guard lock(impl_->guard);
    impl_->model.value().add(f);
}

void mock_api::kill_tokens()
{
    const std::lock_guard lock(impl_->guard);
    impl_->model.value().kill_tokens();
}

std::uint64_t mock_api::requests() const noexcept { return impl_->requests; }
std::uint64_t mock_api::connections() const noexcept { return impl_->connections; }

std::vector<served> mock_api::log() const
{
    const std::lock_guard lock(impl_->guard);
    return impl_->model.value().log();
}

std::vector<std::string> mock_api::records() const
{
    const std::lock_guard lock(impl_->guard);
    return impl_->model.value().records();
}

std::uint64_t mock_api::violations() const
{
    const std::lock_guard lock(impl_->guard);
    return impl_->model.value().violations();
}

}  // namespace catena::testing
