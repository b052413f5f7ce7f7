#include "net/exchange.hpp"
#include "net/request_text.hpp"
#include "net/steady.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <chrono>
#include <utility>

// The coroutine of an exchange. After every co_await the exchange may be over: then nothing of the
// caller's is touched, and what the operation returned is dropped.
namespace catena::net {

namespace asio = boost::asio;

namespace {

constexpr auto tuple = asio::as_tuple(asio::deferred);

}  // namespace

asio::awaitable<void> exchange::run(std::shared_ptr<exchange> self)
{
    // It may be over before the first step is taken.
    if (self->over()) co_return;
    error_code ec = co_await self->attempt();
    if (self->over()) co_return;

    if (self->is_worth_another(ec)) {
        self->forget_attempt();
        ec = co_await self->attempt();
        if (self->over()) co_return;
    }
    self->finish(ec);
}

asio::awaitable<error_code> exchange::attempt()
{
    if (!line_ && ask_->on == connection_choice::kept) {
        report_.detail = "no connection of this session stands open";
        co_return errc::session_lost;
    }
    while (!line_) {
        line_ = std::make_unique<connection>(wire_->ex, wire_->options.intake);
        const error_code ec = co_await open();
        if (over()) co_return asio::error::operation_aborted;
        if (!ec) {
            wire_->connections.on_connected(*this);
        } else if (short_of_) {
            co_await outlast_shortage();
            if (over()) co_return asio::error::operation_aborted;
        } else {
            co_return ec;
        }
    }
    co_return co_await converse();
}

asio::awaitable<error_code> exchange::open()
{
    short_of_ = error_code();
    error_code ec;
    if (through_ != nullptr)
        ec = co_await reach_by_proxy();
    else
        ec = co_await reach(ask_->to.host, ask_->to.port);
    if (ec || over() || !ask_->to.tls) co_return ec;
    co_return co_await secure();
}

asio::awaitable<error_code> exchange::secure()
{
    enter_stage(stage::securing, steady_now(), wire_->options.times.tls);
    tls_setup& setup = wire_->tls_ready();
    line_->tls.emplace(line_->socket, setup.context());
    const tls_peer peer = wire_->peer_of(*ask_);
    error_code ec = setup.prepare(*line_->tls, peer, line_->objection);
    if (ec) co_return ec;

    auto [outcome] = co_await line_->tls->async_handshake(asio::ssl::stream_base::client, tuple);
    if (over()) co_return asio::error::operation_aborted;
    if (!outcome) co_return error_code();
    setup.on_failed(peer);
    co_return setup.explain(outcome, peer.to.host, line_->objection, report_.detail);
}

asio::awaitable<error_code> exchange::converse()
{
    using body_rule = response_reader::body_rule;
    report_.reused = line_->exchanges != 0;
    got_ = 0;
    write_request(*ask_, line_->out, forwarder());
    line_->reader.expect(ask_->method == "HEAD" ? body_rule::never : body_rule::as_framed);

    // A server may refuse a long request, answer and close before it has read all of it. So a
    // failed write is no verdict yet.
    send_error_ = co_await send();
    if (over()) co_return asio::error::operation_aborted;
    co_return co_await receive();
}

asio::awaitable<error_code> exchange::send()
{
    for (std::size_t sent = 0; sent < line_->out.size();) {
        enter_stage(stage::sending, steady_now(), wire_->options.times.first_octet);
        const auto rest = asio::buffer(line_->out) + sent;
        error_code ec;
        if (line_->tls) {
            auto [e, n] = co_await line_->tls->async_write_some(rest, tuple);
            ec = e;
            sent += n;
        } else {
            auto [e, n] = co_await line_->socket.async_write_some(rest, tuple);
            ec = e;
            sent += n;
        }
        if (ec || over()) co_return ec;
    }
    co_return error_code();
}

asio::awaitable<error_code> exchange::receive()
{
    // The time for the first octet runs on from the last write.
    stage_ = stage::receiving;
    if (!in_) in_ = wire_->take_buffer();
    const auto room = asio::buffer(in_.get(), read_size);
    for (;;) {
        error_code ec;
        std::size_t n = 0;
        if (line_->tls) {
            auto [e, got] = co_await line_->tls->async_read_some(room, tuple);
            ec = e;
            n = got;
        } else {
            auto [e, got] = co_await line_->socket.async_read_some(room, tuple);
            ec = e;
            n = got;
        }
        if (over()) co_return asio::error::operation_aborted;
        error_code outcome;
        if (n != 0 && take_in(n, outcome)) co_return outcome;
        if (ec) co_return answer_broken(ec);
    }
}

// Whether that was the end of the exchange, good or bad.
bool exchange::take_in(std::size_t n, error_code& ec)
{
    response_reader& reader = line_->reader;
    got_ += n;
    report_.octets_received += n;
    report_.answered = true;

    const std::size_t taken = reader.feed(std::string_view(in_.get(), n), *this);
    if (over()) {
        ec = asio::error::operation_aborted;
        return true;
    }
    if (reader.failed()) {
        ec = reader.error();
        if (ec != errc::proxy_refused) report_.detail = reader.detail();
        return true;
    }
    if (reader.done()) {
        surplus_ = taken < n;
        return true;
    }
    const time_point now = steady_now();
    if (too_slow(now)) {
        ec = errc::timed_out_idle;
        report_.detail = "slower than time_limits::least_octets_per_second; " + reader.progress();
        return true;
    }
    enter_stage(stage::receiving, now, wire_->options.times.idle);
    return false;
}

bool exchange::too_slow(time_point now)
{
    const time_limits& times = wire_->options.times;
    const std::uint64_t total = report_.octets_received;
    if (got_ == total && rate_since_ == time_point()) rate_since_ = now;
    const duration span = now - rate_since_;
    if (span < times.rate_window) return false;

    const double wanted =
        times.least_octets_per_second * std::chrono::duration<double>(span).count();
    const bool slow = static_cast<double>(total - rate_octets_) < wanted;
    rate_since_ = now;
    rate_octets_ = total;
    return slow;
}

error_code exchange::answer_broken(error_code ec)
{
    response_reader& reader = line_->reader;
    if (got_ == 0 && send_error_) ec = send_error_;
    if (ec == asio::error::eof) {
        reader.on_end();
        report_.detail = reader.detail();
        return reader.error();
    }
    if (ec == asio::ssl::error::stream_truncated) {
        report_.detail = "TLS ended without close_notify: " + reader.progress();
        return errc::truncated;
    }
    report_.detail = tls_setup::in_words(ec) + ": " + reader.progress();
    return ec.category() == asio::error::get_ssl_category() ? make_error_code(errc::tls_failed)
                                                            : ec;
}

// Whether to ask again on a new connection. If not, `ec` is what the exchange has come to.
bool exchange::is_worth_another(error_code& ec)
{
    if (ask_again_) return true;
    if (!died_unused(ec)) return false;
    if (ask_->on == connection_choice::kept) {
        ec = errc::session_lost;
        return false;
    }
    if (!ask_->repeatable) ec = errc::connection_stale;
    return ask_->repeatable;
}

void exchange::forget_attempt()
{
    line_.reset();
    exchange_report blank;
    blank.shortage = std::move(report_.shortage);
    report_ = std::move(blank);
    send_error_ = error_code();
    rate_since_ = time_point();
    rate_octets_ = 0;
    misdirected_ = ask_again_ = false;
    asked_again_ = true;
}

// T6: the server closed a kept connection before our request could reach it.
bool exchange::died_unused(error_code ec) const
{
    if (!report_.reused || got_ != 0) return false;
    return ec == errc::truncated || ec == asio::error::connection_reset ||
           ec == asio::error::broken_pipe || ec == asio::error::connection_aborted;
}

}  // namespace catena::net
