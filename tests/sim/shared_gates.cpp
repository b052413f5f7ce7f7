// Engines that share a budget: who goes first over all of them, and what one that goes leaves.
#include "run/gate.hpp"
#include "support/catch.hpp"
#include <catena/testing/sim.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Stands in a queue; holds its permit until it is told to give it back.
struct in_line final : gate::waiter {
    in_line(gate& g, std::string& order, char name) : at(&g), log(order), who(name) {}
    ~in_line()
    {
        if (at != nullptr) at->withdraw(*this);
    }

    void granted(const budget::permit& p) override
    {
        log += who;
        has = p;
        if (keeps) return;
        give_back(exchange_outcome::good);
    }
    void held(time_point t) override { held_until = t; }

    void give_back(exchange_outcome how)
    {
        at->release(*std::exchange(has, std::nullopt), how);
        at->pump();
    }

    gate* at;
    std::string& log;
    char who;
    bool keeps = false;
    std::optional<budget::permit> has;
    std::optional<time_point> held_until;
};

// Engines of one world with one budget. The last may have an executor that does not run by itself.
struct office {
    explicit office(const limits_rule& l, std::size_t gates = 2, bool last_stands_still = false)
    {
        for (std::size_t i = 0; i < gates; ++i) {
            alarms.push_back(std::make_shared<catena::alarm>(time));
            asio::any_io_executor ex = time.get_executor();
            if (last_stands_still && i + 1 == gates) ex = still.get_executor();
            doors.push_back(std::make_unique<gate>(time, alarms.back(), ex, common));
            (void)doors.back()->add(l);
        }
    }

    in_line& add(std::size_t door, char who, bool keeps = false, lane l = lane::normal,
                 time_point good_until = time_point::max())
    {
        waiting.push_back(std::make_unique<in_line>(*doors[door], order, who));
        waiting.back()->keeps = keeps;
        doors[door]->ask(*waiting.back(), {}, l, good_until);
        return *waiting.back();
    }

    asio::io_context still;
    sim time{1};
    std::shared_ptr<common_budget> common = std::make_shared<common_budget>();
    std::vector<std::shared_ptr<catena::alarm>> alarms;
    std::vector<std::unique_ptr<gate>> doors;
    std::string order;
    std::vector<std::unique_ptr<in_line>> waiting;
};

limits_rule a_second(std::uint32_t n)
{
    limits_rule l;
    l.policies.emplace_back(n, 1s);
    return l;
}

limits_rule at_once(std::uint32_t n)
{
    limits_rule l;
    l.concurrency = n;
    return l;
}

}  // namespace

TEST_CASE("over all engines of a budget those who asked first go first", "[sim][gate][R3]")
{
    office o(a_second(1), 3);
    o.add(0, '0');
    const time_point now = o.time.now();
    o.add(0, 'a', false, lane::background);
    o.add(1, 'b');
    o.add(2, 'c');
    o.add(0, 'd');
    o.add(2, 'e', false, lane::normal, now + 4s);
    o.add(1, 'f', false, lane::urgent);
    o.add(1, 'g', false, lane::normal, now + 3s);
    o.time.run();
    CHECK(o.order == "0fgebcda");
}

TEST_CASE("a permit given back by one engine wakes those who wait in another", "[sim][gate][R3]")
{
    office o(at_once(1));
    in_line& first = o.add(0, 'a', true);
    o.add(1, 'b');
    o.time.run();
    CHECK(o.order == "a");
    CHECK(o.time.waiting() == 0);  // nobody polls
    first.give_back(exchange_outcome::good);
    CHECK(o.order == "a");  // not on this engine's executor
    o.time.run();
    CHECK(o.order == "ab");
}

TEST_CASE("an engine that waits for a moment sleeps by itself until then", "[sim][gate][R3]")
{
    limits_rule l = a_second(1);
    l.concurrency = 1;
    office o(l);
    in_line& first = o.add(0, 'a', true);
    o.add(1, 'b');
    o.time.run();
    CHECK(o.time.waiting() == 0);  // not before one in flight has ended
    const time_point begun = o.time.now();
    first.give_back(exchange_outcome::good);  // and then at a moment, of which b must hear
    o.time.run();
    CHECK(o.order == "ab");
    CHECK(o.time.now() >= begun + 1s);
    CHECK(o.time.now() <= begun + 3s);
}

TEST_CASE("a hold that one engine hears of holds all others and is told to them", "[sim][R3]")
{
    office o({}, 2);
    in_line& first = o.add(0, 'a', true);
    in_line& other = o.add(1, 'b');
    in_line& third = o.add(0, 'c');
    const time_point until = o.time.now() + 1min;
    CHECK(o.doors[0]->hold_until(until));
    CHECK_FALSE(o.doors[1]->hold_until(until));
    first.give_back(exchange_outcome::refused);
    const std::uint64_t before = o.time.steps();
    (void)o.time.run_for(59s);
    CHECK(o.order == "a");
    CHECK(other.held_until == until);
    CHECK(third.held_until == until);
    CHECK(o.doors[1]->shut_until() == until);
    CHECK(o.time.steps() - before < 10);  // nobody polls
    o.time.run();
    CHECK(o.order == "abc");
    CHECK(o.time.now() >= until);
    CHECK(o.time.now() < until + 3s);
}

TEST_CASE("a permit that is on its way to another engine is not used during a hold", "[sim][R3]")
{
    office o(at_once(1), 2, true);
    in_line& first = o.add(0, 'a', true);
    o.add(1, 'b');
    first.give_back(exchange_outcome::good);  // put aside for b, whose engine has not come yet
    CHECK(o.doors[0]->hold_until(o.time.now() + 1min));
    o.still.poll();
    CHECK(o.order == "a");
    (void)o.time.run_for(59s);
    CHECK(o.order == "a");
    o.time.run();
    o.still.restart();
    o.still.poll();
    CHECK(o.order == "ab");
}

TEST_CASE("an engine that goes gives back what its requests held", "[sim][gate][U6]")
{
    office o(at_once(1));
    in_line& lost = o.add(0, 'a', true);
    o.add(0, 'x');
    o.add(1, 'b');
    o.add(1, 'c');
    lost.at = nullptr;
    o.waiting[1]->at = nullptr;
    o.doors[0]->leave();
    o.time.run();
    CHECK(o.order == "abc");
    o.doors[0]->release(*lost.has, exchange_outcome::good);  // too late, and no second time
    o.add(1, 'd', true);
    o.add(1, 'e');
    o.time.run();
    CHECK(o.order == "abcd");
}

TEST_CASE("an engine that goes while a permit is on its way leaves it to the others", "[sim][U6]")
{
    office o(at_once(1), 3, true);
    in_line& first = o.add(0, 'a', true);
    o.add(2, 'x');
    o.add(1, 'b');
    first.give_back(exchange_outcome::good);
    o.waiting[1]->at = nullptr;
    o.doors[2].reset();
    o.time.run();
    o.still.poll();
    CHECK(o.order == "ab");
}

TEST_CASE("one that leaves the queue leaves a permit on its way to the next", "[sim][gate][U3]")
{
    office o(at_once(1), 2, true);
    in_line& first = o.add(0, 'a', true);
    o.add(1, 'x');
    o.add(0, 'b');
    first.give_back(exchange_outcome::good);
    o.waiting[1].reset();
    o.still.poll();
    o.time.run();
    CHECK(o.order == "ab");
}

TEST_CASE("an engine that stands still is passed after a second and not forgotten", "[sim][gate]")
{
    office o(at_once(1), 2, true);
    in_line& first = o.add(0, 'a', true);
    o.add(1, 'x');
    o.add(0, 'b', true);
    o.add(0, 'c', true);
    const time_point begun = o.time.now();
    first.give_back(exchange_outcome::good);
    CHECK(o.order == "a");
    o.time.run_until([&] { return o.order == "ab"; });
    CHECK(o.time.now() == begun + common_budget::patience);
    o.waiting[2]->give_back(exchange_outcome::good);
    CHECK(o.order == "abc");  // x is passed at once now
    o.still.poll();
    o.waiting[3]->give_back(exchange_outcome::good);
    o.time.run();
    o.still.restart();
    o.still.poll();
    CHECK(o.order == "abcx");  // it came, so its turn counts again
}

TEST_CASE("only so many permits wait for an engine that stands still", "[sim][gate]")
{
    office o(at_once(100), 2, true);
    in_line& first = o.add(0, 'a', true);
    for (int i = 0; i < 50; ++i)
        o.add(1, 'x');
    for (int i = 0; i < 100; ++i)
        o.add(0, 'b', true);
    first.give_back(exchange_outcome::good);
    CHECK(o.order == "a" + std::string(100 - common_budget::most_aside, 'b'));
}

TEST_CASE("whatever engines do, the budget is kept and everyone is served once", "[sim][R3][R13]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 21u));
    CAPTURE(seed);
    sim dice(seed);
    const auto most = static_cast<std::uint32_t>(1 + dice.draw(20));
    limits_rule l = a_second(most);
    l.concurrency = static_cast<std::uint32_t>(dice.draw(4));
    office o(l, 4);
    std::vector<time_point> sent;
    std::size_t in_flight = 0;
    std::size_t gone = 0;

    struct walker final : gate::waiter {
        walker(office& w, std::size_t d) : at(w), door(d) {}
        void granted(const budget::permit& p) override
        {
            ++served;
            on_grant(p);
        }
        void held(time_point) override {}
        office& at;
        std::size_t door;
        int served = 0;
        std::function<void(const budget::permit&)> on_grant;
    };
    std::vector<std::unique_ptr<walker>> all;
    for (std::size_t i = 0; i < 300; ++i) {
        all.push_back(std::make_unique<walker>(o, dice.draw(4)));
        walker& w = *all.back();
        w.on_grant = [&](const budget::permit& p) {
            sent.push_back(o.time.now());
            CHECK((l.concurrency == 0 || in_flight < l.concurrency));
            ++in_flight;
            const auto took = std::chrono::milliseconds(1 + dice.draw(80));
            o.time.async_wait_until(o.time.now() + took, [&, p](error_code) {
                --in_flight;
                if (!o.doors[w.door]) return;
                o.doors[w.door]->release(p, exchange_outcome::good);
                o.doors[w.door]->pump();
            });
        };
        const auto then = o.time.now() + std::chrono::milliseconds(dice.draw(3000));
        o.time.async_wait_until(then, [&](error_code) {
            if (o.doors[w.door])
                o.doors[w.door]->ask(w, {}, lane::normal, time_point::max());
            else
                ++gone;
        });
    }
    (void)o.time.run_for(std::chrono::milliseconds(500 + dice.draw(1000)));
    if (l.concurrency == 0) {  // its requests in flight are nobody's any more
        o.doors[3]->leave();
        o.doors[3].reset();
    }
    o.time.run();

    std::size_t served = 0;
    for (const auto& w : all) {
        CHECK(w->served <= 1);
        CHECK((w->served == 1 || !o.doors[w->door]));
        served += static_cast<std::size_t>(w->served);
    }
    CHECK(served >= 200);
    CHECK(sent.size() == served);
    for (std::size_t i = most; i < sent.size(); ++i)
        REQUIRE(sent[i] - sent[i - most] >= 1s - 80ms);  // a server may have got them so close
}

TEST_CASE(
    "nobody depends on one that stands still, though the one that called it waits for nothing",
    "[sim][gate][U6]")
{
    office o(at_once(1), 3, true);
    in_line& first = o.add(0, 'a', true);  // of an engine with no other chain
    o.add(2, 'x');                         // of one whose context does not run
    o.add(1, 'b');
    first.give_back(exchange_outcome::good);
    o.time.run();
    CHECK(o.order == "ab");
}
