#include "run/chain_impl.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
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
                  std::shared_ptr<const checkpoint> from, const chain_limits& limits)
    : home(std::move(e)),
      way(std::move(p)),
      machine(way->contract, *from, limits, home->seed + home->last_chain),
      id(chain_id(++home->last_chain)),
      handed_out(std::move(from)),
      longest_hold(limits.longest_hold),
      longest_outage(limits.longest_outage),
      goes(limits.goes),
      light(limits.light)
{
    home->shortest_outage = std::min(home->shortest_outage, longest_outage);
    if (way->contract->session.any())
        session = std::make_unique<chain_session>(++home->last_session);
}

chain::impl::~impl()
{
    // Without a call it stands on no list. The last owner may then be a call that has just been
    // given to its handler, on the handler's own thread, where the engine must not be touched.
    if (now == state::idle && !outstanding) return;
    way->queue->withdraw(*this);
    if (way->proof) way->proof->withdraw(*this);
    home->wakes->cancel(*this);
    home->busy.erase(this);
}

// The slot is taken at once, so that a cancellation finds the call even before it has started. The
// flag is set where the signal is emitted: on its way to a handler of another executor a page can
// still be kept. All else is done later, on the engine's executor, never inside what it disturbs.
void chain::start_next_page(const std::shared_ptr<impl>& self, const asio::any_io_executor& ex,
                            page_handler h)
{
    if (!self) return refuse(ex, std::move(h), errc::invalid_state);

    auto slot = asio::get_associated_cancellation_slot(h);
    auto on = executor_of(h, ex);
    auto c = std::make_shared<impl::call>(std::move(h), std::move(on));
    if (slot.is_connected()) {
        slot.assign([self = std::weak_ptr(self), c = std::weak_ptr(c)](asio::cancellation_type) {
            const auto chain = self.lock();
            const auto call = c.lock();
            if (!chain || !call) return;
            call->cancelled = true;
            asio::post(chain->home->executor, [chain, c] {
                if (const auto alive = c.lock()) chain->cancel(alive);
            });
        });
    }
    asio::dispatch(ex, [self, c = std::move(c)] { self->start(c); });
}

void chain::impl::start(const std::shared_ptr<call>& c)
{
    if (home->closed) return refuse(home->executor, std::move(c->done), errc::invalid_state);
    if (abandoned)
        return refuse(home->executor, std::move(c->done), asio::error::operation_aborted);
    const auto last = leaving.lock();
    if (outstanding || (last && !last->given))
        return refuse(home->executor, std::move(c->done), errc::busy);

    outstanding = c;
    home->busy.insert(this);
    {
        const std::lock_guard lock(returned_guard);
        if (returned) ready = std::move(returned);
    }
    if (ready) return finish({}, nullptr);
    wanted = home->clock->now();
    step();
}

void chain::impl::cancel()
{
    const auto c = outstanding ? outstanding : leaving.lock();
    if (!c) return;
    c->cancelled = true;
    cancel(c);
}

void chain::impl::cancel(const std::shared_ptr<call>& c)
{
    if (c != outstanding) return;
    switch (now) {
        case state::queued:
            way->queue->withdraw(*this);
            machine.on_abandoned();
            return finish(asio::error::operation_aborted, nullptr);
        case state::proving:
            way->proof->withdraw(*this);
            machine.on_abandoned();
            return finish(asio::error::operation_aborted, nullptr);
        case state::sleeping:
            home->wakes->cancel(*this);
            return finish(asio::error::operation_aborted, nullptr);
        case state::exchanging: abort_exchange.emit(asio::cancellation_type::terminal); return;
        case state::idle:
        case state::handing_over: return;  // hand_over() looks at the flag
    }
}

void chain::impl::drop() noexcept
{
    way->queue->withdraw(*this);
    if (way->proof) way->proof->withdraw(*this);
    home->wakes->cancel(*this);
    now = state::idle;
    home->busy.erase(this);
    const auto keep = shared_from_this();  // the handler may own this chain
    outstanding.reset();
}

// Keeps the outcome until the executor comes to it: a cancellation that arrives first still wins.
void chain::impl::finish(error_code ec, std::unique_ptr<page> p)
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
    if (c->cancelled) ec = asio::error::operation_aborted;  // a page stays in `ready`

    std::unique_ptr<page> given;
    if (!ec && ready) {
        given = std::move(ready);
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
    asio::dispatch(c->on, [self = shared_from_this(), c, ec, p = std::move(given)]() mutable {
        self->give(c, ec, std::move(p));
    });
}

// On the handler's own executor, where its cancellation signals are emitted: from here on nothing
// can come between.
void chain::impl::give(const std::shared_ptr<call>& c, error_code ec, std::unique_ptr<page> p)
{
    asio::get_associated_cancellation_slot(c->done).clear();
    if (c->cancelled && !ec) {
        ec = asio::error::operation_aborted;
        const std::lock_guard lock(returned_guard);
        returned = std::move(p);
    }
    std::optional<page> next;
    if (p) {
        handed_out = p->after_;
        next.emplace(std::move(*p));
    }
    page_handler h = std::move(c->done);
    c->given = true;  // the handler may ask for the next page
    std::move(h)(ec, std::move(next));
}

}  // namespace catena
