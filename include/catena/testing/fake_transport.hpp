// layer: testing
#pragma once

#include <catena/core/http.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/net/transport.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace catena::testing {

/// How one exchange of a fake_transport breaks.
struct wire_fault {
    enum class kind {
        refused,        ///< No connection: `asio::error::connection_refused`.
        stale,          ///< errc::connection_stale: nothing was answered.
        reset_in_head,  ///< `asio::error::connection_reset` after some octets of the head.
        reset_in_body,  ///< The same after `octets` of the body.
        truncated,      ///< errc::truncated after `octets` of the body.
        hang,           ///< No answer, until cancelled.
        hang_in_body,   ///< `octets` of the body and no more, until cancelled.
        status,         ///< Answered with `status`, and the server is not asked.
        late,           ///< Answered, but `delay` later.
    };

    explicit wire_fault(kind k, std::size_t n = 0) : what(k), octets(n) {}

    kind what;
    std::size_t octets;
    int status = 503;
    duration delay = std::chrono::minutes(1);
};

/// One exchange, as the transport saw it.
struct exchanged {
    time_point begun{};
    std::optional<time_point> ended;
    std::uint64_t connection = 0;  ///< From 1; 0: none, see errc::session_lost.
    http_request request;
    error_code outcome;
};

struct fake_transport_options {
    fake_transport_options() {}

    std::uint64_t seed = 1;
    duration latency = std::chrono::milliseconds(10);  ///< Half before the server, half after.
    duration jitter{};                                 ///< Up to this more, by the seed.
    duration piece_gap{};                              ///< Between two pieces of a body.
    std::size_t pieces = 4;         ///< At most; where a body is cut is up to the seed.
    std::uint64_t close_after = 0;  ///< Exchanges a connection serves; 0: any number.
};

/** A transport without a network: a function answers, and any exchange can be made to fail.

    The answer is made when the request arrives, half the latency after the call. Runs on any
    executor and waits through the timekeeper only, so in a @ref sim it runs in virtual time.

    An exchange goes over the connection of its session that fell idle last, or else over a new one,
    as http_request::on says. One that fails takes its connection with it.

    @par Cancellation
    Any type, at any moment: completes with `asio::error::operation_aborted` without a wait. What
    the server has done stays done.

    @par Lifetime
    The timekeeper and the executor's context outlive this object.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class fake_transport final : public transport {
public:
    fake_transport(boost::asio::any_io_executor ex, timekeeper& time, server s,
                   const fake_transport_options& o = {});
    ~fake_transport() override;
    fake_transport(const fake_transport&) = delete;
    fake_transport& operator=(const fake_transport&) = delete;

    void async_exchange(const http_request& ask, response_receiver& to, handler done) override;

    /// The lever: exchange `number`, counted from 0, breaks in that way.
    void fail(std::size_t number, const wire_fault& how);
    /// Every exchange is put to `choose`, which may break it. Asked when no fail() applies.
    void fail_by(std::function<std::optional<wire_fault>(std::size_t, const http_request&)> choose);

    [[nodiscard]] const std::vector<exchanged>& log() const noexcept;
    [[nodiscard]] std::size_t in_flight() const noexcept;
    [[nodiscard]] std::size_t most_in_flight() const noexcept;

private:
    struct impl;
    struct exchange;
    std::shared_ptr<impl> impl_;
};

}  // namespace catena::testing
