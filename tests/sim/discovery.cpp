// Tokens walked apart from their pages, in virtual time.
#include "sim/discovery.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>

using namespace catena;
using namespace catena::testing;

namespace {

using std::chrono::milliseconds;

void require_exact(discovery_world& w)
{
    INFO(w.why.text());
    for (const std::string& reason : w.report.reasons)
        UNSCOPED_INFO(reason);
    REQUIRE(w.done);
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::complete);
    CHECK(w.report.reasons.empty());
    REQUIRE(w.stored() == w.truth());
    CHECK(w.report.counts.records == w.truth().size());
    CHECK(w.report.counts.pages == (w.truth().size() + 6) / 7);
    CHECK(w.report.counts.chains == w.report.counts.pages + 1);
    CHECK(w.most_pages_at_once() <= w.options.workers);
}

// Each instant at which a process may die, from one commit to the next.
void kill_at(discovery_world& w, std::size_t commits, fake_store::fate pending)
{
    w.start();
    while (!w.done && w.data.commits() < commits)
        (void)w.time.run_for(milliseconds(1));
    w.data.crash(pending);
    w.work.reset();
    w.time.run();
}

}  // namespace

TEST_CASE("pages whose tokens are walked apart come once each, in any order",
          "[sim][job][discovery]")
{
    std::size_t out_of_order = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        for (const std::size_t workers : {1u, 2u, 5u, 16u}) {
            for (const std::size_t records : {0u, 5u, 7u, 8u, 210u}) {
                CAPTURE(seed, workers, records);
                discovery_world w(seed, discovered_contract(), records);
                w.options.workers = workers;
                w.run();
                INFO(w.why.text());
                REQUIRE_FALSE(w.why.code);
                CHECK(w.report.is == verdict::complete);
                CHECK(w.stored() == w.truth());
                std::vector<std::uint64_t> pages = w.fetched();
                if (!std::is_sorted(pages.begin(), pages.end())) ++out_of_order;
                std::sort(pages.begin(), pages.end());
                for (std::size_t i = 0; i < pages.size(); ++i)
                    CHECK(pages[i] == i);
                CHECK(w.token_requests() == pages.size());
                CHECK(w.wire.most_in_flight() <= workers + 1);
                CHECK(w.most_pages_at_once() <= workers);
                CHECK(w.check("tokens").is == audit_check::result::good);
            }
        }
    }
    CHECK(out_of_order > 10);
}

TEST_CASE("a complete job with discovery that is run again asks for nothing",
          "[sim][job][discovery]")
{
    discovery_world w(1, discovered_contract(), 100);
    w.run();
    require_exact(w);
    const std::size_t asked = w.model.log().size();
    w.start();
    w.time.run();
    require_exact(w);
    const job_progress& told = w.work->progress();
    CHECK(told.records == 100);
    CHECK(told.pages == 15);
    CHECK(told.found == 15);
    CHECK(told.chains == 16);
    CHECK(told.ended == 16);
    w.work.reset();
    CHECK(w.model.log().size() == asked);
    for (const chain_row& row : w.data.rows(1))
        CHECK(row.is == chain_row::state::ended);
}

TEST_CASE("killed at any commit, a job with discovery loses nothing and doubles nothing",
          "[sim][job][discovery][S1][S10]")
{
    using fate = fake_store::fate;
    for (const fate pending : {fate::done, fate::lost}) {
        for (std::size_t at = 0; at < 45; ++at) {
            CAPTURE(at, pending == fate::done);
            discovery_world w(at, discovered_contract(), 140);
            kill_at(w, at, pending);
            w.run();
            require_exact(w);
        }
    }
    // Again and again, at instants that the seed chooses.
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        discovery_world w(seed, discovered_contract(), 140);
        for (std::size_t at = seed % 3; at < 42; at += 1 + (seed * 7 + at) % 5)
            kill_at(w, at, at % 2 == 0 ? fate::done : fate::lost);
        w.run();
        require_exact(w);
    }
}

TEST_CASE("a job with discovery that is cancelled at any moment goes on later",
          "[sim][job][discovery][U1][U3]")
{
    for (std::uint64_t at = 0; at < 100; at += 2) {
        CAPTURE(at);
        discovery_world w(at, discovered_contract(), 140);
        w.start();
        (void)w.time.run_for(milliseconds(at * 4));
        const bool over = w.done;
        w.work.reset();
        w.time.run();
        REQUIRE(w.done);
        if (!over) CHECK(w.why.code == boost::asio::error::operation_aborted);
        for (const chain_row& row : w.data.rows(1))
            CHECK(row.is != chain_row::state::running);
        w.run();
        require_exact(w);
    }
}

TEST_CASE("faults of server and store in a job with discovery cost no record",
          "[sim][job][discovery][R3][S7][S9]")
{
    for (std::uint64_t at = 0; at < 30; ++at) {
        for (const auto kind :
             {fault::kind::status, fault::kind::cut_json, fault::kind::html_page}) {
            CAPTURE(at, static_cast<int>(kind));
            behaviour b = steady();
            b.faults.emplace_back(kind, at, 2);
            discovery_world w(at, discovered_contract(), 140, b);
            w.run();
            require_exact(w);
        }
        discovery_world fails(at, discovered_contract(), 140);
        fails.data.fail(at, errc::sink_failed);
        fails.run();
        CAPTURE(at);
        CHECK(fails.why.code == errc::sink_failed);
        CHECK(fails.report.is == verdict::incomplete);
        fails.run();
        require_exact(fails);

        discovery_world taken(at, discovered_contract(), 140);
        taken.data.fence(at);
        taken.run();
        REQUIRE(taken.done);
        CHECK(taken.report.counts.taken_over == 1);
        CHECK(taken.report.is == verdict::incomplete);
        taken.run();
        require_exact(taken);
    }
}

TEST_CASE("tokens that differ from answer to answer prove nothing, unless the total agrees",
          "[sim][job][discovery][P15]")
{
    discovery_world w(1, discovered_contract(), 100, behaviour());
    w.run();
    REQUIRE_FALSE(w.why.code);
    CHECK(w.stored() == w.truth());
    CHECK(w.report.is == verdict::unverified);
    REQUIRE(w.report.reasons.size() == 1);
    CHECK(w.report.reasons[0] ==
          "14 of 14 pages told another next token than the walk of the tokens had found, and no "
          "total proves that the pages join");

    const std::string total = R"("total": {"body": "/total"}, )";
    discovery_world agrees(1, discovered_contract(total), 100, behaviour());
    agrees.run();
    require_exact(agrees);
    CHECK(agrees.check("tokens").note.find("the total agrees") != std::string::npos);

    // Told of all runs.
    discovery_world again(1, discovered_contract(), 100, behaviour());
    kill_at(again, 12, fake_store::fate::done);
    again.run();
    CHECK(again.stored() == again.truth());
    REQUIRE(again.report.reasons.size() == 1);
    CHECK(again.report.reasons[0].find("14 of 14") == 0);
}

TEST_CASE("a server that answers with records where tokens alone were asked for works, and is told",
          "[sim][job][discovery]")
{
    behaviour b = steady();
    b.ignores_discovery = true;
    discovery_world w(1, discovered_contract(), 100, b);
    w.run();
    require_exact(w);
    CHECK(w.check("coverage").note ==
          "15 pages came with records where tokens alone were asked for: `discovery` saves little");
}

TEST_CASE("a page whose token has died is an exact gap, and the others are fetched",
          "[sim][job][discovery][P6][P8]")
{
    for (const std::uint64_t dead : {1u, 5u, 14u}) {
        CAPTURE(dead);
        discovery_world w(1, discovered_contract(), 100);
        bool dies = true;
        w.change = [&](const served& s, scripted_answer& a) {
            if (dies && !s.tokens_alone && s.page == dead) a = scripted_answer(410, "{}");
        };
        w.run();
        CHECK(w.why.code == errc::cursor_expired);
        CHECK(w.report.is == verdict::incomplete);
        CHECK(w.report.counts.ended + 1 == w.report.counts.chains);
        REQUIRE(w.report.gaps.size() == 1);
        CHECK(w.report.gaps[0].why.find("page " + std::to_string(dead + 1) + ": ") == 0);
        CHECK(w.report.gaps[0].why.find("to mend it: ") != std::string::npos);
        CHECK(w.stored().size() == 100 - (dead == 14 ? 2 : 7));
        w.run();
        CHECK(w.report.gaps.size() == 1);
        dies = false;
        w.run();
        require_exact(w);
    }
}

TEST_CASE("a walk of tokens that dies leaves what it has found to be fetched",
          "[sim][job][discovery][P6]")
{
    discovery_world w(1, discovered_contract(), 100);
    w.change = [&](const served& s, scripted_answer& a) {
        if (s.tokens_alone && s.page == 6) a = scripted_answer(410, "{}");
    };
    w.run();
    CHECK(w.why.code == errc::cursor_expired);
    CHECK(w.report.is == verdict::incomplete);
    REQUIRE(w.report.gaps.size() == 1);
    CHECK(w.report.gaps[0].why.find("the walk of the tokens, behind page 6: ") == 0);
    CHECK(w.stored().size() == 42);
    w.change = nullptr;
    w.run();
    require_exact(w);
}

TEST_CASE("a page that says it is the last one, and was not found so, is an error",
          "[sim][job][discovery][P1]")
{
    discovery_world w(1, discovered_contract(), 100);
    w.change = [&](const served& s, scripted_answer& a) {
        if (!s.tokens_alone && s.page == 4) without_token(a);
    };
    w.run();
    CHECK(w.why.code == errc::schema_drift);
    CHECK(
        w.why.what ==
        "page 5 says that it is the last one, and the walk of the tokens has found one behind it");
    CHECK(w.report.is == verdict::incomplete);
    REQUIRE(w.report.gaps.size() == 1);
    CHECK(w.report.gaps[0].why.find("page 5: ") == 0);
    CHECK(w.stored().size() == 93);
    w.change = nullptr;
    w.run();
    require_exact(w);
}

TEST_CASE("what lies behind the last page that was found is fetched by its chain, and told",
          "[sim][job][discovery][P1][P27]")
{
    // A request for tokens alone that never shows one finds one page of them all.
    for (const std::uint64_t seen : {0u, 4u, 13u}) {
        CAPTURE(seen);
        discovery_world w(1, discovered_contract(), 100);
        w.change = [&](const served& s, scripted_answer& a) {
            if (s.tokens_alone && s.page == seen) without_token(a);
        };
        w.run();
        INFO(w.why.text());
        REQUIRE_FALSE(w.why.code);
        CHECK(w.report.is == verdict::complete);
        CHECK(w.stored() == w.truth());
        CHECK(w.report.counts.pages == 15);
        CHECK(w.check("coverage").note.find("behind the last one") != std::string::npos);

        // The same, killed while that chain is on its way.
        discovery_world killed(2, discovered_contract(), 100);
        killed.change = w.change;
        kill_at(killed, 2 * seen + 6, fake_store::fate::lost);
        killed.run();
        CHECK(killed.report.is == verdict::complete);
        CHECK(killed.stored() == killed.truth());
        CHECK(killed.report.counts.pages == 15);
    }
}

TEST_CASE("tokens are found so far ahead only as they may wait", "[sim][job][discovery][S8]")
{
    for (const std::size_t ahead : {0u, 1u, 3u, 40u}) {
        CAPTURE(ahead);
        discovery_world w(1, discovered_contract(), 700);
        w.options.ahead = ahead;
        bool hangs = true;
        w.wire.fail_by([&](std::size_t, const http_request& r) -> std::optional<wire_fault> {
            if (!hangs || wants_tokens_alone(r)) return std::nullopt;
            return wire_fault(wire_fault::kind::hang);
        });
        w.start();
        (void)w.time.run_for(std::chrono::seconds(20));
        CHECK(w.token_requests() == (ahead == 0 ? 16 : ahead));
        CHECK(w.work->progress().found == w.token_requests());
        hangs = false;
        w.work.reset();
        w.time.run();
        w.run();
        require_exact(w);
    }
}

TEST_CASE("pages without records for ever end a job with discovery", "[sim][job][discovery][P4]")
{
    discovery_world w(1, discovered_contract(), 2000);
    w.options.limits.empty_pages = 20;
    w.change = [&](const served& s, scripted_answer& a) {
        if (s.tokens_alone || s.records == 0) return;
        const std::size_t begin = a.body.find('['), end = a.body.rfind(']');
        a.body.replace(begin, end + 1 - begin, "[]");
    };
    w.run();
    CHECK(w.why.code == errc::empty_pages);
    CHECK(w.fetched().size() <= 21 + w.options.workers);
    CHECK(w.report.is == verdict::incomplete);
}

TEST_CASE("a job goes on with the discovery only that it was begun with",
          "[sim][job][discovery][S6]")
{
    discovery_world w(1, discovered_contract(), 30);
    w.run();
    require_exact(w);
    const auto refused = [&](std::optional<discovery_rule> d) {
        const auto before = std::exchange(w.contract.discovery, std::move(d));
        w.run();
        CHECK(w.why.code == errc::job_changed);
        CHECK(w.why.what.find("/discovery") != std::string::npos);
        w.contract.discovery = before;
    };
    refused(std::nullopt);
    discovery_rule other;
    other.query.emplace_back("fields", "next");
    refused(other);
    w.run();
    require_exact(w);
}

TEST_CASE("sixteen workers with discovery are many times as fast as one chain",
          "[sim][job][discovery]")
{
    // 10 ms for a page's token, 200 ms for the page.
    const auto makespan = [](bool discovers, std::size_t records) {
        connector c = discovered_contract();
        if (!discovers) c.discovery.reset();
        discovery_world w(1, c, records, steady(), duration());
        w.options.workers = 16;
        w.wire.fail_by([](std::size_t, const http_request& r) -> std::optional<wire_fault> {
            if (wants_tokens_alone(r)) return std::nullopt;
            wire_fault late(wire_fault::kind::late);
            late.delay = milliseconds(190);
            return late;
        });
        const time_point begun = w.time.now();
        w.run();
        CHECK_FALSE(w.why.code);
        CHECK(w.report.is == verdict::complete);
        CHECK(w.stored() == w.truth());
        return std::chrono::duration<double>(w.time.now() - begun).count();
    };
    const double plain = makespan(false, 7000);
    const double apart = makespan(true, 7000);
    std::cout << "1,000 pages, 16 workers: " << apart << " s with discovery, " << plain
              << " s by one chain, " << plain / apart << " times as long\n";
    CHECK(plain / apart > 10);
}
