// Where chains meet, and where runs meet: what one of them knows must hold for the others.
#include "sim/jobs.hpp"

#include <algorithm>
#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

row made_row(long id, const std::string& status)
{
    row r;
    r.key = {value{json_kind::number, std::to_string(id)}};
    r.json = R"({"id":)" + std::to_string(id) + R"(,"status":")" + status + "\"}";
    return r;
}

std::vector<row> in_a_row(long from, long to, const std::string& status)
{
    std::vector<row> out;
    for (long id = from; id <= to; ++id)
        out.push_back(made_row(id, status));
    return out;
}

// A status of each record, and ids.
connector by_status_and_id()
{
    connector c = ranged_contract();
    range_rule status;
    status.type = range_type::values;
    status.to = token_target(token_target::place::query, "status");
    status.by = "/status";
    status.values = {"open", "closed"};
    c.range.insert(c.range.begin(), status);
    REQUIRE(validate(c).empty());
    return c;
}

}  // namespace

TEST_CASE("bounds that one value's keys give are not another value's", "[sim][job]")
{
    job_world w(1, by_status_and_id(), 0);
    std::vector<row> rows = in_a_row(1, 30, "open");
    const std::vector<row> closed = in_a_row(31, 300, "closed");
    rows.insert(rows.end(), closed.begin(), closed.end());
    w.inner.model = api_model(w.inner.contract, rows);
    w.run();
    INFO(w.why.text());
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::complete);
    CHECK(w.stored() == w.truth());
    // One border lies above both, and each is cut.
    CHECK(w.report.counts.chains > 2);
    const auto rows_of_job = w.data.rows(1);
    CHECK(std::count_if(rows_of_job.begin(), rows_of_job.end(), [](const chain_row& r) {
              return r.range.find("closed") != std::string::npos;
          }) >= 2);
}

TEST_CASE("nothing is cut at borders that nobody has tested", "[sim][job][P17]")
{
    behaviour b;
    b.filters = behaviour::filter_kind::both_exclusive;
    const range wanted({interval("-10", "100")});
    // All of it fits one page, which leaves no key to ask for.
    job_world small(1, ranged_contract(), 0, b);
    small.inner.model = api_model(small.inner.contract, in_a_row(0, 4, "x"), b);
    small.options.whole = wanted;
    small.run();
    CHECK(small.report.is == verdict::complete);
    CHECK(small.stored() == small.truth());
    CHECK(small.report.counts.chains == 1);

    // One worker needs no test; those of a later run do before they divide.
    job_world later(1, ranged_contract(), 0, b);
    later.inner.model = api_model(later.inner.contract, in_a_row(0, 90, "x"), b);
    later.options.whole = wanted;
    later.options.workers = 1;
    later.start();
    while (later.data.commits() < 2)
        (void)later.inner.time.run_for(std::chrono::milliseconds(1));
    later.work.reset();
    later.inner.time.run();
    REQUIRE(later.done);
    later.options.workers = 6;
    later.run();
    CHECK(later.why.code == errc::range_broken);
}

TEST_CASE("a job whose chains are taken over while they are divided ends, and says so",
          "[sim][job][S7]")
{
    for (std::uint64_t seed = 0; seed < 80; ++seed) {
        CAPTURE(seed);
        job_world w(seed, ranged_contract(), 300);
        w.options.workers = 6;
        w.data.fence(seed % 40);
        w.start();
        (void)w.inner.time.run_for(std::chrono::seconds(60));
        REQUIRE(w.done);
        CHECK(w.why.code == errc::store_locked);
        CHECK(w.report.counts.taken_over == 1);
        w.work.reset();
        w.run();
        REQUIRE_FALSE(w.why.code);
        CHECK(w.stored() == w.truth());
    }
}

TEST_CASE("every chain of many is walked, however a store's answers are ordered", "[sim][job]")
{
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        job_world w(seed, ranged_contract(), 200);
        w.options.workers = 3;
        w.options.pieces = 40;
        w.run();
        INFO(w.why.text());
        REQUIRE_FALSE(w.why.code);
        CHECK(w.report.is == verdict::complete);
        CHECK(w.stored() == w.truth());
    }
}

TEST_CASE("whatever on_progress throws ends the job and nothing else", "[sim][job][U11]")
{
    const bool standard = GENERATE(true, false);
    job_world w(1, ranged_contract(), 200);
    w.options.on_progress = [&](const job_progress& p) {
        if (p.pages != 5) return;
        if (standard) throw std::runtime_error("enough");
        throw 5;
    };
    w.run();
    REQUIRE(w.done);
    CHECK(w.why.code == (standard ? errc::sink_failed : errc::invalid_state));
    w.options.on_progress = nullptr;
    w.run();
    CHECK(w.report.is == verdict::complete);
    CHECK(w.stored() == w.truth());
}

TEST_CASE("a job destroyed or cancelled before it begins asks for nothing", "[sim][job][U1][U2]")
{
    job_world w(1, ranged_contract(), 200);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        std::optional<error_code> got;
        w.work.emplace(*w.inner.on, w.inner.contract, w.data, w.options);
        w.work->run([&](error_code ec, const audit_report&) { got = ec; });
        w.work.reset();
        w.inner.time.run();
        REQUIRE(got);
        CHECK(*got == boost::asio::error::operation_aborted);
    }
    CHECK(w.inner.model.log().size() < 10);
    CHECK(w.stored().empty());
}

TEST_CASE("a cancel while a job looks for its bounds ends it at once", "[sim][job][U3]")
{
    for (int at = 0; at < 60; ++at) {
        CAPTURE(at);
        behaviour b;
        fault busy = fault::answer(429, static_cast<std::uint64_t>(at % 6), 3);
        busy.retry_after = std::chrono::minutes(50);
        b.faults.push_back(busy);
        job_world w(1, ranged_contract(), 200, b);
        w.start();
        (void)w.inner.time.run_for(std::chrono::milliseconds(at));
        w.work.reset();
        const std::size_t asked = w.inner.model.log().size();
        (void)w.inner.time.run_for(std::chrono::milliseconds(60));
        CHECK(w.done);
        CHECK(w.inner.model.log().size() <= asked + w.options.workers);
    }
}

TEST_CASE("what an earlier run found against it is not forgotten by a later one", "[sim][job][P24]")
{
    job_world w(1, ranged_contract(), 0);
    // One record of another part in the first page of the first chain.
    std::vector<row> rows = in_a_row(0, 400, "x");
    w.inner.model = api_model(w.inner.contract, rows);
    fake_transport wire(w.inner.time.get_executor(), w.inner.time,
                        [&](const http_request& r, const arrival& how) {
                            scripted_answer a = w.inner.model.answer(r, how);
                            const auto at = a.body.find(R"({"id":0,)");
                            if (at != std::string::npos) a.body.insert(at, R"({"id":-7},)");
                            return a;
                        });
    engine on(w.inner.time.get_executor(), wire, w.inner.time);
    std::swap(on, *w.inner.on);
    w.options.whole = range({interval("0", "401")});
    w.options.audit.spots = 0;  // one of them would meet it again
    for (int run = 0; run < 2; ++run) {
        CAPTURE(run);
        w.run();
        INFO(w.why.text());
        CHECK_FALSE(w.why.code);
        CHECK(w.report.is == verdict::unverified);
        CHECK(w.report.counts.strays == 1);
    }
    std::swap(on, *w.inner.on);
}

TEST_CASE("what a killed run found against its job is not forgotten either", "[sim][job][P24][S1]")
{
    for (const auto fate : {fake_store::fate::done, fake_store::fate::lost}) {
        job_world w(1, ranged_contract(), 0);
        w.inner.model = api_model(w.inner.contract, in_a_row(0, 400, "x"));
        fake_transport wire(w.inner.time.get_executor(), w.inner.time,
                            [&](const http_request& r, const arrival& how) {
                                scripted_answer a = w.inner.model.answer(r, how);
                                const auto at = a.body.find(R"({"id":0,)");
                                if (at != std::string::npos) a.body.insert(at, R"({"id":-7},)");
                                return a;
                            });
        engine on(w.inner.time.get_executor(), wire, w.inner.time);
        std::swap(on, *w.inner.on);
        w.options.whole = range({interval("0", "401")});
        w.options.audit.spots = 0;  // one of them would meet it again
        w.start();
        while (w.data.commits() < 20)
            (void)w.inner.time.run_for(std::chrono::milliseconds(1));
        w.data.stall();  // so that nothing is written while the run ends
        w.data.crash(fate);
        w.work.reset();
        w.inner.time.run();
        w.data.crash(fake_store::fate::lost);
        w.data.go_on();
        w.run();
        INFO(w.why.text());
        CHECK_FALSE(w.why.code);
        CHECK(w.stored() == w.truth());
        CHECK(w.report.counts.strays == 1);
        CHECK(w.report.is == verdict::unverified);
        std::swap(on, *w.inner.on);
    }
}

TEST_CASE("a dead server is not waited for once by every batch of chains", "[sim][job][R10]")
{
    behaviour b;
    b.faults.push_back(fault::answer(503, 12, fault::always));
    job_world w(1, ranged_contract(), 300, b);
    w.options.whole = range({interval("0", "2000")});
    w.options.pieces = 400;
    const time_point begun = w.inner.time.now();
    w.run();
    REQUIRE(w.done);
    CHECK(w.why.code);
    CHECK(w.inner.time.now() - begun < std::chrono::minutes(30));
    CHECK(w.report.is == verdict::incomplete);
}

TEST_CASE("records that share a key are not divided for ever", "[sim][job][P9]")
{
    connector c = load_connector(R"({
        "name": "ties", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": ["/price", "/id"], "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 5},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/price", "type": "decimal",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "until"}, "bound": "exclusive"}}
    })");
    std::vector<row> rows;
    for (long id = 0; id < 500; ++id) {
        const std::string price = id < 60 ? std::to_string(id) : id < 440 ? "60.5" : "99";
        row r;
        r.key = {value{json_kind::number, price}, value{json_kind::number, std::to_string(id)}};
        r.json = R"({"price":)" + price + R"(,"id":)" + std::to_string(id) + "}";
        rows.push_back(r);
    }
    job_world w(1, c, 0);
    w.inner.model = api_model(c, rows);
    w.options.workers = 8;
    w.options.whole = range({interval("0", "100")});
    w.run();
    INFO(w.why.text());
    CHECK(w.report.is == verdict::complete);
    CHECK(w.stored() == w.truth());
    CHECK(w.inner.model.log().size() < 180);  // 100 pages
}

TEST_CASE("a run that is refused tells nothing of the run before it", "[sim][job][S6]")
{
    job_world w(1, ranged_contract(), 50);
    w.start();
    w.inner.time.run();
    REQUIRE(w.report.is == verdict::complete);
    std::optional<error_code> got;
    w.inner.contract.request.query.emplace_back("team", "blue");
    job other(*w.inner.on, w.inner.contract, w.data, w.options);
    other.run([&](error_code ec, const audit_report& r) {
        got = ec;
        CHECK(r.counts.chains == 0);
        CHECK(r.is == verdict::incomplete);
    });
    w.inner.time.run();
    REQUIRE(got);
    CHECK(*got == errc::job_changed);
}
