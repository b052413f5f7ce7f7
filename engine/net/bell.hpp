#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

namespace catena::net {

/** Wakes the one coroutine that waits for it. Rung while nobody waits, it wakes the next to come.

    It says that there is something to look at, not what: wait in a loop.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class bell {
public:
    explicit bell(const boost::asio::any_io_executor& ex)
        : timer_(ex, boost::asio::steady_timer::time_point::max())
    {
    }

    void ring()
    {
        rung_ = true;
        timer_.cancel();
    }

    boost::asio::awaitable<void> wait()
    {
        constexpr auto tuple = boost::asio::as_tuple(boost::asio::deferred);
        while (!rung_)
            co_await timer_.async_wait(tuple);
        rung_ = false;
    }

private:
    boost::asio::steady_timer timer_;
    bool rung_ = false;
};

}  // namespace catena::net
