#pragma once

#include "net/context_watch.hpp"
#include <catena/detail/initiate.hpp>
#include <catena/diagnostics.hpp>
#include <catena/store/store.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace catena {

/// What a store answered.
template <class T>
struct store_answer {
    diagnostics why;
    T value{};
};

template <class T>
using store_reply = std::shared_ptr<store_answer<T>>;

/** The calls that a run has made to its store and was not told the outcome of.

    A store may answer on any thread, long after nobody waits any more, or when the context is
    gone. It then finds nobody here.

    @par Thread safety
    Unsafe, but for what the store's threads do.
*/
class store_calls final : public net::context_bound {
public:
    template <class T>
    using handler = boost::asio::any_completion_handler<void(store_reply<T>)>;

    /// Made to be owned by a shared_ptr, of which context_watch is told.
    explicit store_calls(boost::asio::any_io_executor ex) : ex_(std::move(ex)) {}

    /// @param call Is given the store's handler, and calls the store with it.
    template <class T, class Call>
    void start(handler<T> done, Call&& call)
    {
        const auto mine = std::make_shared<waiting<T>>(
            std::move(done),
            boost::asio::prefer(ex_, boost::asio::execution::outstanding_work.tracked));
        if (given_up_) return mine->tell(*given_up_, {});
        remember(mine);
        std::forward<Call>(call)(
            [mine](const diagnostics& why, T value) { mine->tell(why, std::move(value)); });
    }

    /// Tell all who wait, and all who call from now on. What the store says later is not heard.
    void give_up(const diagnostics& why)
    {
        given_up_ = why;
        for (const auto& one : all_)
            if (const auto alive = one.lock()) alive->give_up(why);
        all_.clear();
    }

    void on_context_gone() override
    {
        std::vector<std::weak_ptr<waiting_base>> all;
        all.swap(all_);
        for (const auto& one : all)
            if (const auto alive = one.lock()) alive->drop();
    }

private:
    struct waiting_base {
        virtual void give_up(const diagnostics& why) = 0;
        virtual void drop() = 0;

    protected:
        ~waiting_base() = default;
    };

    template <class T>
    class waiting final : public waiting_base {
    public:
        waiting(handler<T> done, boost::asio::any_io_executor on)
            : done_(std::move(done)), on_(std::move(on))
        {
        }

        void tell(const diagnostics& why, T value)
        {
            auto reply = std::make_shared<store_answer<T>>();
            reply->why = why;
            reply->value = std::move(value);
            // Posted under the lock: whose context goes meanwhile waits for that.
            const std::lock_guard hold(mutex_);
            if (!done_) return;
            boost::asio::post(*on_, [done = std::move(done_), reply = std::move(reply)]() mutable {
                std::move(done)(std::move(reply));
            });
            done_ = nullptr;
            on_.reset();
        }
        void give_up(const diagnostics& why) override { tell(why, T()); }
        void drop() override
        {
            handler<T> dropped;
            const std::lock_guard hold(mutex_);
            dropped.swap(done_);
            on_.reset();
        }

    private:
        std::mutex mutex_;
        handler<T> done_;
        std::optional<boost::asio::any_io_executor> on_;  // counted as work until then
    };

    void remember(std::weak_ptr<waiting_base> one)
    {
        if (all_.size() == all_.capacity())
            std::erase_if(all_, [](const auto& old) { return old.expired(); });
        all_.push_back(std::move(one));
    }

    boost::asio::any_io_executor ex_;
    std::vector<std::weak_ptr<waiting_base>> all_;
    std::optional<diagnostics> given_up_;
};

/** One call of a store, to be awaited.

    @param call As for store_calls::start.
*/
template <class T, class Call>
[[nodiscard]] auto ask_store(std::shared_ptr<store_calls> by, Call call)
{
    return detail::initiate<void(store_reply<T>)>(
        boost::asio::deferred,
        [by = std::move(by), call = std::move(call)](store_calls::handler<T> h) mutable {
            by->start<T>(std::move(h), std::move(call));
        });
}

}  // namespace catena
