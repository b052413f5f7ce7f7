// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace catena {

/** When a credential that many chains share is fetched, used, renewed and given up.

    There is at most one fetch at a time. A credential is renewed while the old one still serves,
    so that nobody waits; one that was refused, or has run out, serves nobody. After a failed fetch
    there is none for a while: a thousand chains do not ask a thousand times.

    @par Invariants
    step::fetch and step::use_and_fetch are followed by exactly one fetched(), failed() or
    given_up().

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class credential_life {
public:
    static constexpr duration first_pause = std::chrono::seconds(1);
    static constexpr duration longest_pause = std::chrono::seconds(30);
    /// Renewed so long before its end, or a tenth of its life if that is shorter.
    static constexpr duration ahead = std::chrono::minutes(1);

    enum class step {
        use,            ///< It is good.
        use_and_fetch,  ///< It is good; begin to fetch the next one.
        fetch,          ///< Begin to fetch one, and wait for it.
        wait,           ///< One is being fetched.
        fail,           ///< The last fetch failed a moment ago; it would fail again.
    };

    /// Somebody wants to send.
    [[nodiscard]] step ask(time_point now) noexcept;

    /// @param good_for From `now`; unknown: until it is refused.
    void fetched(time_point now, std::optional<duration> good_for) noexcept;
    void failed(time_point now) noexcept;

    /// Nobody waits any more and the fetch was broken off: it says nothing.
    void given_up() noexcept { fetching_ = false; }

    /// The API refused what generation `g` proved. An older one than the current tells nothing.
    void refused(std::uint64_t g) noexcept;

    /// Whether the current one may be sent.
    [[nodiscard]] bool good(time_point now) const noexcept { return now < good_until_; }

    /// Grows by one with each credential; 0: there was none yet.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

    [[nodiscard]] bool fetching() const noexcept { return fetching_; }

private:
    time_point good_until_ = time_point::min();
    time_point renew_at_ = time_point::min();
    time_point fetch_from_ = time_point::min();  // no fetch before
    duration pause_ = first_pause;
    std::uint64_t generation_ = 0;
    bool fetching_ = false;
};

}  // namespace catena
