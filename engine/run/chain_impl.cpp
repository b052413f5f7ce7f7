#include "run/chain_impl.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

// The executor that a handler runs on, counted as work there until the call ends.
asio::any_completion_executor executor_of(const chain::page_handler& h,
                                          const asio::any_io_executor& otherwise)
{
    return asio::prefer(asio::get_associated_executor(h, otherwise),
                        asio::execution::outstanding_work.tracked);
}

}  // namespace

void chain::refuse(const asio::any_io_executor& ex, page_handler h, error_code ec)
{
    auto on = executor_of(h, ex);
    asio::post(ex, [on = std::move(on), h = std::move(h), ec]() mutable {
        asio::dispatch(on, [h = std::move(h), ec]() mutable { std::move(h)(ec, std::nullopt); });
    });
}

chain::impl::impl(std::shared_ptr<engine::impl> e, std::shared_ptr<const prepared> p,
                  checkpoint from, const chain_limits& limits)
    : home(std::move(e)),
      way(std::move(p)),
      machine(way->contract, std::move(from), limits, home->seed + home->last_chain),
      id(chain_id(++home->last_chain)),
      handed_out(machine.after())
{
}

chain::impl::~impl() { home->busy.erase(this); }

// The slot is taken at once, so that a cancellation finds the call even before it has started.
void chain::start_next_page(const std::shared_ptr<impl>& self, const asio::any_io_executor& ex,
                            page_handler h)
{
    if (!self) return refuse(ex, std::move(h), errc::invalid_state);

    auto slot = asio::get_associated_cancellation_slot(h);
    auto on = executor_of(h, ex);
    auto c = std::make_shared<impl::call>(std::move(h), std::move(on));
    if (slot.is_connected()) {
        slot.assign([self = std::weak_ptr(self), c = std::weak_ptr(c)](asio::cancellation_type) {
            auto chain = self.lock();
            auto call = c.lock();
            if (!chain || !call) return;
            asio::dispatch(chain->home->executor, [chain, call] { chain->cancel(call); });
        });
    }
    asio::dispatch(ex, [self, c = std::move(c)] { self->start(c); });
}

void chain::impl::start(const std::shared_ptr<call>& c)
{
    if (home->closed) return refuse(home->executor, std::move(c->done), errc::invalid_state);
    if (outstanding || !leaving.expired())
        return refuse(home->executor, std::move(c->done), errc::busy);

    outstanding = c;
    home->busy.insert(this);
    if (c->cancelled) return finish(asio::error::operation_aborted, std::nullopt);
    if (ready) return finish({}, std::nullopt);
    step();
}

void chain::impl::cancel()
{
    if (const auto c = outstanding ? outstanding : leaving.lock()) cancel(c);
}

void chain::impl::cancel(const std::shared_ptr<call>& c)
{
    if (std::exchange(c->cancelled, true) || c != outstanding) return;
    switch (now) {
        case state::queued:
            way->budget->withdraw(*this);
            machine.on_abandoned();
            return finish(asio::error::operation_aborted, std::nullopt);
        case state::sleeping:
            home->wakes->cancel(*this);
            return finish(asio::error::operation_aborted, std::nullopt);
        case state::exchanging: abort_exchange.emit(asio::cancellation_type::terminal); return;
        case state::idle:
        case state::handing_over: return;  // hand_over() looks at the flag
    }
}

void chain::impl::drop() noexcept
{
    way->budget->withdraw(*this);
    home->wakes->cancel(*this);
    now = state::idle;
    home->busy.erase(this);
    const auto keep = shared_from_this();  // the handler may own this chain
    outstanding.reset();
}

void chain::impl::step()
{
    const time_point t = home->clock->now();
    const chain_action todo = machine.poll(t);

    if (const auto* pause = std::get_if<wait>(&todo)) {
        now = state::sleeping;
        home->wakes->set(*this, pause->until);
    } else if (const auto* end = std::get_if<catena::finish>(&todo)) {
        if (end->ec) report_failure(end->ec);
        finish(end->ec, std::nullopt);
    } else {
        attempt = std::get<fetch>(todo).attempt;
        good_until = std::get<fetch>(todo).good_until;
        now = state::queued;
        way->budget->ask(*this);
    }
}

void chain::impl::wake()
{
    now = state::idle;
    step();
}

// A permit is ours. A cursor that died in the queue is replaced before it is sent.
void chain::impl::granted()
{
    const time_point t = home->clock->now();
    while (t >= good_until) {
        const std::uint64_t number = machine.after().pages;
        const page_verdict v = machine.on_outlived(t);
        for (const notice& n : v.notices)
            home->tell([&](observer& o) { o.on_notice(id, number, n); });
        const chain_action todo = machine.poll(t);
        const auto* again = std::get_if<fetch>(&todo);
        if (again == nullptr) {
            way->budget->release();
            const auto* end = std::get_if<catena::finish>(&todo);
            const error_code ec = end != nullptr ? end->ec : error_code();
            report_failure(ec);
            return finish(ec, std::nullopt);
        }
        good_until = again->good_until;
        attempt = again->attempt;
    }
    exchange(t);
}

void chain::impl::exchange(time_point t)
{
    diagnostics refusal;
    auto ask = way->building.build(machine.where(), refusal);
    if (!ask) {
        way->budget->release();
        const page_verdict v = machine.on_failure(ask.error(), refusal.what, t);
        return act_on(v, machine.after().pages);
    }
    const bool named = std::any_of(
        ask->headers.begin(), ask->headers.end(),
        [](const header_field& f) { return equal_ignoring_case(f.name, "User-Agent"); });
    if (!named) ask->headers.push_back({"User-Agent", home->options.user_agent});

    room = home->lend_room(*way);
    room->prepare(std::move(*ask), *home->clock);
    shown = room->ask.method + " " + room->ask.shown_target;
    sent = t;
    now = state::exchanging;
    home->tell([&](observer& o) {
        o.on_request({id, machine.after().pages, attempt, room->ask.method, way->origin,
                      room->ask.shown_target});
    });

    auto done = [self = shared_from_this()](error_code ec, exchange_report report) {
        self->on_exchanged(ec, std::move(report));
    };
    home->wire->async_exchange(
        room->ask, *room,
        asio::bind_cancellation_slot(abort_exchange.slot(),
                                     asio::bind_executor(home->executor, std::move(done))));
}

void chain::impl::on_exchanged(error_code ec, exchange_report report)
{
    now = state::idle;
    way->budget->release();
    home->tell([&](observer& o) {
        const duration took = home->clock != nullptr ? home->clock->now() - sent : duration();
        o.on_answer({id, machine.after().pages, room->status, ec, report.octets_received, took,
                     report.reused});
    });

    const bool given_up = !outstanding || outstanding->cancelled || home->closed;
    if (given_up || ec == asio::error::operation_aborted) {
        machine.on_abandoned();
        room.reset();
        if (outstanding) finish(asio::error::operation_aborted, std::nullopt);
        return;
    }
    take_answer(ec, report);
}

void chain::impl::take_answer(error_code ec, const exchange_report& report)
{
    const time_point t = home->clock->now();
    const std::uint64_t number = machine.after().pages;
    page_verdict verdict;
    if (ec && !room->reader_refused()) {
        verdict = machine.on_failure(ec, report.detail, t);
    } else {
        const page_facts facts = room->reader.finish();
        if (facts.retry_after && way->budget->hold_until(saturating_add(t, *facts.retry_after)))
            home->tell([&](observer& o) { o.on_hold({way->origin, *facts.retry_after}); });
        verdict = machine.on_answer(facts, t);
    }
    act_on(verdict, number);
}

void chain::impl::act_on(const page_verdict& verdict, std::uint64_t number)
{
    for (const notice& n : verdict.notices)
        home->tell([&](observer& o) { o.on_notice(id, number, n); });

    std::optional<page> made;
    if (verdict.deliver) made.emplace(make_page(verdict, number));
    if (room) home->take_back(std::move(room));
    if (made) return finish({}, std::move(made));
    step();
}

page chain::impl::make_page(const page_verdict& verdict, std::uint64_t number)
{
    page made;
    page_content content = room->reader.take();
    if (!verdict.dropped.empty()) {
        std::uint64_t index = 0;
        auto drop = verdict.dropped.begin();
        std::erase_if(content.records, [&](const extent&) {
            const bool out = drop != verdict.dropped.end() && *drop == index++;
            if (out) ++drop;
            return out;
        });
    }
    made.body_ = home->bodies->own(std::move(content.body));
    made.records_ = std::move(content.records);
    made.headers_ = std::move(room->headers);
    made.request_ = shown;
    made.after_ = machine.after();
    made.number_ = number;
    made.dropped_ = verdict.dropped.size();
    made.status_ = room->status;
    made.last_ = verdict.last;
    return made;
}

void chain::impl::report_failure(error_code ec)
{
    if (why.code == ec) return;
    why = machine.why();
    why.code = ec;
    why.request = shown;
    home->tell([&](observer& o) { o.on_failure(id, why); });
}

// Keeps the outcome until the executor comes to it: a cancellation that arrives first still wins.
void chain::impl::finish(error_code ec, std::optional<page> p)
{
    now = state::handing_over;
    if (p) ready = std::move(p);
    leaving = outstanding;
    asio::post(home->executor, [self = shared_from_this(), c = std::move(outstanding), ec] {
        self->hand_over(c, ec);
    });
}

void chain::impl::hand_over(const std::shared_ptr<call>& c, error_code ec)
{
    now = state::idle;
    home->busy.erase(this);
    leaving.reset();
    asio::get_associated_cancellation_slot(c->done).clear();
    if (c->cancelled) ec = asio::error::operation_aborted;  // a page stays in `ready`

    std::optional<page> given;
    if (!ec && ready) {
        given = std::exchange(ready, std::nullopt);
        handed_out = given->after();
        home->tell([&](observer& o) {
            o.on_page(
                {id, given->number(), given->records().size(), given->dropped(), given->last()});
        });
    }
    const bool ended = !ec && machine.after().ended && !std::exchange(end_told, true);
    if (ended) {
        const checkpoint& a = machine.after();
        home->tell([&](observer& o) { o.on_end({id, a.pages, a.records, a.rebuilds}); });
    }
    asio::dispatch(c->on, [h = std::move(c->done), ec, p = std::move(given)]() mutable {
        std::move(h)(ec, std::move(p));
    });
}

}  // namespace catena
