// layer: net
#pragma once

#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <boost/asio/any_completion_handler.hpp>

namespace catena {

/** The only thing that knows what time it is.

    @par Thread safety
    As its implementation says; the engine calls it from its executor only.
*/
class timekeeper {
public:
    using handler = boost::asio::any_completion_handler<void(error_code)>;

    virtual ~timekeeper() = default;

    /// A moment that never goes backwards and does not follow the wall clock.
    [[nodiscard]] virtual time_point now() const noexcept = 0;

    /// The calendar, for reading HTTP dates.
    [[nodiscard]] virtual wall_time wall_now() const noexcept = 0;

    /** Complete at `t`, or as soon as possible if that has passed; never inside this call.

        @par Errors
        `asio::error::operation_aborted` when cancelled through the handler's slot (any type), or
        when this object is destroyed.
    */
    virtual void async_wait_until(time_point t, handler done) = 0;
};

}  // namespace catena
