#include "testing/chance.hpp"
#include <catena/error.hpp>
#include <catena/testing/fake_transport.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;
using kind = wire_fault::kind;

namespace {

struct connection {
    std::uint64_t number = 0, served = 0, session = 0;
};

}  // namespace

struct fake_transport::impl {
    impl(asio::any_io_executor e, timekeeper& t, server s, const fake_transport_options& o)
        : ex(std::move(e)), time(t), answer(std::move(s)), options(o), draw(o.seed)
    {
    }

    asio::any_io_executor ex;
    timekeeper& time;
    server answer;
    fake_transport_options options;
    chance draw;
    std::map<std::size_t, wire_fault> levers;
    std::function<std::optional<wire_fault>(std::size_t, const http_request&)> choose;
    std::vector<exchanged> log;
    std::vector<connection> idle;
    std::uint64_t connections = 0;
    std::set<exchange*> live;
    std::size_t most_live = 0;
    std::vector<std::shared_ptr<exchange>> hanging;  // no wait keeps these alive
};

struct fake_transport::exchange : std::enable_shared_from_this<exchange> {
    exchange(std::shared_ptr<impl> o, const http_request& a, response_receiver& r, handler d)
        : owner(std::move(o)), ask(a), to(r), done(std::move(d)), number(owner->log.size())
    {
        connect();
        exchanged line;
        line.connection = over.number;
        line.begun = owner->time.now();
        line.request = ask;
        owner->log.push_back(std::move(line));
        const auto lever = owner->levers.find(number);
        if (lever != owner->levers.end())
            broken = lever->second;
        else if (owner->choose)
            broken = owner->choose(number, ask);

        // Last, for the caller's function may throw.
        owner->live.insert(this);
        owner->most_live = std::max(owner->most_live, owner->live.size());
    }
    ~exchange() { owner->live.erase(this); }
    exchange(const exchange&) = delete;
    exchange& operator=(const exchange&) = delete;

    void connect();
    void start();
    void arrive();
    void begin_answer();
    void go_on();
    void cancel();
    void hang();
    void finish(error_code ec);
    void wait(duration span, void (exchange::*next)());
    [[nodiscard]] bool breaks(kind k) const { return broken && broken->what == k; }
    [[nodiscard]] std::size_t body_limit() const;

    std::shared_ptr<impl> owner;
    const http_request& ask;
    response_receiver& to;
    handler done;
    std::size_t number;
    connection over;
    std::optional<wire_fault> broken;
    asio::cancellation_signal stop_waiting;
    scripted_answer answer;
    std::vector<std::size_t> cuts;
    std::size_t sent = 0;
    exchange_report report;
    bool cancelled = false, finished = false;
};

// The connection that fell idle last, of those that are this session's.
void fake_transport::exchange::connect()
{
    const auto fits = [this](const connection& c) { return c.session == ask.session; };
    std::vector<connection>& idle = owner->idle;
    const auto last = ask.on == connection_choice::fresh
                          ? idle.rend()
                          : std::find_if(idle.rbegin(), idle.rend(), fits);
    if (last != idle.rend()) {
        over = *last;
        idle.erase(std::next(last).base());
        report.reused = true;
    } else if (ask.on != connection_choice::kept) {
        over.number = ++owner->connections;
        over.session = ask.session;
    }
}

void fake_transport::exchange::start()
{
    auto slot = asio::get_associated_cancellation_slot(done);
    if (slot.is_connected()) {
        slot.assign([weak = weak_from_this()](asio::cancellation_type type) {
            if (type == asio::cancellation_type::none) return;
            if (const auto self = weak.lock()) self->cancel();
        });
    }
    duration way = owner->options.latency / 2;
    const duration jitter = owner->options.jitter;
    if (jitter > duration::zero())
        way += duration(static_cast<duration::rep>(
            owner->draw.below(static_cast<std::uint64_t>(jitter.count()))));
    wait(over.number == 0 ? duration::zero() : way, &exchange::arrive);
}

void fake_transport::exchange::wait(duration span, void (exchange::*next)())
{
    auto then = [self = shared_from_this(), next](error_code ec) {
        if (self->finished) return;
        if (ec || self->cancelled) return self->finish(asio::error::operation_aborted);
        ((*self).*next)();
    };
    owner->time.async_wait_until(
        saturating_add(owner->time.now(), span),
        asio::bind_cancellation_slot(stop_waiting.slot(),
                                     asio::bind_executor(owner->ex, std::move(then))));
}

void fake_transport::exchange::arrive()
{
    if (over.number == 0) return finish(errc::session_lost);
    if (breaks(kind::refused)) {
        report.reused = false;
        return finish(asio::error::connection_refused);
    }
    if (breaks(kind::stale)) {
        report.reused = true;
        return finish(errc::connection_stale);
    }
    answer = breaks(kind::status) ? scripted_answer(broken->status)
                                  : owner->answer(ask, arrival(owner->time.now(), over.number));
    if (breaks(kind::hang)) return hang();
    const duration way = owner->options.latency - owner->options.latency / 2;
    wait(breaks(kind::late) ? saturating_add(time_point{} + way, broken->delay).time_since_epoch()
                            : way,
         &exchange::begin_answer);
}

std::size_t fake_transport::exchange::body_limit() const
{
    const bool cut =
        breaks(kind::reset_in_body) || breaks(kind::truncated) || breaks(kind::hang_in_body);
    return cut ? std::min(broken->octets, answer.body.size()) : answer.body.size();
}

void fake_transport::exchange::begin_answer()
{
    report.answered = true;
    report.octets_received = 17;
    if (breaks(kind::reset_in_head)) return finish(asio::error::connection_reset);

    const std::string length = std::to_string(answer.body.size());
    std::vector<header_view> headers;
    for (const header_field& h : answer.headers)
        headers.push_back({h.name, h.value});
    headers.push_back({"Content-Length", length});
    for (const header_view& h : headers)
        report.octets_received += h.name.size() + h.value.size() + 4;

    response_head head;
    head.status = answer.status;
    head.headers = headers;
    if (const error_code ec = to.on_head(head)) return finish(ec);

    for (std::size_t i = 1; i < owner->options.pieces; ++i)
        cuts.push_back(owner->draw.below(body_limit() + 1));
    cuts.push_back(body_limit());
    std::sort(cuts.begin(), cuts.end(), std::greater<>());
    go_on();
}

void fake_transport::exchange::go_on()
{
    while (!cuts.empty()) {
        const std::size_t end = cuts.back();
        cuts.pop_back();
        const std::string_view piece = std::string_view(answer.body).substr(sent, end - sent);
        sent = end;
        report.octets_received += piece.size();
        if (piece.empty()) continue;
        if (const error_code ec = to.on_body(piece)) return finish(ec);
        if (!cuts.empty() && owner->options.piece_gap > duration::zero())
            return wait(owner->options.piece_gap, &exchange::go_on);
    }
    if (breaks(kind::hang_in_body)) return hang();
    if (breaks(kind::reset_in_body)) return finish(asio::error::connection_reset);
    if (breaks(kind::truncated)) {
        report.detail =
            "got " + std::to_string(sent) + " of " + std::to_string(answer.body.size()) + " octets";
        return finish(errc::truncated);
    }
    finish({});
}

void fake_transport::exchange::hang() { owner->hanging.push_back(shared_from_this()); }

void fake_transport::exchange::cancel()
{
    if (cancelled || finished) return;
    cancelled = true;
    auto self = shared_from_this();
    if (std::erase(owner->hanging, self) == 0) {
        stop_waiting.emit(asio::cancellation_type::terminal);
        return;
    }
    asio::post(owner->ex,
               [self = std::move(self)] { self->finish(asio::error::operation_aborted); });
}

void fake_transport::exchange::finish(error_code ec)
{
    finished = true;
    owner->live.erase(this);
    if (!ec && ++over.served != owner->options.close_after) owner->idle.push_back(over);
    owner->log[number].ended = owner->time.now();
    owner->log[number].outcome = ec;
    asio::get_associated_cancellation_slot(done).clear();
    auto on = asio::get_associated_executor(done, asio::any_completion_executor(owner->ex));
    asio::dispatch(on, [done = std::move(done), ec, report = std::move(report)]() mutable {
        std::move(done)(ec, std::move(report));
    });
}

fake_transport::fake_transport(asio::any_io_executor ex, timekeeper& time, server s,
                               const fake_transport_options& o)
    : impl_(std::make_shared<impl>(std::move(ex), time, std::move(s), o))
{
}

fake_transport::~fake_transport()
{
    const std::set<exchange*> live = impl_->live;
    for (exchange* e : live)
        e->cancel();
}

void fake_transport::async_exchange(const http_request& ask, response_receiver& to, handler done)
{
    std::make_shared<exchange>(impl_, ask, to, std::move(done))->start();
}

void fake_transport::fail(std::size_t number, const wire_fault& how)
{
    impl_->levers.insert_or_assign(number, how);
}

void fake_transport::fail_by(
    std::function<std::optional<wire_fault>(std::size_t, const http_request&)> choose)
{
    impl_->choose = std::move(choose);
}

const std::vector<exchanged>& fake_transport::log() const noexcept { return impl_->log; }
std::size_t fake_transport::in_flight() const noexcept { return impl_->live.size(); }
std::size_t fake_transport::most_in_flight() const noexcept { return impl_->most_live; }

}  // namespace catena::testing
