#include "testing/chance.hpp"
#include <catena/testing/sim.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;

sim::sim(std::uint64_t seed, std::uint64_t most_steps)
    : seed_(seed), chance_(seed), most_steps_(most_steps)
{
}

sim::~sim()
{
    closing_ = true;

    // A signal of the host may outlive this world and must then find nothing.
    for (auto& wait : waits_)
        asio::get_associated_cancellation_slot(wait.second).clear();

    // A handler's end may end others: each is out of the container before it dies.
    while (!ready_.empty() || !waits_.empty()) {
        const auto ready = std::exchange(ready_, {});
        const auto waits = std::exchange(waits_, {});
    }
    shutdown();
    destroy();
}

wall_time sim::wall_now() const noexcept
{
    return calendar_start + now_.time_since_epoch() + turned_;
}

std::uint64_t sim::draw(std::uint64_t bound) { return draw_below(chance_, bound); }

void sim::note(std::uint64_t what) noexcept
{
    for (int i = 0; i < 8; ++i, what >>= 8)
        trace_ = (trace_ ^ (what & 0xff)) * 0x100000001b3;
}

void sim::queue(std::unique_ptr<task> t)
{
    if (!closing_) ready_.push_back(std::move(t));
}

void sim::finish(handler done, error_code ec)
{
    auto on = asio::get_associated_executor(done, asio::any_completion_executor(get_executor()));
    auto complete = [done = std::move(done), on = std::move(on), ec]() mutable {
        asio::dispatch(on, [done = std::move(done), ec]() mutable { std::move(done)(ec); });
    };
    queue(std::make_unique<task_of<decltype(complete)>>(std::move(complete)));
}

void sim::async_wait_until(time_point t, handler done)
{
    if (t <= now_) return finish(std::move(done), {});

    const moment at(t, ++waits_begun_);
    auto slot = asio::get_associated_cancellation_slot(done);
    waits_.emplace(at, std::move(done));
    if (!slot.is_connected()) return;
    slot.assign([this, at](asio::cancellation_type type) {
        if (type == asio::cancellation_type::none) return;
        auto wait = waits_.extract(at);
        if (wait.empty()) return;
        finish(std::move(wait.mapped()), asio::error::operation_aborted);
    });
}

bool sim::pass_time(time_point limit)
{
    if (waits_.empty() || waits_.begin()->first.first > limit) return false;
    now_ = std::max(now_, waits_.begin()->first.first);
    note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));

    // All that is due at once is ready at once: the seed orders it, not the order of the calls.
    while (!waits_.empty() && waits_.begin()->first.first <= now_) {
        handler due = std::move(waits_.begin()->second);
        waits_.erase(waits_.begin());
        asio::get_associated_cancellation_slot(due).clear();
        finish(std::move(due), {});
    }
    return true;
}

void sim::run_ready()
{
    if (steps_ == most_steps_)
        throw std::runtime_error("simulated world: no end after " + std::to_string(steps_) +
                                 " handlers; seed " + std::to_string(seed_));
    ++steps_;

    const std::size_t chosen = draw(ready_.size());
    note(chosen);
    std::swap(ready_[chosen], ready_.back());
    const std::unique_ptr<task> work = std::move(ready_.back());
    ready_.pop_back();

    struct within {
        explicit within(bool& flag) : inside(flag) { inside = true; }
        ~within() { inside = false; }
        bool& inside;
    } const guard(inside_);
    work->run();
}

bool sim::step()
{
    if (ready_.empty() && !pass_time(time_point::max())) return false;
    run_ready();
    return true;
}

std::size_t sim::run()
{
    std::size_t ran = 0;
    while (step())
        ++ran;
    return ran;
}

bool sim::run_until(const std::function<bool()>& holds)
{
    while (!holds()) {
        if (!step()) return holds();
    }
    return true;
}

std::size_t sim::run_for(duration span)
{
    const time_point end = saturating_add(now_, span);
    std::size_t ran = 0;
    while (!ready_.empty() || pass_time(end)) {
        run_ready();
        ++ran;
    }
    now_ = end;
    return ran;
}

void sim::stall(duration span) { now_ = saturating_add(now_, span); }

}  // namespace catena::testing
