// What a plan says against what walks take.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/plan.hpp>

#include <chrono>
#include <deque>
#include <iostream>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

// As many chains as ranges, each over the whole dataset of a world.
duration walk_at_once(world& w, std::uint32_t ranges)
{
    std::deque<chain> chains;
    std::deque<harvest> out(ranges);
    const time_point begun = w.time.now();
    for (harvest& h : out) {
        chains.emplace_back(*w.on, w.contract);
        boost::asio::co_spawn(w.time.get_executor(), gather(chains.back(), h),
                              boost::asio::detached);
    }
    w.time.run();
    time_point last = begun;
    for (const exchanged& e : w.wire.log())
        last = std::max(last, e.ended.value_or(begun));
    for (const harvest& h : out) {
        INFO(h.why.text());
        REQUIRE(h.done);
        REQUIRE(h.records.size() == w.model.records().size());
    }
    return last - begun;
}

}  // namespace

TEST_CASE("walks take as long as their plan says", "[sim][plan]")
{
    struct row {
        std::uint32_t ranges, requests, burst, concurrency;
        rate_policy::window counts;
        plan::bound bound_by;
    };
    using window = rate_policy::window;
    const row rows[] = {
        {1, 0, 0, 0, window::sliding, plan::bound::walk},
        {8, 0, 0, 0, window::sliding, plan::bound::walk},
        {8, 0, 0, 3, window::sliding, plan::bound::concurrency},
        {8, 20, 1, 0, window::sliding, plan::bound::limit},
        {8, 20, 20, 0, window::sliding, plan::bound::limit},
        {8, 20, 10, 0, window::bucket, plan::bound::limit},
        {1, 20, 1, 0, window::sliding, plan::bound::walk},
    };
    for (const row& r : rows) {
        CAPTURE(&r - rows);
        connector c = contract("token");
        c.limits.concurrency = r.concurrency;
        if (r.requests != 0) {
            c.limits.policies = {rate_policy(r.requests, 1s, r.burst)};
            c.limits.policies[0].counts = r.counts;
        }
        world w(3, c, 700);
        estimate e;
        e.records = 700 * r.ranges;
        e.rtt = world::transport_options(3).latency;
        e.server_time = 90ms;
        w.wire.fail_by([&](std::size_t, const http_request&) {
            std::optional<wire_fault> slow = wire_fault(wire_fault::kind::late);
            slow->delay = *e.server_time;
            return slow;
        });
        e.ranges = r.ranges;
        const plan p = make_plan(c, e);
        CHECK(p.bound_by == r.bound_by);
        const duration took = walk_at_once(w, r.ranges);
        const double ratio =
            static_cast<double>(took.count()) / static_cast<double>(p.time->count());
        std::cout << "plan " << p.time->count() / 1'000'000 << " ms, walk "
                  << took.count() / 1'000'000 << " ms\n";
        CHECK(ratio == Approx(1).margin(0.05));
    }
}
