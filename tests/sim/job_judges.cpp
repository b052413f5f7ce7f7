// What a store has is judged as it stands: nobody is asked, and nothing in it moves.
#include "sim/jobs.hpp"
#include "support/store_caller.hpp"
#include <catena/codec/job_description.hpp>

#include <algorithm>

using namespace catena;
using namespace catena::testing;
using result = audit_check::result;

namespace {

row numbered(long id)
{
    row r;
    r.key = {value{json_kind::number, std::to_string(id)}};
    r.json = R"({"id":)" + std::to_string(id) + '}';
    return r;
}

bool contains(const std::vector<std::string>& reasons, const std::string& text)
{
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](const std::string& r) { return r.find(text) != std::string::npos; });
}

// A world whose runs may be judged; each judgement must leave server and store alone.
struct judged_world : job_world {
    using job_world::job_world;

    void judge(bool asks_total = false)
    {
        const std::size_t asked = inner.model.log().size();
        const std::vector<chain_row> before = data.rows(1);
        const job_row counts = data.job("items");
        options.only_judges = true;
        options.audit.asks_total = asks_total;
        run();
        options.only_judges = false;
        options.audit.asks_total = true;
        CHECK(inner.model.log().size() == asked + (asks_total ? 1 : 0));
        const std::vector<chain_row> after = data.rows(1);
        REQUIRE(after.size() == before.size());
        for (std::size_t i = 0; i < after.size(); ++i) {
            CHECK(after[i].is == before[i].is);
            CHECK(after[i].epoch == before[i].epoch);
            CHECK(after[i].checkpoint == before[i].checkpoint);
        }
        CHECK(data.job("items").notes == counts.notes);
    }
};

constexpr const char* with_total = R"("total": {"body": "/total"}, )";

}  // namespace

TEST_CASE("a finished job is judged as its own run judged it, without a request",
          "[sim][job][audit]")
{
    judged_world w(1, ranged_contract(with_total), 200);
    w.run();
    REQUIRE(w.report.is == verdict::complete);
    const std::vector<audit_check> told = w.report.checks;
    w.judge();
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::complete);
    CHECK(w.report.checks == told);
    CHECK(check_of(w.report, "total").found == "200");
    CHECK(w.report.counts.requests == 0);
}

TEST_CASE("a total that is asked for anew tells what came since", "[sim][job][audit][P15]")
{
    judged_world w(1, ranged_contract(with_total), 200);
    w.run();
    const std::string key = w.inner.model.records().back();
    REQUIRE(w.inner.model.erase(key));
    w.judge();
    CHECK(w.report.is == verdict::complete);
    w.judge(true);
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::unverified);
    CHECK(check_of(w.report, "total").expected == "199");
}

TEST_CASE("a job that was stopped is judged incomplete, with what is left", "[sim][job][audit]")
{
    for (const std::uint64_t pages : {1u, 5u, 20u}) {
        CAPTURE(pages);
        judged_world w(1, ranged_contract(), 300);
        w.options.most_pages = pages;
        w.run();
        const auto left = w.report.gaps.size();
        REQUIRE(left != 0);
        w.judge();
        CHECK_FALSE(w.why.code);
        CHECK(w.report.is == verdict::incomplete);
        CHECK(w.report.gaps.size() == left);
        w.options.most_pages = 0;
        w.run();
        CHECK(w.stored() == w.truth());
    }
}

TEST_CASE("holes in dense ids that nobody asked for are named", "[sim][job][audit]")
{
    std::vector<row> rows;
    for (long id = 1; id <= 200; ++id)
        if (id != 17 && id != 80 && id != 81 && id != 82) rows.push_back(numbered(id));
    judged_world w(1, ranged_contract(), 0);
    w.inner.model = api_model(w.inner.contract, rows);
    w.options.audit.holes = 0;
    w.run();
    REQUIRE(w.report.is == verdict::complete);
    w.options.audit.holes = 1'000;
    w.judge();
    CHECK(w.report.is == verdict::unverified);
    CHECK(contains(w.report.reasons, "ids that are not stored: 17, 80 to 82"));
    w.run();  // asks for them: they are none
    CHECK(w.report.is == verdict::complete);
    w.judge();
    CHECK(w.report.is == verdict::complete);
    CHECK_FALSE(contains(w.report.reasons, "not stored"));
}

TEST_CASE("a checkpoint that nobody could go on from is found", "[sim][job][audit][S5]")
{
    judged_world w(1, ranged_contract(), 100);
    store_caller by_hand(w.data, [&] { w.inner.time.run(); });
    const std::uint64_t id =
        by_hand.open("items", describe_job(w.inner.contract, w.options.whole)).value.id;
    by_hand.plan(id, {"[{}]"});
    const chain_row chain = by_hand.claim(id, 1).value.at(0);
    by_hand.commit(next_page_of(id, chain));
    w.judge();
    CHECK(w.why.code == errc::bad_checkpoint);
    CHECK(w.why.what.find("chain 1") != std::string::npos);
}

TEST_CASE("nothing is judged under another name or query", "[sim][job][audit][S6]")
{
    judged_world w(1, ranged_contract(), 50);
    w.run();
    w.options.name = "others";
    w.judge();
    CHECK(w.why.code == errc::invalid_state);
    CHECK(w.why.what.find("others") != std::string::npos);
    w.options.name = "items";
    w.options.whole = range({interval("3", "9")});
    w.judge();
    CHECK(w.why.code == errc::job_changed);
}

TEST_CASE("how many records there will be is known as soon as the server has told it",
          "[sim][job][P15]")
{
    for (const std::size_t workers : {1u, 4u}) {
        CAPTURE(workers);
        job_world w(1, ranged_contract(with_total), 300);
        w.options.workers = workers;
        w.options.most_pages = 6;
        std::vector<std::optional<std::uint64_t>> told;
        w.options.on_progress = [&](const job_progress& p) { told.push_back(p.expected); };
        w.run();
        REQUIRE(told.size() >= 6);
        for (const auto& each : told)
            CHECK(each == 300);
        // A run that goes on knows it before it has asked for anything.
        w.start();
        while (w.inner.model.log().size() < 20 && w.work->progress().records == 0 && !w.done)
            (void)w.inner.time.run_for(std::chrono::milliseconds(1));
        CHECK(w.work->progress().expected == 300);
        CHECK(w.work->progress().records >= 42);
        w.inner.time.run();
    }
}

TEST_CASE("of a list of values the chains' totals are added, and no part of the sum is told",
          "[sim][job][P15]")
{
    const std::string lists = R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": ["/id", "/colour"], "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "total": {"body": "/total"},
        "range": {"by": "/colour", "type": "values", "to": {"query": "colour"},
                  "values": ["red", "green", "blue"]}
    })";
    std::vector<row> rows;
    for (long id = 1; id <= 90; ++id) {
        const char* const colour = id % 2 == 0 ? "red" : id % 3 == 0 ? "green" : "blue";
        row r;
        r.key = {value{json_kind::number, std::to_string(id)}, value{json_kind::string, colour}};
        r.json = R"({"id":)" + std::to_string(id) + R"(,"colour":")" + colour + "\"}";
        rows.push_back(r);
    }
    for (const std::size_t workers : {1u, 3u}) {
        CAPTURE(workers);
        job_world w(1, load_connector(lists), 0);
        w.inner.model = api_model(w.inner.contract, rows);
        w.options.workers = workers;
        std::vector<std::optional<std::uint64_t>> told;
        w.options.on_progress = [&](const job_progress& p) { told.push_back(p.expected); };
        w.run();
        INFO(w.why.text());
        REQUIRE(w.stored() == w.truth());
        CHECK(told.back() == 90);
        for (const auto& each : told)
            CHECK((!each || each == 90));
    }
}

TEST_CASE("a total that is capped by the server's window is not expected", "[sim][job][P16]")
{
    behaviour b;
    b.window_caps_total = true;
    job_world w(1,
                ranged_contract(R"("window": {"records": 100, "action": "split"}, )" +
                                std::string(with_total)),
                300, b);
    bool told = false;
    w.options.on_progress = [&](const job_progress& p) { told = told || p.expected; };
    w.run();
    REQUIRE(w.stored() == w.truth());
    CHECK_FALSE(told);
}
