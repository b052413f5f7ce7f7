// How evenly a job's workers end on skewed data, against static windows. Virtual time: the figures
// are the same on every machine.
#include "sim/jobs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <numeric>
#include <random>

using namespace catena;
using namespace catena::testing;

namespace {

constexpr long span_of_ids = 1'000'000;
constexpr std::size_t hours = 720;

// Ids as moments: each hour has as many as Zipf's law gives its rank, hours in random order.
std::vector<row> zipf_rows(std::size_t records, std::uint64_t seed)
{
    std::vector<double> share(hours);
    for (std::size_t i = 0; i < hours; ++i)
        share[i] = 1.0 / static_cast<double>(i + 1);
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    std::mt19937_64 random(seed);
    std::shuffle(share.begin(), share.end(), random);

    std::vector<row> out;
    const double width = static_cast<double>(span_of_ids) / hours;
    for (std::size_t h = 0; h < hours; ++h) {
        const auto count =
            static_cast<std::size_t>(std::lround(share[h] / sum * static_cast<double>(records)));
        for (std::size_t i = 0; i < count; ++i) {
            const double at =
                (static_cast<double>(h) + static_cast<double>(i) / static_cast<double>(count)) *
                width;
            row r;
            const std::string id = std::to_string(static_cast<long>(at));
            if (!out.empty() && out.back().key[0].text == id) continue;
            r.key = {value{json_kind::number, id}};
            r.json = R"({"id":)" + id + "}";
            out.push_back(std::move(r));
        }
    }
    return out;
}

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
        windows.pieces = hours;
        const span_of_run hourly = run_with(seed, windows);

        std::cout << "skew " << seed << ": divided " << seconds(ours.took) / even
                  << " x an even split of " << even << " s, with " << ours.divided
                  << " divisions and " << ours.requests << " requests for " << one.requests
                  << " pages; static hourly windows " << seconds(hourly.took) / even << " x\n";
        CHECK(seconds(ours.took) <= 1.10 * even);
    }
}
