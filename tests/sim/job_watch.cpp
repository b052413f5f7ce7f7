// Whoever watches a job is told where each of its chains stands, and how its budget does.
#include "sim/jobs.hpp"
#include <catena/core/budget.hpp>
#include <catena/job_chain.hpp>

#include <map>
#include <set>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;

namespace {

using state = job_chain::state;

/// The last that was told of each chain; checks what must hold between two tellings.
struct told {
    void take(const job_chain& c)
    {
        CHECK(c.from <= c.done_from);
        CHECK(c.done_from <= c.done_to);
        CHECK(c.done_to <= c.to);
        const auto before = last.find(c.id);
        if (before != last.end() && before->second.is == state::walking) {
            const job_chain& b = before->second;
            CHECK(c.to - c.from <= b.to - b.from);
            CHECK(c.done_to - c.done_from >= b.done_to - b.done_from);
            CHECK(c.pages >= b.pages);
            CHECK(c.records >= b.records);
        } else {
            CHECK(c.is == state::walking);
            CHECK(c.pages == 0);
        }
        if (c.is == state::walking) walks.insert(c.walk);
        last[c.id] = c;
        // At no time do two chains have the same place.
        double own = 0;
        for (const auto& [id, each] : last)
            if (!each.looks) own += each.to - each.from;
        CHECK(own <= 1 + 1e-9);
    }

    std::map<std::uint64_t, job_chain> last;
    std::set<chain_id> walks;
};

struct sums {
    explicit sums(const told& t)
    {
        for (const auto& [id, c] : t.last) {
            if (c.looks) continue;
            own += c.to - c.from;
            done += c.done_to - c.done_from;
            records += c.records;
        }
    }
    double own = 0, done = 0;
    std::uint64_t records = 0;
};

connector downwards()
{
    connector c = ranged_contract();
    c.sorted = order::descending;
    c.expiry = {};
    return c;
}

/// Which chains had a page, as the engine numbers them.
struct page_watch final : observer {
    void on_page(const page_delivered& p) override { chains.insert(p.chain); }
    std::set<chain_id> chains;
};

}  // namespace

TEST_CASE("the shares that chains tell add up to the whole, up and down", "[sim][job]")
{
    const bool up = GENERATE(true, false);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(up, seed);
        told t;
        job_world w(seed, up ? ranged_contract() : downwards(), 300);
        w.options.pieces = 1;  // so that the others have to divide it
        w.options.on_chain = [&](const job_chain& c) { t.take(c); };
        w.run();
        CHECK(w.report.counts.chains > 3);
        INFO(w.why.text());
        REQUIRE(w.report.is == verdict::complete);
        const sums s(t);
        CHECK(s.own == Approx(1).margin(1e-6));
        CHECK(s.done == Approx(1).margin(1e-6));
        CHECK(s.records == 300);
        for (const auto& [id, c] : t.last)
            CHECK(c.is == state::ended);
        CHECK(t.last.size() >= w.report.counts.chains);
    }
}

TEST_CASE("a chain that is taken up again is done as far as it was left", "[sim][job]")
{
    const bool up = GENERATE(true, false);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(up, seed);
        told first, second;
        job_world w(seed, up ? ranged_contract() : downwards(), 300);
        w.options.divides = false;
        w.options.most_pages = 9;
        w.options.on_chain = [&](const job_chain& c) { first.take(c); };
        w.run();
        std::size_t partly = 0;
        for (const auto& [id, c] : first.last) {
            CHECK(c.is == (c.done_to - c.done_from < c.to - c.from ? state::left : state::ended));
            if (c.done_to > c.done_from && c.is == state::left) ++partly;
        }
        CHECK(partly != 0);
        w.options.most_pages = 0;
        w.options.on_chain = [&](const job_chain& c) {
            if (!second.last.contains(c.id) && first.last.contains(c.id)) {
                CHECK(c.done_from == Approx(first.last.at(c.id).done_from));
                CHECK(c.done_to == Approx(first.last.at(c.id).done_to));
            }
            second.take(c);
        };
        w.run();
        CHECK(w.report.is == verdict::complete);
        CHECK(sums(first).records + sums(second).records == 300);
    }
}

TEST_CASE("a chain is told by the number that the observer's events have", "[sim][job]")
{
    job_world w(3, ranged_contract(), 300);
    const auto watch = std::make_unique<page_watch>();
    engine_options o;
    o.seed = 3;
    o.watch = watch.get();
    w.inner.on =
        std::make_unique<engine>(w.inner.time.get_executor(), w.inner.wire, w.inner.time, o);
    told t;
    w.options.on_chain = [&](const job_chain& c) {
        CHECK((c.is != state::walking || c.walk != chain_id{}));
        t.take(c);
    };
    w.run();
    CHECK(w.report.is == verdict::complete);
    for (const chain_id each : t.walks)
        CHECK(watch->chains.contains(each));
    w.inner.on.reset();
}

TEST_CASE("where a dataset has no bounds its chains have no places", "[sim][job]")
{
    connector c = ranged_contract();
    c.range.clear();
    told t;
    job_world w(1, c, 100);
    w.options.on_chain = [&](const job_chain& each) { t.take(each); };
    w.run();
    CHECK(w.report.is == verdict::complete);
    REQUIRE(t.last.size() == 1);
    CHECK(t.last.at(1).to == 0);
    CHECK(t.last.at(1).records == 100);
}

TEST_CASE("a chain that fails is told as stopped, with what it has done", "[sim][job]")
{
    behaviour b;
    connector c = ranged_contract();
    c.expiry = {};
    told t;
    job_world w(1, c, 200, b);
    w.options.workers = 1;
    w.options.divides = false;
    interval bounds;
    bounds.lower = "0";
    bounds.upper = "100000";
    w.options.whole.over.push_back(bounds);
    w.options.on_progress = [&](const job_progress& p) {
        if (p.pages == 4) w.inner.model.kill_tokens();
    };
    w.options.on_chain = [&](const job_chain& each) { t.take(each); };
    w.run();
    REQUIRE(w.why.code);
    REQUIRE(t.last.size() == 1);
    const job_chain& only = t.last.at(1);
    CHECK(only.is == state::stopped);
    CHECK(only.records > 0);
    CHECK(only.done_to > 0);
    CHECK(only.done_to < 1);
}

TEST_CASE("whatever on_chain throws ends the job and nothing else", "[sim][job][U11]")
{
    const bool standard = GENERATE(true, false);
    const int at = GENERATE(1, 2, 3, 5, 8, 11);
    CAPTURE(standard, at);
    job_world w(1, ranged_contract(), 200);
    int calls = 0;
    w.options.on_chain = [&](const job_chain&) {
        if (++calls != at) return;
        if (standard) throw std::runtime_error("enough");
        throw 5;
    };
    w.run();
    REQUIRE(w.done);
    CHECK(w.why.code == (standard ? errc::sink_failed : errc::invalid_state));
    w.options.on_chain = nullptr;
    w.run();
    CHECK(w.report.is == verdict::complete);
    CHECK(w.stored() == w.truth());
}

TEST_CASE("a job tells its budget's bound, what is in flight and until when it is shut",
          "[sim][job]")
{
    job_world w(1, ranged_contract(R"("limits": {"concurrency": 3}, )"), 200);
    std::uint32_t most = 0;
    w.options.on_progress = [&](const job_progress&) {
        const budget_state b = w.work->budget();
        CHECK(b.bound == 3);
        CHECK(b.shut_until <= w.inner.time.now());
        most = std::max(most, b.in_flight);
    };
    w.run();
    CHECK(w.report.is == verdict::complete);
    CHECK(most == 3);
    CHECK(budget().state(time_point{}).bound == 0);
    budget held;
    held.hold_until(time_point(std::chrono::seconds(9)));
    held.cap(2);
    CHECK(held.state(time_point{}).shut_until == time_point(std::chrono::seconds(9)));
    CHECK(held.state(time_point{}).bound == 2);
}
