#include "net/steady.hpp"
#include <catena/net/system_time.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <set>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

struct wait {
    wait(const asio::any_io_executor& ex, timekeeper::handler h) : timer(ex), done(std::move(h)) {}

    void cancel()
    {
        cancelled = true;
        timer.cancel();
    }

    asio::steady_timer timer;
    timekeeper::handler done;
    bool cancelled = false;
};

}  // namespace

struct system_time::impl {
    explicit impl(asio::any_io_executor e) : ex(std::move(e)) {}

    asio::any_io_executor ex;
    // The timers belong to their own handlers, so that a context that dies first takes them along.
    std::set<std::weak_ptr<wait>, std::owner_less<>> waits;
};

system_time::system_time(asio::any_io_executor ex) : impl_(std::make_shared<impl>(std::move(ex))) {}

system_time::~system_time()
{
    for (const std::weak_ptr<wait>& w : impl_->waits)
        if (const auto alive = w.lock()) alive->cancel();
}

time_point system_time::now() const noexcept { return net::steady_now(); }

wall_time system_time::wall_now() const noexcept { return std::chrono::system_clock::now(); }

void system_time::async_wait_until(time_point t, handler done)
{
    auto slot = asio::get_associated_cancellation_slot(done);
    auto w = std::make_shared<wait>(impl_->ex, std::move(done));
    impl_->waits.insert(w);
    if (slot.is_connected()) {
        slot.assign([weak = std::weak_ptr<wait>(w)](asio::cancellation_type) {
            if (const auto alive = weak.lock()) alive->cancel();
        });
    }

    w->timer.expires_at(net::to_steady(t));
    w->timer.async_wait([w, slot, home = std::weak_ptr<impl>(impl_)](error_code ec) mutable {
        if (const auto self = home.lock()) self->waits.erase(w);
        // After a cancellation the slot may serve a newer wait already.
        if (slot.is_connected() && !w->cancelled) slot.clear();
        if (w->cancelled) ec = asio::error::operation_aborted;
        handler h = std::move(w->done);
        const auto on = asio::get_associated_executor(h, w->timer.get_executor());
        w.reset();
        asio::dispatch(on, asio::append(std::move(h), ec));
    });
}

}  // namespace catena
