#pragma once

#include "run/alarm.hpp"
#include "run/common_budget.hpp"
#include "run/doorbell.hpp"
#include "run/waiting_line.hpp"
#include <catena/core/budget.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/quota_signal.hpp>
#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace catena {

/** One engine's way through a budget. Every request passes here.

    Its tickets stand in a @ref waiting_line beside those of other engines with the same budget.
    Repeats that the budget has no room for let first tries pass.

    @par Thread safety
    Unsafe: it belongs to the engine's executor. What gates share is behind common_budget.
*/
class gate final : public alarm::sleeper, public doorbell::owner {
public:
    /// Derive from it and be granted. Must withdraw before it is destroyed.
    class waiter {
    public:
        /// `p` is yours: send, then release(). May ask for another one.
        virtual void granted(const budget::permit& p) = 0;

        /// Nothing will be granted before `t`. May withdraw.
        virtual void held(time_point t) = 0;

    protected:
        ~waiter() = default;

    private:
        friend class gate;
        struct place final : ticket {
            explicit place(waiter* w) : of(w) {}
            waiter* of;
        };
        place place_{this};
    };

    /// @param common What other gates have too.
    gate(timekeeper& clock, std::shared_ptr<alarm> wakes, boost::asio::any_io_executor ex,
         std::shared_ptr<common_budget> common);
    ~gate();
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    /// A further connector shares this budget: all policies hold at once, the lower cap counts.
    budget::share add(const limits_rule& limits) { return common_->add(limits); }

    /// Queue up. The grant may come within this call.
    void ask(waiter& w, const budget::request& r, lane l, time_point good_until);
    void withdraw(waiter& w) noexcept;

    /** The exchange that a permit was used for has ended. Grants nothing yet: its answer may ask
        for a hold. Call pump() when that is known.

        @param why What it failed with, where it failed.
    */
    void release(const budget::permit& p, exchange_outcome how,
                 std::span<const quota_signal> told = {}, error_code why = {});

    /// Grant what may be granted now.
    void pump() { pump(false); }

    /** Grant nothing before `t`. @return Whether that is later than it was.

        @param later Nor for so much longer, of which nobody is told.
    */
    bool hold_until(time_point t, duration later = duration::zero());
    /// When a hold ends, or a quota that is used up begins anew; in the past if neither is.
    [[nodiscard]] time_point shut_until() const { return common_->shut_until(clock_.now()); }

    [[nodiscard]] budget_state state() const { return common_->state(clock_.now()); }

    /// Whether the server gives nothing but failures.
    [[nodiscard]] std::optional<outage> down() const { return common_->down(); }

    /// The server says how many requests may be in flight.
    void cap(std::uint32_t n) { common_->cap(n); }

    /// Whether this is the first time that such a limit is told of.
    [[nodiscard]] bool is_news(const other_limit& l);

    /// Called when another engine has found the server down once more.
    void on_news(std::function<void()> f) { news_ = std::move(f); }

    /// The engine goes: gives back all permits and forgets who waits.
    void leave() noexcept;

private:
    void wake() override { pump(true); }
    void come() override;
    void pump(bool woken);
    void grant_all(bool woken);
    void tell_held(time_point t);

    timekeeper& clock_;
    std::shared_ptr<alarm> wakes_;
    std::shared_ptr<common_budget> common_;
    std::shared_ptr<doorbell> bell_;
    std::shared_ptr<common_budget::member> me_;
    std::function<void()> news_;
    std::vector<other_limit> heard_of_;
    time_point told_ = time_point::min();  // those that wait, until when it is shut
    bool pumping_ = false;
    bool left_ = false;
};

}  // namespace catena
