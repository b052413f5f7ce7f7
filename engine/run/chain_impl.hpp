#pragma once

#include "run/engine_impl.hpp"
#include <catena/chain.hpp>
#include <catena/core/chain_machine.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <memory>
#include <optional>
#include <string>

namespace catena {

/** Drives one machine: asks it what to do, does that, and tells it what happened.

    It is a state machine of callbacks rather than a coroutine, so that a chain which waits for the
    budget or sleeps costs a list node. Only the transport's exchange in flight is a coroutine.
*/
struct chain::impl final : std::enable_shared_from_this<chain::impl>, gate::waiter, alarm::sleeper {
    impl(std::shared_ptr<engine::impl> e, std::shared_ptr<const prepared> p, checkpoint from,
         const chain_limits& limits);
    ~impl();

    /// The call that is outstanding.
    struct call {
        page_handler done;
        boost::asio::any_completion_executor on;  // the handler's own, with its work counted
        bool cancelled = false;
    };

    enum class state { idle, queued, sleeping, exchanging, handing_over };

    void start(const std::shared_ptr<call>& c);

    /// Give `c` up; it completes with operation_aborted.
    void cancel(const std::shared_ptr<call>& c);
    /// The same for whichever call is outstanding.
    void cancel();

    /// The executor's context is going: destroy the outstanding call unfinished.
    void drop() noexcept;

    void step();
    void granted() override;
    void wake() override;
    void exchange(time_point now);
    void on_exchanged(error_code ec, exchange_report report);
    void take_answer(error_code ec, const exchange_report& report);
    void act_on(const page_verdict& verdict, std::uint64_t number);
    [[nodiscard]] page make_page(const page_verdict& verdict, std::uint64_t number);
    void report_failure(error_code ec);

    void finish(error_code ec, std::optional<page> p);
    void hand_over(const std::shared_ptr<call>& c, error_code ec);

    std::shared_ptr<engine::impl> home;
    std::shared_ptr<const prepared> way;
    chain_machine machine;
    chain_id id;

    state now = state::idle;
    std::shared_ptr<call> outstanding;
    std::weak_ptr<call> leaving;  // done, and on its way to its handler
    std::optional<page> ready;    // made, and not yet handed out
    std::unique_ptr<exchange_room> room;
    boost::asio::cancellation_signal abort_exchange;
    time_point sent{};
    time_point good_until{};
    std::string shown;  // the last request, secrets and cursors struck out
    diagnostics why;
    checkpoint handed_out;  // after the last page that the caller has
    std::uint32_t attempt = 0;
    bool end_told = false;
};

}  // namespace catena
