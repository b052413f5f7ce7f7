#include "net/exchange.hpp"

#include "net/request_text.hpp"
#include "net/shortage.hpp"
#include "net/steady.hpp"
#include "net/tunnel.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;

exchange::exchange(std::shared_ptr<wire> w, const http_request& ask, response_receiver& to,
                   transport::handler done)
    : wire_(std::move(w)), ask_(&ask), to_(&to), done_(std::move(done))
{
}

exchange::~exchange()
{
    wire_->clock->remove(*this);
    wire_->give_back(std::move(in_));
}

void exchange::start()
{
    if (wire_->closed) return complete(asio::error::operation_aborted);
    if (std::string fault = fault_of(*ask_); !fault.empty()) {
        report_.detail = std::move(fault);
        return complete(errc::cursor_refused);
    }
    proxy_choice::way way = wire_->routes.to(ask_->to);
    if (!way.fault.empty()) {
        report_.detail = std::move(way.fault);
        return complete(errc::proxy_refused);
    }
    through_ = way.through;
    watch_for_cancel();

    const time_point now = steady_now();
    request_due_ = saturating_add(now, wire_->options.times.request);
    enter_stage(stage::queued, now, wire_->options.times.request);
    const bool certified = wire_->peer_of(*ask_).certified;
    if (wire_->connections.enter(*this, *ask_, certified, now, line_) == pool::entry::admitted)
        return launch();
    self_ = std::static_pointer_cast<exchange>(shared_from_this());
}

void exchange::watch_for_cancel()
{
    auto slot = asio::get_associated_cancellation_slot(done_);
    if (!slot.is_connected()) return;
    slot.assign([weak = weak_from_this()](asio::cancellation_type) {
        const auto alive = std::static_pointer_cast<exchange>(weak.lock());
        if (!alive || alive->over()) return;
        alive->signalled_ = true;
        alive->abort(asio::error::operation_aborted);
    });
}

void exchange::on_turn(std::unique_ptr<connection> kept)
{
    line_ = std::move(kept);
    // Not at once: whoever just left may be in the middle of something.
    asio::post(wire_->ex, [self = std::move(self_)] {
        if (self->over()) return;
        self->request_due_ = saturating_add(steady_now(), self->wire_->options.times.request);
        self->launch();
    });
}

void exchange::on_relief(std::unique_ptr<connection> kept)
{
    line_ = std::move(kept);
    relieved_ = true;
    bell_->ring();
}

void exchange::launch()
{
    auto self = std::static_pointer_cast<exchange>(shared_from_this());
    asio::co_spawn(wire_->ex, run(self), [self](std::exception_ptr thrown) {
        if (thrown) self->on_thrown(thrown);
    });
}

// Out of memory, most likely: the caller hears of it, and the turn in the pool is given back.
void exchange::on_thrown(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
        abort(make_error_code(boost::system::errc::not_enough_memory));
    } catch (const std::exception& e) {
        report_.detail = e.what();
        abort(errc::transport_threw);
    }
}

void exchange::enter_stage(stage s, time_point now, duration limit)
{
    stage_ = s;
    wire_->clock->set(*this, std::min(saturating_add(now, limit), request_due_));
}

void exchange::on_overdue(time_point now)
{
    if (now >= request_due_) {
        if (stage_ == stage::queued) report_.detail = "no connection became free in time";
        if (stage_ == stage::connecting) report_.detail = dial_->story();
        if (stage_ == stage::starving)
            report_.detail = describe_shortage(short_of_) +
                             "; no connection became free within time_limits::request";
        if (stage_ == stage::receiving) report_.detail = line_->reader.progress();
        return abort(errc::timed_out_request);
    }
    switch (stage_) {
        case stage::queued: return abort(errc::timed_out_request);
        case stage::resolving: return abort(errc::timed_out_resolve);
        case stage::connecting: wire_->clock->set(*this, request_due_); return dial_->expire();
        case stage::tunnelling:
            name_proxy("did not answer in time (time_limits::connect)");
            return abort(errc::proxy_failed);
        case stage::starving:
            if (relieved_) return;  // in this very turn; the coroutine has yet to see it
            wire_->clock->set(*this, request_due_);
            wire_->connections.stop_waiting(*this);
            return on_relief(nullptr);
        case stage::securing: return abort(errc::timed_out_tls);
        case stage::sending: return abort(errc::timed_out_first_octet);
        case stage::receiving: break;
    }
    if (got_ == 0) return abort(errc::timed_out_first_octet);
    report_.detail = line_->reader.progress();
    abort(errc::timed_out_idle);
}

void exchange::on_stop(stop why)
{
    if (why == stop::closing) return abort(asio::error::operation_aborted);
    wire_->clock->remove(*this);
    self_.reset();
}

error_code exchange::on_head(const response_head& head)
{
    if (over()) return asio::error::operation_aborted;
    if (head.status == 407 && forwarder() != nullptr) {
        name_proxy(wants_credentials(*through_, basic_taken(head)));
        return errc::proxy_refused;
    }
    if (head.status == 421) {
        // RFC 9110, section 15.5.20: this connection was not the one to ask.
        misdirected_ = true;
        ask_again_ = !asked_again_ && ask_->repeatable && ask_->on != connection_choice::kept;
        if (ask_again_) return errc::connection_stale;
    }
    return to_->on_head(head);
}

error_code exchange::on_body(std::string_view octets)
{
    if (over()) return asio::error::operation_aborted;
    return to_->on_body(octets);
}

// The coroutine's own end.
void exchange::finish(error_code ec)
{
    const bool fit = !ec && !surplus_ && !send_error_ && !misdirected_ &&
                     line_->reader.keep_alive() && !(line_->tls && has_unread(*line_->tls)) &&
                     !wire_->closed;
    if (!fit) line_.reset();
    if (line_) ++line_->exchanges;
    wire_->give_back(std::move(in_));
    wire_->connections.leave(*this, std::move(line_), steady_now());
    complete(ec);
}

// An end from outside, while the coroutine may be waiting for its operation.
void exchange::abort(error_code ec)
{
    if (over()) return;
    if (line_) line_->close();
    if (dial_) dial_->give_up();
    if (bell_) bell_->ring();
    wire_->connections.leave(*this, nullptr, steady_now());
    complete(ec);
}

void exchange::complete(error_code ec)
{
    to_ = nullptr;
    ask_ = nullptr;
    wire_->clock->remove(*this);

    // A slot's handler must not be cleared while it runs.
    auto slot = asio::get_associated_cancellation_slot(done_);
    if (slot.is_connected() && !signalled_) slot.clear();

    auto hand_over = [h = std::move(done_), ec, report = std::move(report_),
                      ex = wire_->ex]() mutable {
        const auto on = asio::get_associated_executor(h, ex);
        asio::dispatch(on, asio::append(std::move(h), ec, std::move(report)));
    };
    asio::post(wire_->ex, std::move(hand_over));
    wire_->clock->settle();
    // Last, for it may be the last owner.
    const auto gone = std::move(self_);
}

}  // namespace catena::net
