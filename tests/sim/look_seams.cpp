// Where looks meet what else bounds a job: windows of the server, a number of pages, other runs.
#include "sim/jobs.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

// Counted pages in the order of the range, and no total: what a part holds shows only its walk.
connector counted_in_a_window(const std::string& sorted, const std::string& edges)
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items",
        "key": "/id", "order": ")" +
                          sorted + R"(",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"counter": {"start": 0, "step": "records"}}, "to": {"query": "offset"}},
        "end": "empty_page", "window": {"records": 40, "action": "split"},
        "range": {"by": "/id", "type": "integer", )" +
                          edges + "}}");
}

constexpr const char* lower_edge = R"("lower": {"to": {"query": "from"}, "bound": "inclusive"})";
constexpr const char* upper_edge = R"("upper": {"to": {"query": "before"}, "bound": "exclusive"})";

std::vector<row> numbered(long from, long to)
{
    std::vector<row> out;
    for (long id = from; id <= to; ++id) {
        row r;
        r.key = {value{json_kind::number, std::to_string(id)}};
        r.json = R"({"id":)" + std::to_string(id) + "}";
        out.push_back(r);
    }
    return out;
}

std::vector<row> turned(std::vector<row> rows)
{
    std::reverse(rows.begin(), rows.end());
    return rows;
}

struct counted_world : job_world {
    counted_world(bool descending, behaviour::window_end end, long records)
        : job_world(1,
                    counted_in_a_window(descending ? "descending" : "ascending",
                                        descending ? upper_edge : lower_edge),
                    0)
    {
        behaviour b;
        b.result_window = 40;
        b.past_window = end;
        const std::vector<row> rows = numbered(1, records);
        inner.model = api_model(inner.contract, descending ? turned(rows) : rows, b);
    }
};

void require_exact(job_world& w)
{
    INFO(w.why.text());
    REQUIRE(w.done);
    REQUIRE_FALSE(w.why.code);
    CAPTURE(w.report.reasons);
    CHECK(w.report.is == verdict::complete);
    CHECK(w.report.overlaps.empty());
    REQUIRE(w.stored() == w.truth());
    CHECK(w.report.counts.records == w.truth().size());
}

std::size_t chains_to_fetch(const job_world& w)
{
    const std::vector<chain_row> rows = w.data.rows(1);
    return static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [](const chain_row& r) { return r.range.starts_with('['); }));
}

}  // namespace

TEST_CASE("a look that comes to the server's window goes on behind it, and stays a look",
          "[sim][job][audit][P12][P16]")
{
    using window_end = behaviour::window_end;
    for (const bool descending : {false, true}) {
        for (const window_end end : {window_end::stops, window_end::refuses}) {
            for (const std::size_t workers : {1u, 4u}) {
                CAPTURE(descending, static_cast<int>(end), workers);
                counted_world w(descending, end, 300);
                w.options.workers = workers;
                w.options.audit.spots = 0;
                w.run();
                require_exact(w);
                CHECK(w.report.counts.chains == chains_to_fetch(w));
                const std::size_t asked = w.inner.model.log().size();
                w.run();
                require_exact(w);
                CHECK(w.inner.model.log().size() == asked);
            }
        }
    }
}

TEST_CASE("killed in a look that has gone on behind the window, a job ends as if it had not been",
          "[sim][job][audit][P16][S1]")
{
    using fate = fake_store::fate;
    for (std::size_t at = 40; at < 100; at += 3) {
        CAPTURE(at);
        counted_world w(at % 2 == 0, behaviour::window_end::stops, 300);
        w.options.workers = 2;
        w.options.audit.spots = 0;
        w.start();
        while (!w.done && w.data.commits() < at)
            (void)w.inner.time.run_for(std::chrono::milliseconds(1));
        w.data.crash(at % 3 == 0 ? fate::done : fate::lost);
        w.work.reset();
        w.inner.time.run();
        w.run();
        require_exact(w);
    }
}

TEST_CASE("a number of pages bounds looks too, and never leaves a run waiting for itself",
          "[sim][job][audit]")
{
    // 60 records are 9 pages: the last one is the end.
    for (std::uint64_t most = 1; most <= 20; ++most) {
        CAPTURE(most);
        job_world w(1, contract("offset"), 60);
        w.options.most_pages = most;
        w.run();
        INFO(w.why.text());
        CHECK((!w.why.code || w.why.code == boost::asio::error::operation_aborted));
        CHECK(w.inner.model.log().size() <= most + 2 * w.options.workers + 2);
        for (int again = 0; again < 30 && w.report.is != verdict::complete; ++again) {
            w.run();
            CHECK((!w.why.code || w.why.code == boost::asio::error::operation_aborted));
        }
        require_exact(w);
    }
}
