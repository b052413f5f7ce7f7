// Two runs over one dataset, a day apart.
#include "sim/jobs.hpp"

#include <algorithm>

using namespace catena;
using namespace catena::testing;
using result = audit_check::result;

namespace {

row made_row(long id, const std::string& status)
{
    row r;
    r.key = {value{json_kind::number, std::to_string(id)}};
    r.json = R"({"id":)" + std::to_string(id) + R"(,"status":")" + status + "\"}";
    return r;
}

// 200 records that were fetched yesterday.
struct two_days {
    two_days() : w(1, ranged_contract(), 0)
    {
        std::vector<row> rows;
        for (long id = 1; id <= 200; ++id)
            rows.push_back(made_row(5 * id, "new"));
        w.inner.model = api_model(w.inner.contract, rows);
        w.options.name = "yesterday";
        w.run();
        REQUIRE(w.report.is == verdict::complete);
        w.options.name = "today";
        w.options.previous = "yesterday";
    }
    void gone(long id) { REQUIRE(w.inner.model.erase(made_row(id, "new").json)); }

    [[nodiscard]] const audit_check& check() const
    {
        return *std::find_if(w.report.checks.begin(), w.report.checks.end(),
                             [](const audit_check& c) { return c.name == "previous"; });
    }

    job_world w;
};

}  // namespace

TEST_CASE("what came, changed and is gone since another job is told, and nothing is removed",
          "[sim][job][audit]")
{
    two_days d;
    for (const long id : {15l, 100l, 105l})
        d.gone(id);
    d.gone(500);
    d.w.inner.model.insert(made_row(500, "paid"));
    d.w.inner.model.insert(made_row(501, "new"));
    d.w.inner.model.insert(made_row(7, "new"));
    const auto before = d.w.data.records(1);
    for (int run = 0; run < 2; ++run) {
        d.w.run();
        INFO(d.w.why.text());
        REQUIRE_FALSE(d.w.why.code);
        CHECK(d.w.report.is == verdict::complete);
        CHECK(d.check().is == result::good);
        CHECK(d.check().note == "2 added, 1 changed, 3 deleted: flagged only, left to you");
        CHECK(d.w.report.deleted == std::vector<std::string>{"100", "105", "15"});
        CHECK(d.w.data.records(1) == before);
        CHECK(d.w.data.records(2).size() == 199);
    }
}

TEST_CASE("a dataset that shrank by more than is allowed is no complete one", "[sim][job][audit]")
{
    two_days d;
    for (long id = 5; id <= 150; id += 5)
        d.gone(id);
    d.w.run();
    REQUIRE_FALSE(d.w.why.code);
    CHECK(d.w.report.is == verdict::unverified);
    CHECK(d.check().is == result::bad);
    CHECK(d.w.report.deleted.size() == 30);
    d.w.options.audit.most_shrinking = 0.15;
    d.w.run();
    CHECK(d.w.report.is == verdict::complete);
}

TEST_CASE("a job to compare with that is not there is known before anything is asked for",
          "[sim][job][audit][U17]")
{
    job_world w(1, ranged_contract(), 30);
    w.options.previous = "yestreday";
    w.run();
    CHECK(w.why.code == errc::invalid_state);
    CHECK(w.why.what.find("yestreday") != std::string::npos);
    CHECK(w.why.mend.find("job_options::previous") != std::string::npos);
    CHECK(w.inner.model.log().empty());

    w.options.previous = "items";
    CHECK_THROWS_AS(job(*w.inner.on, w.inner.contract, w.data, w.options), std::invalid_argument);
    w.options.previous.clear();
    w.options.audit.most_shrinking = 2;
    CHECK_THROWS_AS(job(*w.inner.on, w.inner.contract, w.data, w.options), std::invalid_argument);
}

TEST_CASE("a cancel while two jobs are compared ends it", "[sim][job][audit][U3]")
{
    for (int at = 0; at < 40; ++at) {
        CAPTURE(at);
        two_days d;
        d.w.start();
        while (!d.w.done && d.w.data.job("today").ended < 4)
            (void)d.w.inner.time.run_for(std::chrono::milliseconds(1));
        (void)d.w.inner.time.run_for(std::chrono::milliseconds(at));
        d.w.work.reset();
        d.w.inner.time.run();
        REQUIRE(d.w.done);
        d.w.run();
        CHECK(d.w.report.is == verdict::complete);
    }
}
