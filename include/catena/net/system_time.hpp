// layer: net
#pragma once

#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace catena {

/** The machine's own clocks: the steady one for waiting, the wall clock for dates.

    @par Thread safety
    Distinct objects: safe. Shared objects: now() and wall_now() are safe, waiting is unsafe and
    belongs on the given executor.

    @par Lifetime
    Destruction completes outstanding waits with `operation_aborted`. The executor's context may
    be destroyed first: outstanding waits are then dropped unfinished.
*/
class system_time final : public timekeeper {
public:
    explicit system_time(boost::asio::any_io_executor ex);
    ~system_time() override;

    [[nodiscard]] time_point now() const noexcept override;
    [[nodiscard]] wall_time wall_now() const noexcept override;
    void async_wait_until(time_point t, handler done) override;

    struct impl;

private:
    std::shared_ptr<impl> impl_;
};

}  // namespace catena
