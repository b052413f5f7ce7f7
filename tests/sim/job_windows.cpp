// Servers that show no more than so many records of one query: jobs split their ranges.
#include "sim/jobs.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

using window_end = behaviour::window_end;

constexpr std::uint64_t window_size = 40;

struct shape_of_api {
    order sorted = order::none;
    bool total = true;
    bool two_edges = true;
    bool ties = false;
    std::uint64_t page = 7;
};

connector windowed(const shape_of_api& s)
{
    const bool asc = s.sorted == order::ascending;
    const std::string sorted = s.sorted == order::none ? ""
                               : asc                   ? R"("order": "ascending",)"
                                                       : R"("order": "descending",)";
    const std::string grouped = s.ties && s.sorted != order::none ? R"("ties": true,)" : "";
    const std::string lower = R"("lower": {"to": {"query": "from"}, "bound": "inclusive"})";
    const std::string upper = R"("upper": {"to": {"query": "before"}, "bound": "exclusive"})";
    const std::string edges = s.two_edges ? lower + ',' + upper : asc ? lower : upper;
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items",
        "key": )" + std::string(s.ties ? R"(["/at", "/id"],)" : R"(["/at"],)") +
                          sorted + grouped + R"(
        "page_size": {"to": {"query": "limit"}, "value": )" +
                          std::to_string(s.page) + R"(},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        )" + (s.total ? R"("total": {"body": "/total"},)" : "") +
                          R"(
        "window": {"records": 40, "action": "split"},
        "range": {"by": "/at", "type": "integer", )" +
                          edges + "}}");
}

row at_place(long at, long id, bool ties)
{
    row r;
    r.key = {value{json_kind::number, std::to_string(at)}};
    if (ties) r.key.push_back(value{json_kind::number, std::to_string(id)});
    r.json = R"({"at":)" + std::to_string(at) + R"(,"id":)" + std::to_string(id) + "}";
    return r;
}

// Most of them lie near each other, some far away; those that may share a key mostly do.
std::vector<row> skewed(const shape_of_api& s, std::size_t records, std::uint64_t seed)
{
    std::mt19937_64 draw(seed);
    std::vector<long> places;
    long next = 1000;
    for (std::size_t i = 0; i < records; ++i) {
        const bool far = draw() % 20 == 0;
        const bool same = s.ties && draw() % 4 != 0;
        if (!same)
            next += far ? static_cast<long>(draw() % 5000) : 1 + static_cast<long>(draw() % 2);
        places.push_back(next);
    }
    std::vector<row> out;
    for (std::size_t i = 0; i < places.size(); ++i)
        out.push_back(at_place(places[i], static_cast<long>(i), s.ties));
    if (s.sorted == order::descending) std::reverse(out.begin(), out.end());
    if (s.sorted == order::none) std::shuffle(out.begin(), out.end(), draw);
    return out;
}

behaviour narrow(window_end end, bool caps = false)
{
    behaviour b;
    b.result_window = window_size;
    b.past_window = end;
    b.window_caps_total = caps;
    return b;
}

struct window_world : job_world {
    window_world(std::uint64_t seed, const shape_of_api& s, std::vector<row> rows, behaviour b)
        : job_world(seed, windowed(s), 0)
    {
        inner.model = api_model(inner.contract, std::move(rows), std::move(b));
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
    CHECK(w.report.counts.records == w.truth().size());  // none came into the store twice
}

std::size_t refused(const job_world& w)
{
    const auto& log = w.inner.model.log();
    return static_cast<std::size_t>(
        std::count_if(log.begin(), log.end(), [](const served& s) { return s.status == 400; }));
}

const shape_of_api shapes[] = {
    {order::none, true, true, false, 7},        {order::none, true, true, true, 7},
    {order::none, true, true, false, 40},       {order::ascending, true, true, false, 7},
    {order::ascending, false, true, true, 7},   {order::ascending, false, false, true, 7},
    {order::ascending, true, false, false, 10}, {order::descending, true, true, true, 7},
    {order::descending, false, false, true, 7}, {order::descending, false, true, false, 10},
};

}  // namespace

TEST_CASE("a window smaller than the dataset costs no record, whatever the order and its end",
          "[sim][job][P16][P9]")
{
    for (const shape_of_api& s : shapes) {
        for (std::uint64_t seed = 1; seed <= 6; ++seed) {
            const window_end end = seed % 2 == 0 ? window_end::refuses : window_end::stops;
            const bool caps = seed % 3 == 0;
            CAPTURE(seed, static_cast<int>(s.sorted), s.total, s.two_edges, s.ties, s.page, caps);
            window_world w(seed, s, skewed(s, 400, seed), narrow(end, caps));
            w.options.workers = seed % 3 + 1;
            if (seed == 5) w.options.whole = range({interval("0", "1000000")});
            w.options.newest_first = seed == 6;
            w.run();
            require_exact(w);
            CHECK(refused(w) == 0);
        }
    }
}

TEST_CASE("killed at any moment between divisions, a job of a narrow window goes on exactly",
          "[sim][job][P16][S1]")
{
    using fate = fake_store::fate;
    for (const std::size_t shape : {1u, 4u, 7u, 8u}) {
        const shape_of_api& s = shapes[shape];
        for (int at = 0; at < 90; at += 3) {
            CAPTURE(shape, at);
            window_world w(7, s, skewed(s, 250, 7), narrow(window_end::stops, true));
            w.start();
            (void)w.inner.time.run_for(std::chrono::milliseconds(20 * at + at % 7));
            w.data.crash(at % 2 == 0 ? fate::done : fate::lost);
            w.work.reset();
            w.inner.time.run();
            w.run();
            require_exact(w);
        }
    }
}

TEST_CASE("a key with more records than the window is an exact gap, and all else is fetched",
          "[sim][job][P16][P18]")
{
    for (const shape_of_api& s : shapes) {
        if (!s.ties) continue;
        for (const window_end end : {window_end::refuses, window_end::stops}) {
            CAPTURE(static_cast<int>(s.sorted), s.total, s.two_edges, static_cast<int>(end));
            std::vector<row> rows;
            for (long i = 0; i < 300; ++i)
                rows.push_back(at_place(i < 100 ? i : i < 180 ? 500 : 1000 + i, i, true));
            if (s.sorted == order::descending) std::reverse(rows.begin(), rows.end());
            window_world w(3, s, rows, narrow(end));
            w.run();
            REQUIRE(w.done);
            INFO(w.why.text());
            CHECK(w.why.code == errc::window_reached);
            CHECK(w.why.mend.find("window.records") != std::string::npos);
            CHECK(w.report.is == verdict::incomplete);
            const std::vector<std::string> have = w.stored();
            for (const row& r : rows)
                if (r.key[0].text != "500")
                    CHECK(std::binary_search(have.begin(), have.end(), r.json));
            REQUIRE(w.report.gaps.size() == 1);
            const interval gap = w.report.gaps[0].where.over.at(0);
            CHECK(where_in(w.inner.contract.range[0], gap, field_view(json_kind::number, "500")) ==
                  side::inside);
            CHECK(gap == interval("500", "501"));
            // Again: the same gap, and nothing twice.
            w.run();
            CHECK(w.why.code == errc::window_reached);
            CHECK(w.report.gaps.size() == 1);
            CHECK(w.stored() == have);
        }
    }
}

TEST_CASE("a query that ends before its total has come is no end", "[sim][job][P15][P16]")
{
    // The server's window is smaller than the connector says.
    behaviour b = narrow(window_end::stops);
    b.result_window = 25;
    window_world unordered(1, shapes[0], skewed(shapes[0], 300, 1), b);
    unordered.run();
    CHECK(unordered.why.code == errc::window_reached);
    CHECK(unordered.report.is == verdict::incomplete);
    CHECK_FALSE(unordered.report.gaps.empty());

    // In order the rest is asked for: what is left is known.
    for (const std::size_t shape : {3u, 7u}) {
        const shape_of_api& s = shapes[shape];
        window_world sorted(1, s, skewed(s, 300, 1), b);
        sorted.run();
        require_exact(sorted);
    }
}

TEST_CASE("a total that lies does not keep a sorted walk from its end", "[sim][job][P15]")
{
    behaviour b = narrow(window_end::refuses);
    b.faults.emplace_back(fault::kind::total_lies, 0, fault::always);
    window_world w(1, shapes[3], skewed(shapes[3], 200, 1), b);
    w.run();
    INFO(w.why.text());
    CHECK_FALSE(w.why.code);
    CHECK(w.report.is == verdict::unverified);
    CHECK(w.stored() == w.truth());
}

TEST_CASE("a walk without a job says at its first page that it cannot split", "[sim][P16]")
{
    for (const shape_of_api& s : shapes) {
        CAPTURE(static_cast<int>(s.sorted), s.total);
        for (const window_end end : {window_end::refuses, window_end::stops}) {
            world w(1, windowed(s), 0);
            w.model = api_model(w.contract, skewed(s, 100, 1), narrow(end));
            const harvest h = walk_all(w);
            CHECK(h.why.code == errc::window_reached);
            CHECK(h.why.mend.find("job") != std::string::npos);
            if (s.total) CHECK(h.records.empty());
        }
        world small(1, windowed(s), 0);
        small.model = api_model(small.contract, skewed(s, 30, 1), narrow(window_end::refuses));
        require_all(small);
    }
}

TEST_CASE("nothing is split at borders that nobody has tested", "[sim][job][P16][P17]")
{
    for (const std::size_t shape : {0u, 3u}) {
        behaviour b = narrow(window_end::refuses);
        b.filters = behaviour::filter_kind::both_exclusive;
        window_world w(1, shapes[shape], skewed(shapes[shape], 300, 1), b);
        w.options.workers = 1;
        w.run();
        CHECK(w.why.code == errc::range_broken);
        CHECK(w.stored().empty());
    }
}

TEST_CASE("parts of texts, decimals and times are split too, closed or open", "[sim][job][P16]")
{
    struct kind_of_key {
        const char* type;
        const char* more;
        std::function<std::string(long)> text;
    };
    const kind_of_key kinds[] = {
        {"text", "", [](long i) { return "k" + std::to_string(100000 + i * 37 % 1000); }},
        {"decimal", "", [](long i) { return std::to_string(i / 8) + '.' + std::to_string(i % 8); }},
        {"time", R"("resolution": "1s",)",
         [](long i) {
             std::string two = std::to_string(100 + i % 60).substr(1);
             return "2026-01-02T03:" + std::to_string(10 + i / 60) + ':' + two + "Z";
         }},
    };
    for (const kind_of_key& kind : kinds) {
        for (const bool closed : {false, true}) {
            CAPTURE(kind.type, closed);
            const connector c = load_connector(R"({
                "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
                "records": "/items", "key": "/at", "page_size": {"to": {"query": "limit"}, "value": 7},
                "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
                "total": {"body": "/total"}, "window": {"records": 40, "action": "split"},
                "range": {"by": "/at", "type": ")" +
                                               std::string(kind.type) + "\"," + kind.more + R"(
                    "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                    "upper": {"to": {"query": "before"}, "bound": "exclusive"}}})");
            const bool number = std::string(kind.type) == "decimal";
            std::vector<row> rows;
            for (long i = 0; i < 500; ++i) {
                row r;
                const std::string key = kind.text(i);
                r.key = {value{number ? json_kind::number : json_kind::string, key}};
                r.json = R"({"at":)" + (number ? key : '"' + key + '"') + "}";
                rows.push_back(r);
            }
            std::mt19937_64 draw(4);
            std::shuffle(rows.begin(), rows.end(), draw);
            job_world w(2, c, 0);
            w.inner.model = api_model(c, rows, narrow(window_end::stops, true));
            if (closed && number) w.options.whole = range({interval("0", "1000")});
            if (closed && kind.text(0)[0] == 'k') w.options.whole = range({interval("a", "z")});
            if (closed && kind.text(0)[1] == '0')
                w.options.whole = range({interval("2025-01-01T00:00:00Z", "2026-02-01T00:00:00Z")});
            w.run();
            require_exact(w);
            CHECK(refused(w) == 0);
        }
    }
}

TEST_CASE("a window that is to be split needs a range, and a total where nothing is sorted",
          "[job][P16]")
{
    const auto flaws = [](const std::function<void(connector&)>& change) {
        connector c = windowed(shapes[0]);
        change(c);
        std::string all;
        for (const connector_flaw& f : validate(c))
            all += f.pointer + ' ';
        return all;
    };
    CHECK(flaws([](connector&) {}).empty());
    CHECK(flaws([](connector& c) { c.range.clear(); }) == "/window/action ");
    CHECK(flaws([](connector& c) { c.total.reset(); }) == "/window/action ");
    CHECK(flaws([](connector& c) { c.total->counts = total_rule::unit::pages; }) ==
          "/window/action ");
    CHECK(flaws([](connector& c) {
              c.sorted = order::ascending;
              c.total.reset();
              c.range[0].upper.reset();
          }).empty());
    CHECK(flaws([](connector& c) {
              c.key.insert(c.key.begin(), key_field("/id"));
              c.sorted = order::ascending;
              c.total.reset();
          }) == "/window/action ");
    CHECK(flaws([](connector& c) { c.window.past = window_rule::action::rebuild; }) == "/window ");
}
