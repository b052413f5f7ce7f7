#pragma once

#include <catena/detail/initiate.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <deque>
#include <utility>

namespace catena {

/** Coroutines on one executor that wait until something has changed; each looks for itself what.

    What waits when this object goes is destroyed with it.
*/
class waiters {
public:
    explicit waiters(boost::asio::any_io_executor ex)
        : on_(boost::asio::prefer(std::move(ex),
                                  boost::asio::execution::outstanding_work.untracked))
    {
    }

    /// Completes when it is woken.
    [[nodiscard]] auto wait()
    {
        return detail::initiate<void()>(boost::asio::deferred, [this](handler h) {
            // Who waits here is work: a context must not run out meanwhile.
            waiting_.emplace_back(
                std::move(h),
                boost::asio::prefer(on_, boost::asio::execution::outstanding_work.tracked));
        });
    }

    void wake_all()
    {
        while (!waiting_.empty())
            wake_one();
    }

    /// Destroy who waits: their context is going.
    void drop()
    {
        std::deque<waiting> dropped;
        dropped.swap(waiting_);
    }

    /// Who has waited longest.
    void wake_one()
    {
        if (waiting_.empty()) return;
        waiting woken = std::move(waiting_.front());
        waiting_.pop_front();
        boost::asio::post(woken.second, std::move(woken.first));
    }

private:
    using handler = boost::asio::any_completion_handler<void()>;
    using waiting = std::pair<handler, boost::asio::any_io_executor>;

    boost::asio::any_io_executor on_;
    std::deque<waiting> waiting_;
};

}  // namespace catena
