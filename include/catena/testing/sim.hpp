// layer: testing
#pragma once

#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/testing/calendar.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace catena::testing {

/** A world that runs on a seed instead of on a machine.

    Every handler that is ready may run next; the seed decides which. Time stands still until
    nothing is ready and then jumps to the next deadline, so a test of a three-hour backoff takes
    microseconds, and a failing seed replays the same order every time.

    Works with `asio::any_io_executor`, `co_spawn`, strands and awaitable operators. There is no
    reactor: what runs here waits only through this timekeeper.

    @par Guarantee
    The same seed and the same program give the same order of handlers, the same times and the
    same @ref trace.

    @par Lifetime
    Destruction destroys handlers that never ran, with what they own.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class sim final : public boost::asio::execution_context, public timekeeper {
public:
    class executor;

    /// @param most_steps Handlers after which a run is taken for a runaway.
    explicit sim(std::uint64_t seed, std::uint64_t most_steps = 20'000'000);
    ~sim() override;
    sim(const sim&) = delete;
    sim& operator=(const sim&) = delete;

    [[nodiscard]] executor get_executor() noexcept;

    [[nodiscard]] time_point now() const noexcept override { return now_; }
    [[nodiscard]] wall_time wall_now() const noexcept override;
    void async_wait_until(time_point t, handler done) override;

    /** Run until nothing is ready and nobody waits.

        An exception of a handler leaves through here; the world can be run on afterwards.

        @return Handlers run.
        @throws std::runtime_error after `most_steps` handlers in all: something turns in a circle.
    */
    std::size_t run();

    /// Run until `holds`, asked before every handler. @return Whether it does.
    bool run_until(const std::function<bool()>& holds);

    /// Run what happens within the next `span`; time then stands exactly at its end.
    std::size_t run_for(duration span);

    /// Run one handler, letting time pass if none is ready. @return Whether there was one.
    bool step();

    /// Let time pass while nothing runs: a host that blocks its loop.
    void stall(duration span);

    /// Turn the calendar without touching the timeline: someone sets the machine's clock.
    void turn_calendar(std::chrono::nanoseconds by) { turned_ += by; }

    /// A number below `bound`, from the world's seed. @pre `bound > 0`.
    [[nodiscard]] std::uint64_t draw(std::uint64_t bound);

    [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }
    /// A hash of every choice and every time so far; equal for equal runs.
    [[nodiscard]] std::uint64_t trace() const noexcept { return trace_; }
    [[nodiscard]] std::size_t ready() const noexcept { return ready_.size(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return waits_.size(); }

private:
    struct task {
        virtual ~task() = default;
        virtual void run() = 0;
    };
    template <class F>
    struct task_of;
    using moment = std::pair<time_point, std::uint64_t>;

    void queue(std::unique_ptr<task> t);
    void finish(handler done, error_code ec);
    bool pass_time(time_point limit);
    void run_ready();
    void note(std::uint64_t what) noexcept;

    std::vector<std::unique_ptr<task>> ready_;
    std::map<moment, handler> waits_;
    std::uint64_t seed_, chance_, most_steps_;
    std::uint64_t steps_ = 0;
    std::uint64_t trace_ = 0xcbf29ce484222325;
    std::uint64_t waits_begun_ = 0;
    time_point now_{std::chrono::hours(1)};  // not zero: a forgotten default is then in the past
    std::chrono::nanoseconds turned_{};
    bool inside_ = false;
    bool closing_ = false;
};

template <class F>
struct sim::task_of final : task {
    explicit task_of(F&& f) : work(std::move(f)) {}
    void run() override { std::move(work)(); }

    F work;
};

/** Runs handlers in a @ref sim.

    `post` queues; `dispatch` from inside a handler of the same world runs at once.
*/
class sim::executor {
public:
    explicit executor(sim& world) noexcept : world_(&world) {}

    [[nodiscard]] boost::asio::execution_context& query(
        boost::asio::execution::context_t) const noexcept
    {
        return *world_;
    }

    [[nodiscard]] boost::asio::execution::blocking_t query(
        boost::asio::execution::blocking_t) const noexcept
    {
        if (inline_) return boost::asio::execution::blocking.possibly;
        return boost::asio::execution::blocking.never;
    }

    [[nodiscard]] executor require(boost::asio::execution::blocking_t::possibly_t) const noexcept
    {
        return executor(*world_, true);
    }

    [[nodiscard]] executor require(boost::asio::execution::blocking_t::never_t) const noexcept
    {
        return executor(*world_, false);
    }

    template <class F>
    void execute(F f) const
    {
        if (inline_ && world_->inside_) {
            std::move(f)();
        } else {
            world_->queue(std::make_unique<task_of<F>>(std::move(f)));
        }
    }

    friend bool operator==(const executor&, const executor&) noexcept = default;

private:
    executor(sim& world, bool may_inline) noexcept : world_(&world), inline_(may_inline) {}

    sim* world_;
    bool inline_ = true;
};

inline sim::executor sim::get_executor() noexcept { return executor(*this); }

}  // namespace catena::testing
