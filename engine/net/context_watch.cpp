#include "net/context_watch.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

namespace catena::net {

namespace asio = boost::asio;

context_watch::guard::guard(const std::shared_ptr<wire>& w) : wire_(w)
{
    auto& watch = asio::use_service<context_watch>(asio::query(w->ex, asio::execution::context));
    list_ = watch.list_;
    mutex_ = watch.mutex_;
    const std::lock_guard<std::mutex> lock(*mutex_);
    list_->push_back(w.get());
}

context_watch::guard::~guard()
{
    const std::lock_guard<std::mutex> lock(*mutex_);
    std::erase(*list_, wire_.get());
}

void context_watch::shutdown()
{
    std::vector<wire*> all;
    {
        const std::lock_guard<std::mutex> lock(*mutex_);
        all.swap(*list_);
    }
    for (wire* w : all)
        if (!w->closed) w->stop(timed::stop::context_gone);
}

}  // namespace catena::net
