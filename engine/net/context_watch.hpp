#pragma once

#include "net/wire.hpp"

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace catena::net {

/** Learns that a context is about to be destroyed, and drops what would outlive it.

    An idle socket or a timer that is destroyed after its io_context touches freed memory, and
    nothing forbids a program to end in that order.

    @par Thread safety
    Shared objects: safe; transports on several strands share one.
*/
class context_watch final : public boost::asio::execution_context::service {
public:
    static inline boost::asio::execution_context::id id;

    explicit context_watch(boost::asio::execution_context& context)
        : boost::asio::execution_context::service(context)
    {
    }

    /// Keeps a wire on the list.
    class guard {
    public:
        explicit guard(const std::shared_ptr<wire>& w);
        ~guard();
        guard(const guard&) = delete;
        guard& operator=(const guard&) = delete;

    private:
        std::shared_ptr<wire> wire_;
        std::shared_ptr<std::vector<wire*>> list_;  // outlives the context
        std::shared_ptr<std::mutex> mutex_;
    };

private:
    void shutdown() override;

    std::shared_ptr<std::vector<wire*>> list_ = std::make_shared<std::vector<wire*>>();
    std::shared_ptr<std::mutex> mutex_ = std::make_shared<std::mutex>();
};

}  // namespace catena::net
