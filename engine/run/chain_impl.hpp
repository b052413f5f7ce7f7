#pragma once

#include "run/chain_session.hpp"
#include "run/engine_impl.hpp"
#include <catena/chain.hpp>
#include <catena/core/chain_machine.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace catena {

/** Drives one machine: asks it what to do, does that, and tells it what happened.

    It is a state machine of callbacks rather than a coroutine, so that a chain which waits for the
    budget or sleeps costs a list node. Only the transport's exchange in flight is a coroutine.
*/
/// What chains did, by number.
struct chain_counts {
    std::uint64_t requests = 0, rebuilds = 0, holds = 0;
};

struct chain::impl final : std::enable_shared_from_this<chain::impl>,
                           gate::waiter,
                           alarm::sleeper,
                           credential_source::waiter {
    impl(std::shared_ptr<engine::impl> e, std::shared_ptr<const prepared> p,
         std::shared_ptr<const checkpoint> from, const chain_limits& limits);
    ~impl();

    /// A call of next_page(), from its start to its handler.
    struct call {
        page_handler done;
        boost::asio::any_completion_executor on;  // the handler's own, with its work counted
        std::atomic<bool> cancelled = false;      // set where the signal is emitted
        std::atomic<bool> given = false;          // its handler has been reached
    };

    enum class state { idle, proving, queued, sleeping, exchanging, handing_over };

    void start(const std::shared_ptr<call>& c);

    /// Give `c` up, if it is still outstanding; it completes with operation_aborted.
    void cancel(const std::shared_ptr<call>& c);
    /// The same for whichever call is outstanding.
    void cancel();

    /// The executor's context is going: destroy the outstanding call unfinished.
    void drop() noexcept;

    void step();
    void prove();
    void proven() override;
    void not_proven(error_code ec, const std::string& detail) override;
    void queue_up();
    void tell_of_proof();
    void granted(const budget::permit& p) override;
    void held(time_point t) override;
    void wake() override;
    void use_permit(time_point t);
    [[nodiscard]] boost::system::result<http_request> request(diagnostics& refusal) const;
    void join_session(http_request& ask) const;
    [[nodiscard]] cookie_jar* jar_for(const http_request& ask) const;
    void exchange(time_point t);
    void on_exchanged(error_code ec, exchange_report report);
    void take_answer(error_code ec, const exchange_report& report);
    void give_back(exchange_outcome how, std::span<const quota_signal> told = {},
                   error_code failed_with = {});
    void hold(duration d, time_point t);
    void heed(const page_verdict& verdict, std::uint64_t number);
    void heed(const other_limit& l, std::uint64_t number);
    void tell(notice::kind what, std::string text, std::uint64_t number);
    void act_on(const page_verdict& verdict, std::uint64_t number);
    [[nodiscard]] std::unique_ptr<page> make_page(const page_verdict& verdict,
                                                  std::uint64_t number);
    void look_at_shape(const page_content& content, std::uint64_t number);
    void report_failure(error_code ec);

    void finish(error_code ec, std::unique_ptr<page> p);
    void hand_over(const std::shared_ptr<call>& c, error_code ec);
    void give(const std::shared_ptr<call>& c, error_code ec, std::unique_ptr<page> p);
    [[nodiscard]] bool given_up() const noexcept;
    [[nodiscard]] bool too_long(time_point held) const noexcept;
    void end_for_hold(time_point held);
    void on_outage(const outage& o);

    std::shared_ptr<engine::impl> home;
    std::shared_ptr<const prepared> way;
    std::shared_ptr<chain_counts> counts;  // of a job's chains together
    chain_machine machine;
    chain_id id;

    state now = state::idle;
    std::shared_ptr<call> outstanding;
    std::weak_ptr<call> leaving;  // done, and on its way to its handler
    std::unique_ptr<page> ready;  // made, and not yet handed out
    std::mutex returned_guard;
    std::unique_ptr<page> returned;  // by a call that was cancelled on its handler's own executor
    std::unique_ptr<chain_session> session;  // if the connector has one
    std::unique_ptr<exchange_room> room;
    boost::asio::cancellation_signal abort_exchange;
    time_point sent{};
    time_point good_until{};
    budget::permit permit{};
    page::way asked_by = page::way::start;
    std::string shown;                 // the last request, secrets and cursors struck out
    std::unique_ptr<diagnostics> why;  // once it has failed
    std::shared_ptr<const checkpoint> handed_out;  // after the last page that the caller has
    std::optional<std::uint64_t> told_total;       // by the last answer
    std::uint64_t shown_generation = 0;            // of the credentials in the last request
    std::uint32_t attempt = 0;
    bool repeat = false;
    bool renewing = false;  // the credentials, since this chain's were refused
    time_point wanted{};    // since when the caller waits for this page
    duration longest_hold;
    duration longest_outage;
    lane goes;
    bool light;  // its requests, beside those of others
    bool end_told = false;
    bool abandoned = false;  // its chain is gone: a call that has yet to start ends at once
};

}  // namespace catena
