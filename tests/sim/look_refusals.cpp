// Looks that a server refuses: what was fetched stays fetched, and nobody says "complete".
#include "sim/jobs.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

std::vector<row> ids_but(long to, const std::vector<long>& without)
{
    std::vector<row> out;
    for (long id = 1; id <= to; ++id) {
        if (std::find(without.begin(), without.end(), id) != without.end()) continue;
        row r;
        r.key = {value{json_kind::number, std::to_string(id)}};
        r.json = R"({"id":)" + std::to_string(id) + "}";
        out.push_back(r);
    }
    return out;
}

connector counted_by_range(const std::string& more)
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items",
        "key": "/id", "order": "ascending", "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"counter": {"start": 0, "step": "records"}}, "to": {"query": "offset"}},
        "end": "empty_page", )" +
                          more + R"(
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}})");
}

// A world whose requests are looks once a row of the job says so; these `refuse` may answer.
struct refusing : job_world {
    refusing(connector c, std::vector<row> rows)
        : job_world(1, std::move(c), 0),
          wire(inner.time.get_executor(), inner.time,
               [this](const http_request& r, const arrival& how) {
                   if (!looks()) return inner.model.answer(r, how);
                   const int status = refuse ? refuse(++asked, r) : 0;
                   return status == 0 ? inner.model.answer(r, how) : scripted_answer(status);
               }),
          on(inner.time.get_executor(), wire, inner.time)
    {
        inner.model = api_model(inner.contract, std::move(rows));
        std::swap(on, *inner.on);
    }
    ~refusing() { std::swap(on, *inner.on); }

    [[nodiscard]] bool looks() const
    {
        if (data.job(inner.contract.name).chains == 0) return false;
        const std::vector<chain_row> rows = data.rows(1);
        return rows.back().range.front() != '[';
    }
    [[nodiscard]] std::size_t looks_begun() const
    {
        const std::vector<chain_row> rows = data.rows(1);
        return static_cast<std::size_t>(std::count_if(
            rows.begin(), rows.end(), [](const chain_row& r) { return r.range.front() != '['; }));
    }

    /// What a look's request is answered with, by its number from 1; 0: what the server has.
    std::function<int(std::size_t, const http_request&)> refuse;
    std::size_t asked = 0;
    fake_transport wire;
    engine on;
};

// A run that ended well, and knows that it does not know all.
void require_unverified(const refusing& w, const std::vector<std::string>& words)
{
    INFO(w.why.text());
    REQUIRE(w.done);
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::unverified);
    std::string all;
    for (const std::string& reason : w.report.reasons)
        all += reason + '\n';
    for (const std::string& word : words)
        CHECK_THAT(all, Catch::Contains(word));
    CHECK(w.report.gaps.empty());
}

}  // namespace

TEST_CASE("one look that the server refuses leaves a run unverified, and ends none",
          "[sim][job][audit]")
{
    const std::vector<long> holes = {40, 90, 140, 190, 240};
    for (const int status : {400, 403, 404, 409, 422, 451}) {
        for (const char kind : {'h', 's', 'a'}) {
            CAPTURE(status, kind);
            const bool counted = kind == 'a';
            refusing w(counted ? contract("offset") : ranged_contract(),
                       ids_but(300, kind == 'h' ? holes : std::vector<long>()));
            w.options.divides = false;
            w.refuse = [&](std::size_t number, const http_request&) {
                return number == (counted ? 3 : 2) ? status : 0;
            };
            w.run();
            const std::string what = kind == 'h'   ? "the query for the ids "
                                     : kind == 's' ? "the query for "
                                                   : "a further pass over all of it";
            require_unverified(w, {what, std::to_string(status)});
            CHECK(w.stored() == w.truth());
            // The others are taken all the same.
            if (!counted) CHECK(w.asked >= w.looks_begun());
            w.refuse = {};
            w.run();
            INFO(w.why.text());
            CHECK_FALSE(w.why.code);
            CHECK(w.report.is == verdict::complete);
        }
    }
}

TEST_CASE("many looks refused in a row are given up, and the run stands", "[sim][job][audit]")
{
    std::vector<long> holes;
    for (long id = 20; id < 980; id += 20)
        holes.push_back(id);
    for (const int status : {400, 401, 403, 404, 503}) {
        CAPTURE(status);
        refusing w(ranged_contract(), ids_but(1'000, holes));
        w.options.divides = false;
        w.refuse = [&](std::size_t, const http_request&) { return status; };
        const time_point begun = w.inner.time.now();
        w.run();
        require_unverified(w, {std::to_string(status), "the query for the ids "});
        CHECK(w.stored() == w.truth());
        CHECK(w.looks_begun() == holes.size());
        CHECK(w.asked < 2 * w.options.workers * w.options.limits.attempts + 2);
        if (status == 401) CHECK(w.asked <= 2 * w.options.workers);
        CHECK(w.inner.time.now() - begun < std::chrono::minutes(30));

        // All but the first is refused: what answers comes in, run by run.
        w.refuse = [&](std::size_t, const http_request& r) {
            return r.target.find("from=20&") != std::string::npos ? status : 0;
        };
        w.run();
        require_unverified(w, {std::to_string(status)});
        if (status != 401) require_unverified(w, {"47 were asked for again"});
        w.refuse = {};
        w.run();
        CHECK_FALSE(w.why.code);
        CHECK(w.report.is == verdict::complete);
    }
}

TEST_CASE("a job that was killed while it looked asks a server that refuses all for no more",
          "[sim][job][audit][S1]")
{
    for (const bool counted : {true, false}) {
        for (const int status : {401, 404}) {
            CAPTURE(counted, status);
            refusing w(counted ? counted_by_range("") : ranged_contract(), ids_but(300, {40, 90}));
            w.options.whole = range({interval("0", "301")});
            if (counted) w.options.workers = 1;  // which tests no filter
            w.start();
            for (int ms = 0; ms < 60'000 && !w.looks(); ++ms)
                (void)w.inner.time.run_for(std::chrono::milliseconds(1));
            REQUIRE(w.looks());
            w.data.crash(fake_store::fate::lost);
            w.work.reset();
            w.inner.time.run();
            w.options.workers = 4;
            w.refuse = [&](std::size_t, const http_request&) { return status; };
            w.run();
            require_unverified(w, {std::to_string(status)});
            CHECK(w.stored() == w.truth());
        }
    }
}

TEST_CASE("a store that fails under a look fails the run", "[sim][job][audit][S3]")
{
    for (const errc code : {errc::store_failed, errc::store_full}) {
        refusing w(contract("offset"), ids_but(60, {}));
        w.data.fail(11, code);  // 9 pages, and then those of the pass
        w.run();
        REQUIRE(w.done);
        CHECK(w.why.code == code);
        CHECK(w.report.is == verdict::incomplete);
    }
}

TEST_CASE("a filter that a look cannot test leaves the run unverified", "[sim][job][audit][P16]")
{
    const connector c = counted_by_range(R"("window": {"records": 40, "action": "split"},)");
    refusing w(c, {});
    // Nothing was there to test a filter with; then data come, more than the window shows.
    w.options.on_progress = [&](const job_progress& p) {
        if (p.pages != 1) return;
        for (const row& r : ids_but(100, {}))
            w.inner.model.insert(r);
    };
    w.refuse = [](std::size_t, const http_request& r) {
        return r.target.find("from=") != std::string::npos ? 404 : 0;
    };
    w.run();
    require_unverified(w, {"404", "a further pass over "});
    CHECK(w.looks_begun() == 1);
}
