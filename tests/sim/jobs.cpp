// Whole datasets in virtual time: many chains, one store, and everything that gets between them.
#include "sim/jobs.hpp"

#include "support/contracts.hpp"

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

range ids(const char* lower, const char* upper) { return range({interval(lower, upper)}); }

// What must be true once a job says that it is complete.
void require_exact(job_world& w)
{
    INFO(w.why.text());
    REQUIRE(w.done);
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::complete);
    CHECK(w.report.reasons.empty());
    REQUIRE(w.stored() == w.truth());
    CHECK(w.report.counts.records == w.truth().size());
}

}  // namespace

TEST_CASE("a job gives every record once, whatever the contract, the range and the workers",
          "[sim][job]")
{
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        for (const std::size_t workers : {1u, 2u, 5u, 16u}) {
            CAPTURE(seed, workers);
            job_world w(seed, ranged_contract(), 300);
            w.options.workers = workers;
            if (seed % 3 == 0) w.options.whole = ids("0", "2000");
            if (seed % 3 == 1) w.options.divides = false;
            w.run();
            require_exact(w);
        }
    }
    for (connector c : contracts()) {
        c.name = "walk";
        job_world w(1, c, 60);
        w.run();
        CAPTURE(c.request.url);
        INFO(w.why.text());
        REQUIRE(w.done);
        CHECK(w.stored() == w.truth());
        CHECK(w.report.counts.chains == 1);
    }
}

TEST_CASE("a job whose bounds nobody gave finds them, and covers what lies below the first key",
          "[sim][job][P27]")
{
    job_world w(3, ranged_contract(), 500);
    w.run();
    require_exact(w);
    CHECK(w.report.counts.chains >= 4);
    const auto rows = w.data.rows(1);
    CHECK(rows.front().range.find("\"to\"") != std::string::npos);
    CHECK(rows.front().range.find("\"from\"") == std::string::npos);
    // Again: nothing is asked, not even for the bounds.
    const std::size_t asked = w.inner.model.log().size();
    w.run();
    require_exact(w);
    CHECK(w.inner.model.log().size() == asked);
}

TEST_CASE("faults, dead cursors and rate limits in any chain cost no record", "[sim][job][P6][R3]")
{
    for (std::uint64_t at = 0; at < 40; ++at) {
        for (const auto kind : {fault::kind::status, fault::kind::dead_token, fault::kind::cut_json,
                                fault::kind::html_page}) {
            CAPTURE(at, static_cast<int>(kind));
            behaviour b;
            b.faults.emplace_back(kind, at, 2);
            job_world w(at, ranged_contract(), 200, b);
            w.run();
            require_exact(w);
        }
    }
}

TEST_CASE("a report counts the requests, the holds and the rebuilt queries of its run",
          "[sim][job][audit]")
{
    behaviour b;
    fault busy = fault::answer(429, 5);
    busy.retry_after = std::chrono::seconds(3);
    b.faults = {busy, fault(fault::kind::dead_token, 9)};
    job_world w(3, ranged_contract(), 150, b);
    w.options.workers = 1;
    w.run();
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.counts.requests == w.inner.model.log().size());
    CHECK(w.report.counts.holds == 1);
    CHECK(w.report.counts.rebuilds == 1);

    w.run();  // there is nothing left to ask for
    CHECK(w.report.counts.requests == 0);
    CHECK(w.report.counts.holds == 0);
}

TEST_CASE("killed at any commit, a job goes on with nothing lost and nothing doubled",
          "[sim][job][S1][S10]")
{
    using fate = fake_store::fate;
    for (const fate pending : {fate::done, fate::lost}) {
        for (std::size_t at = 0; at < 60; ++at) {
            CAPTURE(at, pending == fate::done);
            job_world w(at, ranged_contract(), 250);
            w.start();
            while (!w.done && w.data.commits() < at)
                (void)w.inner.time.run_for(std::chrono::milliseconds(1));
            w.data.crash(pending);
            w.work.reset();
            w.inner.time.run();
            w.run();
            require_exact(w);
        }
    }
}

TEST_CASE("cancelled or destroyed at any moment, what was accepted is committed",
          "[sim][job][U1][U3]")
{
    for (std::uint64_t at = 0; at < 120; at += 2) {
        CAPTURE(at);
        job_world w(at, ranged_contract(), 250);
        w.start();
        (void)w.inner.time.run_for(std::chrono::milliseconds(at * 5));
        const bool over = w.done;
        w.work.reset();  // as a cancellation does
        w.inner.time.run();
        REQUIRE(w.done);
        if (!over) CHECK(w.why.code == boost::asio::error::operation_aborted);
        for (const chain_row& row : w.data.rows(1))
            CHECK(row.is != chain_row::state::running);
        w.run();
        require_exact(w);
    }
}

TEST_CASE("a chain that somebody else took over is left to them", "[sim][job][S7]")
{
    for (std::size_t at = 0; at < 30; ++at) {
        CAPTURE(at);
        job_world w(at, ranged_contract(), 200);
        w.data.fence(at);
        w.run();
        REQUIRE(w.done);
        CHECK(w.report.counts.taken_over == 1);
        CHECK(w.report.is == verdict::incomplete);
        w.run();
        require_exact(w);
    }
}

TEST_CASE("a store that fails stops the job with its story, and a later run completes it",
          "[sim][job][S9]")
{
    for (std::size_t at = 0; at < 30; ++at) {
        CAPTURE(at);
        job_world w(at, ranged_contract(), 200);
        w.data.fail(at, errc::sink_failed);
        w.run();
        REQUIRE(w.done);
        CHECK(w.why.code == errc::sink_failed);
        CHECK(w.report.is == verdict::incomplete);
        CHECK_FALSE(w.report.reasons.empty());
        w.run();
        require_exact(w);
    }
}

TEST_CASE("while a store stands still each chain holds two pages at most, and then all goes on",
          "[sim][job][S8]")
{
    job_world w(1, ranged_contract(), 400);
    w.start();
    while (w.data.commits() < 8)
        (void)w.inner.time.run_for(std::chrono::milliseconds(1));
    const std::size_t before = w.data.commits();
    w.data.stall();
    const std::size_t asked = w.inner.model.log().size();
    (void)w.inner.time.run_for(std::chrono::seconds(5));
    CHECK(w.data.commits() == before);
    CHECK(w.data.pending() <= 2 * w.options.workers);
    CHECK(w.inner.model.log().size() - asked <= 2 * w.options.workers);
    w.data.go_on();
    w.inner.time.run();
    require_exact(w);
}

TEST_CASE("a filter that is not what the connector says ends the job before it has a record",
          "[sim][job][P17][P24]")
{
    using filter = behaviour::filter_kind;
    for (const filter f :
         {filter::ignored, filter::both_exclusive, filter::both_inclusive, filter::upper_ignored}) {
        CAPTURE(static_cast<int>(f));
        behaviour b;
        b.filters = f;
        job_world w(1, ranged_contract(), 200, b);
        w.run();
        REQUIRE(w.done);
        INFO(w.why.text());
        CHECK(w.why.code == errc::range_broken);
        CHECK(w.why.mend.find("range") != std::string::npos);
        CHECK(w.data.records(1).empty());
    }
}

TEST_CASE("another query under the same name is refused, naming what changed", "[sim][job][S6]")
{
    job_world w(1, ranged_contract(), 30);
    w.run();
    require_exact(w);
    w.inner.contract.request.query.emplace_back("team", "blue");
    w.run();
    CHECK(w.why.code == errc::job_changed);
    CHECK(w.why.what.find("/request/query") != std::string::npos);
    CHECK(w.why.what.find("blue") == std::string::npos);

    w.inner.contract.request.query.clear();
    w.inner.contract.limits.concurrency = 2;  // how fast is no other query
    w.run();
    require_exact(w);
    w.options.whole = ids("0", "100");
    w.run();
    CHECK(w.why.code == errc::job_changed);
    CHECK(w.why.what.find("range") != std::string::npos);
}

TEST_CASE("an unauthorised job ends at once, a chain's own trouble leaves the others walking",
          "[sim][job][P18]")
{
    behaviour refused;
    refused.faults.push_back(fault::answer(401, 9, fault::always));
    job_world all(1, ranged_contract(), 300, refused);
    all.run();
    CHECK(all.why.code == errc::unauthorized);
    CHECK(all.inner.model.log().size() < 20);

    behaviour drift;
    drift.faults.emplace_back(fault::kind::renamed_token, 12);
    job_world one(1, ranged_contract(), 300, drift);
    one.options.divides = false;
    one.run();
    CHECK(one.why.code == errc::schema_drift);
    CHECK(one.report.counts.ended == one.report.counts.chains - 1);
    REQUIRE(one.report.gaps.size() == 1);
    CHECK(one.report.gaps[0].why.find("cursor") != std::string::npos);
}

TEST_CASE("a second run of one job is refused while the first one is outstanding", "[sim][job][U7]")
{
    job_world w(1, ranged_contract(), 50);
    w.start();
    (void)w.inner.time.run_for(std::chrono::milliseconds(20));
    std::optional<error_code> second;
    w.work->run([&](error_code ec, const audit_report&) { second = ec; });
    w.inner.time.run();
    REQUIRE(second);
    CHECK(*second == errc::busy);
    require_exact(w);
}

TEST_CASE("options out of range are refused at the call", "[sim][job][U17]")
{
    job_world w(1, ranged_contract(), 5);
    const auto refused = [&](job_options o) {
        CHECK_THROWS_AS(job(*w.inner.on, w.inner.contract, w.data, o), std::invalid_argument);
    };
    job_options o;
    o.workers = 0;
    refused(o);
    o = {};
    o.whole = range({interval(), interval()});
    refused(o);
    o = {};
    o.strays = 1.5;
    refused(o);
}

TEST_CASE("the server's total at the end is held against what is stored", "[sim][job][P15]")
{
    const std::string total = R"("total": {"body": "/total"}, )";
    job_world agrees(1, ranged_contract(total), 100);
    agrees.run();
    require_exact(agrees);

    behaviour lies;
    lies.faults.emplace_back(fault::kind::total_lies, 0, fault::always);
    job_world differs(1, ranged_contract(total), 100, lies);
    differs.run();
    REQUIRE_FALSE(differs.why.code);
    CHECK(differs.report.is == verdict::unverified);
    REQUIRE(differs.report.reasons.size() == 1);
    CHECK(differs.report.reasons[0].find("102") != std::string::npos);
    CHECK(differs.stored() == differs.truth());
}

TEST_CASE("parts of records in no order, and of lists of values, are walked by many chains too",
          "[sim][job]")
{
    connector unordered = ranged_contract();
    unordered.sorted = order::none;
    unordered.expiry.recover = recovery_rule();
    REQUIRE(validate(unordered).empty());
    job_world w(1, unordered, 300);
    w.options.whole = ids("0", "2000");
    w.run();
    require_exact(w);
    CHECK(w.report.counts.chains == 4);

    job_world open(1, unordered, 60);
    open.run();
    require_exact(open);
    CHECK(open.report.counts.chains == 1);
}
