// Bounds that nobody gave: how far a job looks for them before it plans, and which parts come
// first.
#include "sim/jobs.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

constexpr const char* both_edges = R"("lower": {"to": {"query": "from"}, "bound": "inclusive"},
                                      "upper": {"to": {"query": "before"}, "bound": "exclusive"})";
constexpr const char* upper_edge = R"("upper": {"to": {"query": "before"}, "bound": "exclusive"})";

connector items(const std::string& sorted, const std::string& type, const std::string& edges)
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items",
        "key": "/at", )" + (sorted.empty() ? "" : R"("order": ")" + sorted + "\",") +
                          R"(
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/at", "type": )" +
                          type + "," + edges + "}}");
}

row keyed(json_kind kind, const std::string& key, const std::string& more = "")
{
    row r;
    r.key = {value{kind, key}};
    r.json = R"({"at":)" + (kind == json_kind::string ? '"' + key + '"' : key) + more + "}";
    return r;
}

// Every ten minutes of the days before the world's calendar begins; `late` of them after it.
std::vector<row> moments(long count, long late, bool numbers)
{
    std::vector<row> out;
    const auto begin =
        std::chrono::duration_cast<std::chrono::seconds>(calendar_start.time_since_epoch()).count();
    for (long i = late - count; i < late; ++i) {
        const long at = static_cast<long>(begin) + i * 600 + 5;
        const auto time = std::chrono::sys_seconds(std::chrono::seconds(at));
        const auto day = std::chrono::floor<std::chrono::days>(time);
        const std::chrono::year_month_day d{day};
        const std::chrono::hh_mm_ss t{time - day};
        const auto two = [](auto n) {
            return std::to_string(100 + static_cast<long>(n)).substr(1);
        };
        const std::string text = std::to_string(static_cast<int>(d.year())) + '-' +
                                 two(static_cast<unsigned>(d.month())) + '-' +
                                 two(static_cast<unsigned>(d.day())) + 'T' +
                                 two(t.hours().count()) + ':' + two(t.minutes().count()) + ':' +
                                 two(t.seconds().count()) + 'Z';
        out.push_back(numbers ? keyed(json_kind::number, std::to_string(at))
                              : keyed(json_kind::string, text));
    }
    return out;
}

struct rows_world : job_world {
    rows_world(const connector& c, std::vector<row> rows, bool descending = false)
        : job_world(1, c, 0)
    {
        if (descending) std::reverse(rows.begin(), rows.end());
        inner.model = api_model(inner.contract, std::move(rows));
    }
};

void require_exact(job_world& w)
{
    INFO(w.why.text());
    REQUIRE(w.done);
    REQUIRE_FALSE(w.why.code);
    CAPTURE(w.report.reasons);
    CHECK(w.report.is == verdict::complete);
    REQUIRE(w.stored() == w.truth());
    CHECK(w.report.counts.records == w.truth().size());
}

std::string noted(job_world& w) { return w.data.job("items").notes["whole"]; }

}  // namespace

TEST_CASE("times without an upper bound end now, and so become many chains", "[sim][job][P27]")
{
    for (const bool numbers : {false, true}) {
        const std::string type = numbers ? R"("time", "time": "seconds")" : R"("time")";
        for (const char* const order : {"ascending", "descending", ""}) {
            CAPTURE(numbers, order);
            rows_world w(items(order, type, both_edges), moments(400, 0, numbers),
                         std::string(order) == "descending");
            w.start();
            w.inner.time.run();
            require_exact(w);
            CHECK(w.report.counts.chains >= w.options.workers);
            CAPTURE(noted(w));
            if (std::string(order) != "descending") {
                // What was planned stands, however long the walk takes.
                CHECK(noted(w).find(numbers ? "1767574800" : "2026-01-05T01:00:00Z") !=
                      std::string::npos);
            }
        }
    }
}

TEST_CASE("a job's border stays where it was when the job was planned", "[sim][job][P27][S1]")
{
    rows_world w(items("ascending", R"("time")", both_edges), moments(400, 0, false));
    w.start();
    while (w.data.commits() < 5)
        (void)w.inner.time.run_for(std::chrono::milliseconds(1));
    const std::string before = noted(w);
    CAPTURE(before);
    CHECK(before.find("2026-01-05T01:00:0") != std::string::npos);
    w.data.crash(fake_store::fate::lost);
    w.work.reset();
    (void)w.inner.time.run_for(std::chrono::hours(30));
    const std::vector<std::string> there = w.truth();
    w.inner.model.insert(keyed(json_kind::string, "2026-01-06T03:00:00Z"));
    w.run();
    CHECK(w.report.is == verdict::complete);
    CHECK(noted(w) == before);
    CHECK(w.stored() == there);
}

TEST_CASE("records of times to come are not left out", "[sim][job]")
{
    rows_world w(items("ascending", R"("time")", both_edges), moments(400, 150, false));
    w.run();
    require_exact(w);
    CHECK(w.report.counts.chains >= w.options.workers);
}

TEST_CASE("decimals are searched as integers are; texts without an upper bound stay one chain",
          "[sim][job]")
{
    std::vector<row> prices, names;
    for (long i = 0; i < 300; ++i) {
        prices.push_back(keyed(json_kind::number, std::to_string(i * 9) + ".25"));
        names.push_back(keyed(json_kind::string, "n" + std::to_string(1000 + i)));
    }
    rows_world decimals(items("ascending", R"("decimal")", both_edges), prices);
    decimals.run();
    require_exact(decimals);
    CHECK(decimals.report.counts.chains >= decimals.options.workers);

    rows_world texts(items("ascending", R"("text")", both_edges), names);
    texts.run();
    require_exact(texts);
    CHECK(texts.report.counts.chains == 1);
}

TEST_CASE("each value of a list is asked whether a border lies above its keys too", "[sim][job]")
{
    for (const bool descending : {false, true}) {
        for (const std::size_t values : {3u, 64u, 65u}) {
            CAPTURE(descending, values);
            connector c =
                items(descending ? "descending" : "ascending", R"("integer")", both_edges);
            range_rule kind;
            kind.type = range_type::values;
            kind.by = "/kind";
            kind.to = token_target(token_target::place::query, "kind");
            for (std::size_t v = 0; v < values; ++v)
                kind.values.push_back("v" + std::to_string(v));
            c.key.push_back(key_field("/kind"));
            c.range.insert(c.range.begin(), kind);
            REQUIRE(validate(c).empty());
            std::vector<row> rows;
            for (long i = 0; i < 900; ++i) {
                // The first value has a page at most, and the last one reaches farthest.
                const std::size_t v =
                    i < 4 ? 0 : 1 + static_cast<std::size_t>(i) * (values - 1) / 900;
                row r = keyed(json_kind::number, std::to_string(i * 3),
                              R"(,"kind":"v)" + std::to_string(v) + '"');
                r.key.push_back(value{json_kind::string, "v" + std::to_string(v)});
                rows.push_back(r);
            }
            rows_world w(c, rows, descending);
            w.run();
            require_exact(w);
            const bool cut = values <= 64;
            CHECK((w.report.counts.chains > values) == cut);
            CHECK((noted(w).find("\"to\"") != std::string::npos) == cut);
        }
    }
}

TEST_CASE("a server that begins with the highest key shows the bounds of its data", "[sim][job]")
{
    std::vector<row> rows;
    for (long i = 0; i < 400; ++i)
        rows.push_back(keyed(json_kind::number, std::to_string(50'000 + i * 7)));
    rows_world both(items("descending", R"("integer")", both_edges), rows, true);
    both.run();
    require_exact(both);
    CHECK(both.report.counts.chains >= both.options.workers);
    CHECK(noted(both).find("52794") != std::string::npos);  // just above the highest

    rows_world one(items("descending", R"("integer")", upper_edge), rows, true);
    one.run();
    require_exact(one);
    CHECK(one.report.counts.chains >= one.options.workers);
}

TEST_CASE("the newest first when asked, whatever the server's order", "[sim][job]")
{
    for (const bool descending : {false, true}) {
        for (const bool newest : {false, true}) {
            CAPTURE(descending, newest);
            std::vector<row> rows;
            for (long i = 0; i < 800; ++i)
                rows.push_back(keyed(json_kind::number, std::to_string(i)));
            rows_world w(items(descending ? "descending" : "ascending", R"("integer")", both_edges),
                         rows, descending);
            w.options.workers = 2;
            w.options.pieces = 16;
            w.options.newest_first = newest;
            w.start();
            while (w.data.commits() < 8)
                (void)w.inner.time.run_for(std::chrono::milliseconds(1));
            const auto& have = w.data.records(1);
            REQUIRE_FALSE(have.empty());
            for (const auto& [key, body] : have)
                CHECK((std::stol(key) >= 600) == newest);
            w.inner.time.run();
            require_exact(w);
        }
    }
}
