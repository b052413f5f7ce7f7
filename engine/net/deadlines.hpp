#pragma once

#include <catena/core/time.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace catena::net {

/** Something that must be told when a moment has passed. */
class timed : public std::enable_shared_from_this<timed> {
public:
    virtual ~timed() = default;

    /// The moment set has passed. May set another one, or leave the list.
    virtual void on_overdue(time_point now) = 0;

    enum class stop {
        closing,       ///< The transport is destroyed.
        context_gone,  ///< The context is; nothing can be completed any more.
    };
    virtual void on_stop(stop why) = 0;

private:
    friend class deadlines;
    time_point due_ = time_point::max();
    std::size_t place_ = 0;
    bool listed_ = false;
};

/** Many deadlines on one timer.

    Setting a deadline later than the timer's is a store; the timer finds out when it wakes. Wakes
    are at least 5 ms apart, so a deadline may be noticed that much late. When nothing is listed
    the timer is let go, soon, so that it keeps no io_context running.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class deadlines : public std::enable_shared_from_this<deadlines> {
public:
    explicit deadlines(const boost::asio::any_io_executor& ex) : ex_(ex), timer_(ex) {}

    /// Put on the list, or move the moment. `t` must be owned by a shared_ptr.
    void set(timed& t, time_point due);
    void remove(timed& t) noexcept;

    /// Let the timer go if nothing is listed by the time this is looked at.
    void settle();

    /// Tell all that are listed, and drop the timer.
    void stop(timed::stop why);

private:
    void arm(time_point at);
    void wake();

    boost::asio::any_io_executor ex_;
    std::optional<boost::asio::steady_timer> timer_;
    std::vector<timed*> listed_;
    time_point armed_ = time_point::max();
    bool settling_ = false;
    bool pardoned_ = false;
};

}  // namespace catena::net
