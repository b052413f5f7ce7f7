#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace catena::net {

/// What hangs on an io_context, but may live longer.
class context_bound {
public:
    /// The context is being destroyed: let go of what hangs on it. Nothing completes any more.
    virtual void on_context_gone() = 0;

protected:
    ~context_bound() = default;
};

/** Learns that a context is about to be destroyed, and tells what would outlive it.

    An idle socket or a timer that is destroyed after its io_context touches freed memory, and
    nothing forbids a program to end in that order.

    @par Thread safety
    Shared objects: safe; transports and engines on several strands share one.
*/
class context_watch final : public boost::asio::execution_context::service {
public:
    static inline boost::asio::execution_context::id id;

    explicit context_watch(boost::asio::execution_context& context) : service(context) {}

    /// Tell `b`, if it is still alive, when the context of `ex` goes.
    static void add(const boost::asio::any_io_executor& ex, std::weak_ptr<context_bound> b);

private:
    void shutdown() override;

    std::mutex mutex_;
    std::vector<std::weak_ptr<context_bound>> bound_;
};

}  // namespace catena::net
