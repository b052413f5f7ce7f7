#include "net/exchange.hpp"
#include "net/steady.hpp"
#include "net/tunnel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

// The part of an exchange's coroutine that makes its way through a proxy.
namespace catena::net {

namespace asio = boost::asio;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);

}  // namespace

const proxy* exchange::forwarder() const noexcept
{
    const bool reads = through_ != nullptr && through_->speaks == proxy::protocol::http;
    return reads && !ask_->to.tls ? through_ : nullptr;
}

void exchange::name_proxy(std::string_view what)
{
    report_.detail = through_->named() + ' ';
    report_.detail += what;
}

asio::awaitable<error_code> exchange::reach_by_proxy()
{
    addresses targets;
    if (through_->speaks == proxy::protocol::socks5) {
        error_code ec = co_await resolve(ask_->to.host, targets);
        if (ec || over()) co_return ec;
        ec = bar(ask_->to.host, targets);
        if (ec) co_return ec;
    } else {
        // Names are looked up by the proxy, but what is an address already is known here.
        error_code not_literal;
        addresses literal{asio::ip::make_address(ask_->to.host, not_literal)};
        if (const error_code ec = not_literal ? error_code() : bar(ask_->to.host, literal); ec)
            co_return ec;
    }

    // A proxy is told one address at a time. The first may be one that it cannot reach.
    const time_point due = saturating_add(steady_now(), wire_->options.times.connect);
    error_code ec;
    for (std::size_t i = 0;; ++i) {
        ec = co_await reach(through_->at.host, through_->at.port);
        if (over()) co_return asio::error::operation_aborted;
        if (ec || forwarder() != nullptr) break;

        origin target = ask_->to;
        if (!targets.empty()) target.host = targets[i].to_string();
        const error_code verdict = co_await pass(std::move(target));
        const bool last = i + 1 >= targets.size() || steady_now() >= due;
        if (over() || verdict != errc::proxy_failed || last) co_return verdict;
        line_->close();
    }
    if (ec) name_proxy("cannot be reached: " + report_.detail);
    co_return ec;
}

asio::awaitable<error_code> exchange::pass(origin target)
{
    enter_stage(stage::tunnelling, steady_now(), wire_->options.times.connect);
    const std::unique_ptr<tunnel> talk = make_tunnel(*through_, target, wire_->options.intake);
    if (!in_) in_ = wire_->take_buffer();
    const auto room = asio::buffer(in_.get(), read_size);
    while (talk->next() == tunnel::step::send || talk->next() == tunnel::step::receive) {
        error_code ec;
        if (talk->next() == tunnel::step::send) {
            const auto words = asio::buffer(talk->out());
            auto [e, n] = co_await asio::async_write(line_->socket, words, tuple);
            ec = e;
            if (!ec) talk->on_sent();
        } else {
            auto [e, n] = co_await line_->socket.async_read_some(room, tuple);
            ec = e;
            talk->on_octets(std::string_view(in_.get(), n));
        }
        if (over()) co_return asio::error::operation_aborted;
        if (ec == asio::error::eof) {
            talk->on_broken(error_code());
        } else if (ec) {
            talk->on_broken(ec);
        }
    }
    report_.detail = talk->detail();
    co_return talk->error();
}

}  // namespace catena::net
