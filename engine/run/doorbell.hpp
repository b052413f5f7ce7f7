#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace catena {

/** Brings someone to its own executor, from any thread.

    @par Thread safety
    Shared objects: safe. close() comes from the owner's executor, or when nothing runs there.
*/
class doorbell : public std::enable_shared_from_this<doorbell> {
public:
    class owner {
    public:
        /// Somebody rang. On the owner's executor.
        virtual void come() = 0;

    protected:
        ~owner() = default;
    };

    doorbell(boost::asio::any_io_executor ex, owner& o) : ex_(std::move(ex)), owner_(&o) {}

    /// Post owner::come(); nothing once closed. Out of memory it stays silent.
    void ring() noexcept;

    /// Neither owner nor executor is touched any more: they may go.
    void close() noexcept;

private:
    // Held while posting, so that the executor's context cannot go meanwhile. A post runs nothing.
    std::mutex mutex_;
    boost::asio::any_io_executor ex_;
    owner* owner_;
};

/// Bells to be rung once nothing is locked.
using bells = std::vector<std::shared_ptr<doorbell>>;

void ring(const bells& all) noexcept;

}  // namespace catena
