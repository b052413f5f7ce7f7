// How evenly a job's workers end on skewed data, against static windows. Virtual time: the figures
// are the same on every machine.
#include "sim/jobs.hpp"
#include "support/zipf_rows.hpp"

#include <cstdlib>
#include <iostream>

using namespace catena;
using namespace catena::testing;

namespace {

struct span_of_run {
    duration took{};
    std::uint64_t requests = 0;
    std::uint64_t divided = 0;
};

span_of_run run_with(std::uint64_t seed, const job_options& o)
{
    connector c = ranged_contract();
    c.page_size.value = 2;  // many pages of few records: what counts is requests
    job_world w(seed, c, 0);
    w.inner.model = api_model(w.inner.contract, zipf_rows(12'000, seed));
    w.options = o;
    w.options.whole = range({interval("0", std::to_string(span_of_ids))});
    w.options.audit.on = false;  // what is measured is the walk
    const time_point begun = w.inner.time.now();
    w.start();
    while (!w.done)
        (void)w.inner.time.run_for(std::chrono::milliseconds(10));
    INFO(w.why.text());
    REQUIRE(w.report.is == verdict::complete);
    REQUIRE(w.stored() == w.truth());
    return {w.inner.time.now() - begun, w.inner.model.log().size(), w.work->progress().divided};
}

double seconds(duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

TEST_CASE("40 workers end within a tenth of an even split, however skewed the data are",
          "[sim][job][skew]")
{
    // CATENA_SEEDS makes the long form of it.
    const char* const seeds = std::getenv("CATENA_SEEDS");
    const std::uint64_t last = seeds != nullptr ? std::stoul(seeds) : 1;
    for (std::uint64_t seed = 1; seed <= last; ++seed) {
        job_options alone;
        alone.workers = 1;
        const span_of_run one = run_with(seed, alone);
        const double even = seconds(one.took) / 40;

        job_options dividing;
        dividing.workers = 40;
        const span_of_run ours = run_with(seed, dividing);

        job_options windows = dividing;  // a chain for each hour, and none is ever divided
        windows.divides = false;
        windows.pieces = hours_of_ids;
        const span_of_run hourly = run_with(seed, windows);

        std::cout << "skew " << seed << ": divided " << seconds(ours.took) / even
                  << " x an even split of " << even << " s, with " << ours.divided
                  << " divisions and " << ours.requests << " requests for " << one.requests
                  << " pages; static hourly windows " << seconds(hourly.took) / even << " x\n";
        CHECK(seconds(ours.took) <= 1.10 * even);
    }
}
