// Two first runs of one job, whose calls of the store meet in an order that a test chooses.
#include "sim/jobs.hpp"
#include "support/held_store.hpp"
#include <catena/codec/range_text.hpp>
#include <catena/core/coverage.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

row numbered_row(long id)
{
    row r;
    r.key = {value{json_kind::number, std::to_string(id)}};
    r.json = R"({"id":)" + std::to_string(id) + "}";
    return r;
}

// Holds back the plan of one run until it is let go.
struct plan_gate {
    std::vector<held_store::call> operator()(std::vector<held_store::call>& waiting)
    {
        std::vector<held_store::call> now;
        for (std::size_t i = 0; i < waiting.size();) {
            const bool stays = waiting[i].what == held_store::kind::plan && !*open;
            if (stays) {
                *waits = true;
                ++i;
                continue;
            }
            now.push_back(std::move(waiting[i]));
            waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(i));
        }
        return now;
    }
    std::shared_ptr<bool> open = std::make_shared<bool>(false);
    std::shared_ptr<bool> waits = std::make_shared<bool>(false);
};

struct gated_run {
    gated_run(job_world& w)
        : store(w.data, held_store::inner_kind::virtual_, w.inner.time.get_executor(), w.inner.time,
                gate),
          work(*w.inner.on, w.inner.contract, store, w.options)
    {
        work.run([this](error_code ec, const audit_report&) { came = ec; });
    }

    plan_gate gate;
    held_store store;
    job work;
    std::optional<error_code> came;
};

void wait_for(job_world& w, const std::shared_ptr<bool>& what)
{
    for (int ms = 0; ms < 60'000 && !*what; ++ms)
        (void)w.inner.time.run_for(std::chrono::milliseconds(1));
    REQUIRE(*what);
}

}  // namespace

TEST_CASE("of two runs that plan at once one has the plan, and what it covers is kept with it",
          "[sim][job][S6]")
{
    for (const bool first_wins : {true, false}) {
        CAPTURE(first_wins);
        job_world w(1, ranged_contract(), 0);
        std::vector<row> rows;
        for (long id = 1; id <= 100; ++id)
            rows.push_back(numbered_row(id));
        w.inner.model = api_model(w.inner.contract, rows);
        gated_run a(w);
        wait_for(w, a.gate.waits);
        // More than ever before: the other run finds another upper bound.
        for (long id = 5'000; id < 5'060; ++id)
            w.inner.model.insert(numbered_row(id));
        gated_run b(w);
        wait_for(w, b.gate.waits);

        *(first_wins ? a : b).gate.open = true;
        for (int ms = 0; ms < 60'000 && !w.data.job("items").planned; ++ms)
            (void)w.inner.time.run_for(std::chrono::milliseconds(1));
        *(first_wins ? b : a).gate.open = true;
        w.inner.time.run();
        REQUIRE(a.came);
        REQUIRE(b.came);
        CHECK((!*a.came || !*b.came));

        const job_row row = w.data.job("items");
        const range whole = range_from_text(row.notes.at("whole"));
        std::vector<range> parts;
        for (const chain_row& each : w.data.rows(1))
            if (each.range.front() == '[')
                parts.push_back(range_from_text(each.range.substr(0, each.range.find('\n'))));
        CHECK(coverage_of(w.inner.contract.range, whole, parts).covered());
        CHECK(w.stored().size() == (first_wins ? 100 : 160));
        w.run();
        INFO(w.why.text());
        CHECK_FALSE(w.why.code);
        CHECK(w.report.is == verdict::complete);
    }
}
