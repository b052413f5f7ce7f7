// What a job finds when it looks at its outcome again, under servers that move or hide records.
#include "sim/drifting.hpp"
#include "sim/jobs.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <iostream>
#include <set>

using namespace catena;
using namespace catena::testing;
using result = audit_check::result;

namespace {

// Ranges, and a server that leaves some records out of every page but the first of a query.
struct hiding {
    hiding(std::uint64_t seed, std::vector<row> rows, std::set<long> some)
        : w(seed, ranged_contract(), 0),
          hidden(std::move(some)),
          wire(w.inner.time.get_executor(), w.inner.time,
               [this](const http_request& r, const arrival& how) { return answer(r, how); }),
          on(w.inner.time.get_executor(), wire, w.inner.time)
    {
        w.inner.model = api_model(w.inner.contract, std::move(rows));
        std::swap(on, *w.inner.on);
    }
    ~hiding() { std::swap(on, *w.inner.on); }

    scripted_answer answer(const http_request& r, const arrival& how)
    {
        if (w.inner.time.now() >= down_from) {
            scripted_answer down;
            down.status = 503;
            return down;
        }
        scripted_answer a = w.inner.model.answer(r, how);
        const std::vector<chain_row> rows = w.data.rows(1);
        const bool looking = mends && !rows.empty() && rows.back().range.front() != '[';
        if (looking || r.target.find("cursor=") == std::string::npos) return a;
        for (const long id : hidden) {
            const std::string one = "{\"id\":" + std::to_string(id) + "}";
            const std::size_t at = a.body.find(one);
            if (at == std::string::npos) continue;
            const std::string comma = ",\n";
            const bool before = a.body.compare(at - 2, 2, comma) == 0;
            const bool behind = a.body.compare(at + one.size(), 2, comma) == 0;
            a.body.erase(before ? at - 2 : at, one.size() + (before || behind ? 2 : 0));
        }
        return a;
    }

    job_world w;
    std::set<long> hidden;
    bool mends = false;  // once the job looks again
    time_point down_from = time_point::max();
    fake_transport wire;
    engine on;
};

std::vector<row> sparse_rows(long count)
{
    std::vector<row> out = dense_rows(1, count);
    for (long i = 0; i < count; ++i) {
        row& r = out[static_cast<std::size_t>(i)];
        r.key[0].text = std::to_string(7 * i + i * i % 5);
        r.json = R"({"id":)" + r.key[0].text + "}";
    }
    return out;
}

std::set<long> numbers(long from, long to)
{
    std::set<long> out;
    for (long n = from; n <= to; ++n)
        out.insert(n);
    return out;
}

std::size_t requests(const job_world& w) { return w.inner.model.log().size(); }

}  // namespace

TEST_CASE("a server whose offsets move loses nothing, because it is walked again",
          "[sim][job][audit][P12]")
{
    std::size_t lost_without = 0, found = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        drifting plain(seed);
        plain.w.options.audit.passes = 0;
        plain.run();
        REQUIRE_FALSE(plain.w.why.code);
        CHECK(plain.w.report.is == verdict::unverified);
        lost_without += plain.lost();

        drifting again(seed);
        again.run();
        INFO(again.w.why.text());
        REQUIRE_FALSE(again.w.why.code);
        CHECK(again.lost() == 0);
        const audit_check& positions = check_of(again.w.report, "positions");
        CHECK(positions.is == result::good);
        if (!positions.note.empty()) ++found;
    }
    std::cout << "drift: 40 walks lose " << lost_without << " records, " << found
              << " audits found some of theirs\n";
    CHECK(lost_without > 40);
    CHECK(found > 20);
}

TEST_CASE("passes over a server that never rests are bounded, and it is said", "[sim][job][audit]")
{
    drifting d(3, 100'000);
    d.w.inner.model = api_model(d.w.inner.contract, dense_rows(1, 2'000));
    d.w.options.audit.passes = 2;
    d.run();
    INFO(d.w.why.text());
    REQUIRE_FALSE(d.w.why.code);
    CHECK(d.w.report.is == verdict::unverified);
    CHECK(check_of(d.w.report, "positions").note.find("move faster") != std::string::npos);
    std::size_t passes = 0;
    for (const chain_row& row : d.w.data.rows(1))
        passes += row.range.starts_with("again ");
    CHECK(passes == 2);
    CHECK(d.w.report.counts.chains == 1);
}

TEST_CASE("ids that follow one another give away a page that was dropped, and it is fetched",
          "[sim][job][audit]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        hiding h(seed, dense_rows(1, 400), numbers(300, 306));
        h.w.options.audit.spots = 0;
        h.w.options.whole = range({interval("0", "401")});
        h.w.options.divides = false;
        h.w.run();
        INFO(h.w.why.text());
        REQUIRE_FALSE(h.w.why.code);
        REQUIRE(h.w.stored() == h.w.truth());
        CHECK(h.w.report.is == verdict::complete);
        CHECK(check_of(h.w.report, "ids").is == result::good);
        CHECK(check_of(h.w.report, "stored").is == result::good);
        CHECK(h.w.report.counts.records == 400);
    }
}

TEST_CASE("a look of many pages is walked by one chain, and is none of the parts",
          "[sim][job][audit]")
{
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        hiding h(seed, dense_rows(1, 600), numbers(80, 590));
        h.mends = true;
        h.w.options.whole = range({interval("0", "601")});
        h.w.options.workers = 2;
        h.w.run();
        INFO(h.w.why.text());
        REQUIRE_FALSE(h.w.why.code);
        REQUIRE(h.w.stored() == h.w.truth());
        CHECK(h.w.report.is == verdict::complete);
        CHECK(h.w.report.overlaps.empty());
        for (const chain_row& row : h.w.data.rows(1))
            if (row.range.front() != '[') CHECK(row.epoch == 1);
    }
}

TEST_CASE("spots of a server that answers downwards are asked from above", "[sim][job][audit]")
{
    connector c = ranged_contract();
    c.sorted = order::descending;
    c.expiry.recover = recovery_rule();
    c.range[0].lower.reset();  // the order tells where a part ends
    REQUIRE(validate(c).empty());
    job_world w(1, c, 400);
    w.options.whole = range({interval("0", "2000")});
    w.options.audit.spots = 30;
    w.run();
    INFO(w.why.text());
    REQUIRE_FALSE(w.why.code);
    CHECK(w.report.is == verdict::complete);
    CHECK(check_of(w.report, "spots").is == result::good);
    std::size_t spots = 0;
    for (const chain_row& row : w.data.rows(1)) {
        if (!row.range.starts_with("spot ")) continue;
        ++spots;
        CHECK(row.pages <= 2);
    }
    CHECK(spots > 20);
}

TEST_CASE("holes that lie close together share a query, and what is none there is no loss",
          "[sim][job][audit]")
{
    std::vector<row> rows = dense_rows(1, 600);
    for (const long gone : {40l, 43l, 45l, 300l, 500l, 501l})
        std::erase_if(rows, [&](const row& r) { return r.key[0].text == std::to_string(gone); });
    job_world w(1, ranged_contract(), 0);
    w.inner.model = api_model(w.inner.contract, rows);
    w.options.audit.spots = 0;
    w.run();
    const std::size_t asked = requests(w);
    CHECK(w.report.is == verdict::complete);
    CHECK(check_of(w.report, "ids").note.find("asked for again: 0 were there") !=
          std::string::npos);
    std::size_t holes = 0;
    for (const chain_row& row : w.data.rows(1))
        holes += row.range.starts_with("hole ");
    CHECK(holes == 3);

    w.options.audit.holes = 1;  // too few would be unverified; all were asked for already
    w.run();
    CHECK(requests(w) == asked);
    CHECK(w.report.is == verdict::complete);

    job_world few(1, ranged_contract(), 0);
    few.inner.model = api_model(few.inner.contract, rows);
    few.options.audit.holes = 2;
    few.run();
    CHECK(few.report.is == verdict::unverified);
    few.run();  // each run asks for so many more
    CHECK(few.report.is == verdict::complete);
}

TEST_CASE("spots find out a server that drops records, and the gap is told", "[sim][job][audit]")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const std::vector<row> rows = sparse_rows(300);
        std::set<long> hidden;
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (i % 4 == 3) hidden.insert(std::stol(rows[i].key[0].text));
        hiding h(seed, rows, hidden);
        h.w.options.audit.spots = 60;
        h.w.options.audit.seed = seed;
        h.w.run();
        INFO(h.w.why.text());
        REQUIRE_FALSE(h.w.why.code);
        CHECK(h.w.report.is == verdict::incomplete);
        CHECK(check_of(h.w.report, "spots").is == result::bad);
        CHECK_FALSE(h.w.report.gaps.empty());
        CHECK(check_of(h.w.report, "stored").is == result::good);
        // What a spot showed is stored by now, and nothing is asked twice.
        const std::size_t asked = requests(h.w);
        h.w.run();
        CHECK(requests(h.w) == asked);
        CHECK(h.w.report.is == verdict::incomplete);
    }
}

TEST_CASE("looks of a sound server cost a handful of requests, or a hundredth", "[sim][job][audit]")
{
    for (const std::size_t records : {60u, 300u, 7'000u}) {
        CAPTURE(records);
        std::size_t asked[2] = {};
        for (const bool on : {false, true}) {
            job_world w(1, ranged_contract(), records);
            w.options.audit.on = on;
            w.run();
            REQUIRE_FALSE(w.why.code);
            CHECK(w.report.is == verdict::complete);
            CHECK(check_of(w.report, "spots").is == (on ? result::good : result::unknown));
            CHECK(check_of(w.report, "stored").is == (on ? result::good : result::unknown));
            asked[on] = requests(w);
        }
        CHECK(asked[1] > asked[0]);
        CHECK(asked[1] <= asked[0] + std::max<std::size_t>(4, asked[0] / 100 + 1));
    }
}

TEST_CASE("killed or cancelled in the middle of an audit, a job ends as if it had not been",
          "[sim][job][audit][S1][U3]")
{
    using fate = fake_store::fate;
    for (const auto how : {fate::done, fate::lost}) {
        for (std::size_t at = 58; at < 76; ++at) {
            CAPTURE(at, how == fate::done);
            hiding h(at, dense_rows(1, 400), numbers(300, 306));
            h.w.options.divides = false;
            h.w.start();
            while (!h.w.done && h.w.data.commits() < at)
                (void)h.w.inner.time.run_for(std::chrono::milliseconds(1));
            if (at % 2 == 0) h.w.data.crash(how);
            h.w.work.reset();
            h.w.inner.time.run();
            h.w.run();
            INFO(h.w.why.text());
            REQUIRE_FALSE(h.w.why.code);
            REQUIRE(h.w.stored() == h.w.truth());
            CHECK(h.w.report.is == verdict::complete);
            CHECK(h.w.report.counts.records == 400);
        }
    }
}

TEST_CASE("a look without an answer leaves a run unverified, and a later run makes up for it",
          "[sim][job][audit]")
{
    const char kind = GENERATE('s', 'h');
    hiding h(1, dense_rows(1, 400), kind == 's' ? std::set<long>() : numbers(300, 306));
    const auto looks = [&] {
        return h.w.data.job("items").chains > 4 && h.w.data.rows(1).back().range[0] == kind;
    };
    h.w.options.divides = false;
    h.w.start();
    while (!looks())
        (void)h.w.inner.time.run_for(std::chrono::milliseconds(1));
    h.down_from = h.w.inner.time.now();
    h.w.inner.time.run();
    REQUIRE(h.w.done);
    CHECK(h.w.report.is != verdict::complete);
    if (kind == 'h' && !h.w.why.code) CHECK(check_of(h.w.report, "ids").is == result::unknown);
    h.down_from = time_point::max();
    h.w.run();
    REQUIRE_FALSE(h.w.why.code);
    CHECK(h.w.report.is == verdict::complete);
    CHECK(h.w.stored() == h.w.truth());
}

TEST_CASE("where a sink has the records no look is taken, and nothing is said of one",
          "[sim][job][audit]")
{
    fake_store_options o;
    o.readable = false;
    o.keeps_keys = false;
    job_world w(1, ranged_contract(), 100, {}, o);
    w.run();
    CHECK(w.report.is == verdict::complete);
    CHECK(check_of(w.report, "spots").is == result::unknown);
    CHECK(check_of(w.report, "stored").is == result::unknown);

    job_world counted(1, contract("offset"), 60, {}, o);
    counted.run();
    CHECK(counted.report.is == verdict::unverified);
    CHECK(check_of(counted.report, "positions").is == result::unknown);
    CHECK_THAT(counted.report.reasons.front(), Catch::Contains("job_options::name"));
}
