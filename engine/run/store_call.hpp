#pragma once

#include <catena/detail/initiate.hpp>
#include <catena/diagnostics.hpp>
#include <catena/store/store.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <memory>
#include <utility>

namespace catena {

/// What a store answered.
template <class T>
struct store_answer {
    diagnostics why;
    T value{};
};

template <class T>
using store_reply = std::shared_ptr<store_answer<T>>;

/** One call of a store, to be awaited on `ex`; its handler may come on any thread.

    @param call Is given the handler, and calls the store with it.
*/
template <class T, class Call>
[[nodiscard]] auto ask_store(const boost::asio::any_io_executor& ex, Call call)
{
    using handler = boost::asio::any_completion_handler<void(store_reply<T>)>;
    struct pending {
        handler done;
        boost::asio::any_io_executor on;  // counted as work until the store has answered
    };
    return detail::initiate<void(store_reply<T>)>(
        boost::asio::deferred, [ex, call = std::move(call)](handler h) mutable {
            auto p = std::make_shared<pending>(
                std::move(h),
                boost::asio::prefer(ex, boost::asio::execution::outstanding_work.tracked));
            call([p](const diagnostics& why, T value) {
                auto reply = std::make_shared<store_answer<T>>();
                reply->why = why;
                reply->value = std::move(value);
                boost::asio::post(p->on, [p, reply = std::move(reply)]() mutable {
                    auto last = std::move(p);
                    std::move(last->done)(std::move(reply));
                });
            });
        });
}

}  // namespace catena
