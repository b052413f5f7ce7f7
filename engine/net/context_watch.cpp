#include "net/context_watch.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

#include <utility>

namespace catena::net {

namespace asio = boost::asio;

void context_watch::add(const asio::any_io_executor& ex, std::weak_ptr<context_bound> b)
{
    auto& watch = asio::use_service<context_watch>(asio::query(ex, asio::execution::context));
    const std::lock_guard lock(watch.mutex_);
    std::erase_if(watch.bound_, [](const auto& w) { return w.expired(); });
    watch.bound_.push_back(std::move(b));
}

void context_watch::shutdown()
{
    std::vector<std::weak_ptr<context_bound>> all;
    {
        const std::lock_guard lock(mutex_);
        all.swap(bound_);
    }
    // The newest first, as destructors would: an engine before the transport that it is built on.
    for (; !all.empty(); all.pop_back())
        if (const auto b = all.back().lock()) b->on_context_gone();
}

}  // namespace catena::net
