// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <chrono>
#include <cstdint>

namespace catena {

/// How an exchange ended, as far as the server's health goes.
enum class exchange_outcome : unsigned char {
    good,     ///< It answered, with whatever.
    light,    ///< Likewise, to a request so light that the time it took says nothing of others.
    refused,  ///< It answered that there were too many (429).
    trouble,  ///< No answer, or one of distress: 500 to 599, 408, a broken connection.
    unknown,  ///< Given up on our side: says nothing.
};

/** How many requests may be in flight to one server, learnt from how it fares.

    Without a bound until something goes wrong. A refusal halves what is in flight and the way back
    up is that of TCP (RFC 5681): one more for each answer up to half of what went wrong, then one
    more a round. Refusals of requests that were on their way already count once. A server that
    only fails is left alone but for one probe at a time, at growing intervals, and the first good
    answer starts the way up from one request. A server that becomes eight times as slow as it was
    gets fewer at once.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class flow {
public:
    static constexpr std::uint32_t failures_to_probe = 5;  ///< In a row, without a good answer.
    static constexpr duration first_probe = std::chrono::seconds(1);
    static constexpr duration longest_probe = std::chrono::seconds(30);

    /// When the next request may go; max(): not before one in flight has ended.
    [[nodiscard]] time_point earliest(time_point now) const noexcept;

    void sent(time_point now) noexcept;

    /// @param begun When the request was sent.
    void ended(exchange_outcome how, time_point begun, time_point now) noexcept;

    /// Begin anew with one request at a time: a hold is over.
    void start_slowly(time_point now) noexcept;

    /// Only probes go out.
    [[nodiscard]] bool down() const noexcept { return failures_ >= failures_to_probe; }

    /// When the first of the failures came that no other answer has followed; max(): none.
    [[nodiscard]] time_point failing_since() const noexcept
    {
        return failures_ == 0 ? time_point::max() : failing_since_;
    }

    /// Requests that may be in flight; max of the type: as many as one likes.
    [[nodiscard]] std::uint32_t bound() const noexcept;

    /// Nothing is known that would bound it.
    [[nodiscard]] bool free() const noexcept { return bound_ >= boundless && failures_ == 0; }

    [[nodiscard]] std::uint32_t in_flight() const noexcept { return in_flight_; }

private:
    [[nodiscard]] bool is_slow(duration took) noexcept;
    void good(time_point begun, time_point now, bool timed) noexcept;
    void shrink(double to, time_point now) noexcept;
    void trouble(time_point begun, time_point now) noexcept;

    static constexpr double boundless = 1e9;

    double bound_ = boundless;
    double gentle_from_ = boundless;  // the way up is slow from here on
    time_point shrunk_ = time_point::min();
    time_point full_ = time_point::min();  // when the bound was last reached
    time_point probe_at_ = time_point::min();
    time_point failing_since_{};
    duration probe_pause_ = first_probe;
    double usual_ = 0, recent_ = 0;  // time an exchange takes: of long, and of late
    std::uint32_t samples_ = 0;
    std::uint32_t in_flight_ = 0;
    std::uint32_t failures_ = 0;
};

}  // namespace catena
