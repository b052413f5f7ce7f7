// Who goes first where a budget is short.
#include "run/gate.hpp"

#include "support/catch.hpp"
#include <catena/testing/sim.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

// Stands in the queue once and notes when its turn came.
struct in_line final : gate::waiter {
    in_line(gate& g, std::string& order, char name) : at(g), log(order), who(name) {}
    ~in_line() { at.withdraw(*this); }

    void granted(const budget::permit& p) override
    {
        log += who;
        at.release(p, exchange_outcome::good);
        at.pump();
    }
    void held(time_point) override {}

    gate& at;
    std::string& log;
    char who;
};

struct queue {
    explicit queue(std::uint32_t a_second = 1)
        : door(time, std::make_shared<catena::alarm>(time), time.get_executor(),
               std::make_shared<common_budget>())
    {
        limits_rule limits;
        limits.policies.emplace_back(a_second, 1s);
        (void)door.add(limits);
        add('0');  // spends what is there at once
    }

    void add(char who, lane l = lane::normal, time_point good_until = time_point::max(),
             bool repeat = false)
    {
        waiting.push_back(std::make_unique<in_line>(door, order, who));
        door.ask(*waiting.back(), {budget::share{}, repeat}, l, good_until);
    }

    sim time{1};
    gate door;
    std::string order;
    std::vector<std::unique_ptr<in_line>> waiting;
};

}  // namespace

TEST_CASE("within a lane all go as they came, and an urgent lane goes first", "[sim][gate]")
{
    queue q;
    q.add('a', lane::background);
    q.add('b');
    q.add('c');
    q.add('d', lane::urgent);
    q.add('e', lane::background);
    q.add('f', lane::urgent);
    q.time.run();
    CHECK(q.order == "0dfbcae");
}

TEST_CASE("chains whose cursor dies soon go first, by the moment it dies", "[sim][P7]")
{
    queue q;
    const time_point now = q.time.now();
    q.add('a');
    q.add('b', lane::normal, now + 1h);
    q.add('c', lane::normal, now + 4s);
    q.add('d', lane::normal, now + 3s);
    q.add('e', lane::background, now + 3s);
    q.add('f', lane::normal, now + 9s);  // near its end only once some have gone
    q.time.run();
    CHECK(q.order == "0dcafbe");
}

TEST_CASE("one that leaves the queue keeps nobody waiting", "[sim][U3]")
{
    queue q;
    q.add('a', lane::urgent);
    q.add('b', lane::normal, q.time.now() + 2s);
    q.add('c');
    q.waiting[1].reset();
    q.waiting[2].reset();
    q.time.run();
    CHECK(q.order == "0c");
}

TEST_CASE("repeats that have no room let first tries pass", "[sim][R10]")
{
    queue q(1000);
    for (int i = 0; i < 30; ++i)
        q.add('r', lane::normal, time_point::max(), true);
    q.add('a');
    q.add('b', lane::background);
    q.time.run_for(5s);
    CHECK(q.order.find('a') != std::string::npos);
    CHECK(q.order.find('b') != std::string::npos);
    CHECK(q.order.size() < 30);  // the reserve is spent, the others wait ...
    q.time.run();
    CHECK(q.order.size() == 33);  // ... and not for ever
}

TEST_CASE("during a hold none of a million goes, and then no more than the burst at once",
          "[sim][R3]")
{
    struct one_of_many final : gate::waiter {
        void granted(const budget::permit& p) override
        {
            sent->push_back(at->now());
            const time_point done = at->now() + 20ms;
            at->async_wait_until(done, [d = door, p](error_code) {
                d->release(p, exchange_outcome::good);
                d->pump();
            });
        }
        void held(time_point) override {}

        sim* at = nullptr;
        gate* door = nullptr;
        std::vector<time_point>* sent = nullptr;
    };

    sim time(1);
    limits_rule limits;
    limits.policies.emplace_back(200, 1s, 20);
    gate door(time, std::make_shared<catena::alarm>(time), time.get_executor(),
              std::make_shared<common_budget>());
    (void)door.add(limits);
    std::vector<time_point> sent;
    std::vector<one_of_many> waiting(1'000'000);
    (void)door.hold_until(time.now() + 60s, 500ms);
    const time_point end = door.shut_until() + 500ms;
    for (one_of_many& w : waiting) {
        w.at = &time;
        w.door = &door;
        w.sent = &sent;
        door.ask(w, {}, lane::normal, time_point::max());
    }
    (void)time.run_for(60s + 499ms);
    CHECK(sent.empty());
    CHECK(time.waiting() <= 1);
    CHECK(time.steps() <= 2);
    (void)time.run_for(60s);
    CHECK(sent.size() >= 200 * 59);
    CHECK(sent.size() <= 200 * 61);
    REQUIRE(sent.front() >= end);
    std::size_t at_once = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        at_once = i > 0 && sent[i] == sent[i - 1] ? at_once + 1 : 1;
        REQUIRE(at_once <= 20);
        if (i >= 200) REQUIRE(sent[i] - sent[i - 200] >= 1s - 20ms);
    }
    for (std::size_t i = 1; i < sent.size(); ++i)
        REQUIRE(sent[i] - sent[i - 1] <= 1s);
    for (one_of_many& w : waiting)
        door.withdraw(w);
}
