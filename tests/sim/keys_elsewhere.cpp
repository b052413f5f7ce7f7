// Counted pages whose records a sink has: the store knows their keys, and a pass can tell what is
// missing.
#include "sim/drifting.hpp"

#include <iostream>

using namespace catena;
using namespace catena::testing;

namespace {

fake_store_options elsewhere(bool keys = true)
{
    fake_store_options o;
    o.readable = false;
    o.keeps_keys = keys;
    return o;
}

}  // namespace

TEST_CASE("offsets that move lose nothing where a sink has the records", "[sim][job][audit][P12]")
{
    std::size_t found = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        drifting rows(seed), lines(seed, 12, elsewhere());
        rows.run();
        lines.run();
        INFO(lines.w.why.text());
        REQUIRE_FALSE(lines.w.why.code);
        CHECK(lines.lost() == 0);
        CHECK(lines.w.report.is == rows.w.report.is);
        CHECK(lines.w.report.reasons == rows.w.report.reasons);
        const audit_check& positions = check_of(lines.w.report, "positions");
        CHECK(positions.is == audit_check::result::good);
        found += positions.note.empty() ? 0 : 1;
    }
    std::cout << "drift into a sink: " << found << " of 40 audits found some records\n";
    CHECK(found > 20);

    job_world still(1, contract("offset"), 60, {}, elsewhere());
    still.run();
    CHECK(still.report.is == verdict::complete);
    CHECK(check_of(still.report, "stored").is == audit_check::result::good);
}

TEST_CASE("killed at any page or look, a job whose records a sink has ends as if it had not been",
          "[sim][job][audit][S1]")
{
    using fate = fake_store::fate;
    for (std::size_t at = 1; at < 64; at += 3) {
        CAPTURE(at);
        drifting d(at, 12, elsewhere());
        d.w.start();
        for (int step = 0; step < 4'000 && !d.w.done && d.w.data.commits() < at; ++step) {
            (void)d.w.inner.time.run_for(std::chrono::milliseconds(1));
            if (step % 25 == 0) d.move();
        }
        d.w.data.crash(at % 2 == 0 ? fate::done : fate::lost);
        d.w.work.reset();
        d.w.inner.time.run();
        d.run();
        INFO(d.w.why.text());
        REQUIRE_FALSE(d.w.why.code);
        CHECK(d.lost() == 0);
        CHECK(check_of(d.w.report, "positions").is == audit_check::result::good);
    }
}

TEST_CASE("keys are kept only for a job that will ask for them", "[sim][job][audit]")
{
    const auto knows = [](connector c, const std::function<void(job_options&)>& change) {
        job_world w(1, std::move(c), 60, {}, elsewhere());
        change(w.options);
        w.run();
        INFO(w.why.text());
        REQUIRE_FALSE(w.why.code);
        return w.data.job(w.inner.contract.name).knows_keys;
    };
    CHECK(knows(contract("offset"), [](job_options&) {}));
    CHECK_FALSE(knows(contract("offset"), [](job_options& o) { o.audit.passes = 0; }));
    CHECK_FALSE(knows(contract("offset"), [](job_options& o) { o.audit.on = false; }));
    CHECK_FALSE(knows(ranged_contract(), [](job_options&) {}));
}

TEST_CASE("a job that began without its keys goes on, and says what to do", "[sim][job][audit]")
{
    drifting d(5, 0, elsewhere(false));
    d.run();
    REQUIRE_FALSE(d.w.why.code);
    CHECK(d.w.report.is == verdict::unverified);
    REQUIRE(d.w.report.reasons.size() == 1);
    CHECK_THAT(d.w.report.reasons[0], Catch::Contains("begin it anew"));
    CHECK_THAT(d.w.report.reasons[0], Catch::Contains("job_options::name"));
}
