// Whole jobs over a store: whether an event loop keeps time while pages are committed, how soon a
// job of many chains is at its first request, and how evenly 40 workers end on skewed data behind
// a server that takes 50 ms a page.
//
//   bench_stored_jobs [--quick] [--seconds S] [--json FILE]
#include "options.hpp"
#include "store_load.hpp"
#include "support/scratch_folder.hpp"
#include "support/store_caller.hpp"
#include "support/zipf_rows.hpp"
#include <catena/catena.hpp>
#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/connector_json.hpp>
#include <catena/codec/job_description.hpp>
#include <catena/codec/range_query.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/store/sqlite_store.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace catena::bench {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::scratch_folder;
using testing::store_caller;

namespace {

connector by_ids(std::uint32_t page)
{
    connector c = load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 2},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}
    })");
    c.page_size.value = page;
    return c;
}

struct lateness {
    double p50_ms = 0, p99_ms = 0, pages_s = 0;
};

// A timer of 1 ms on the loop on which the crowd is told of its pages and makes the next ones.
lateness loop_beside(const committer& commit, std::uint64_t job, std::vector<chain_row> rows,
                     double seconds)
{
    asio::io_context loop(1);
    auto work = asio::make_work_guard(loop);
    std::vector<double> late;
    std::atomic<bool> over = false;
    asio::steady_timer clock(loop);
    const std::function<void()> tick = [&] {
        const auto due = steady::now() + 1ms;
        clock.expires_at(due);
        clock.async_wait([&, due](error_code) {
            late.push_back(1e3 * since(due));
            if (!over) tick();
        });
    };
    asio::post(loop, tick);
    std::thread turning([&] { loop.run(); });
    crowd all(
        [&](page_commit p, store::handler<commit_outcome> done) {
            commit(std::move(p), [&loop, done](const diagnostics& why, commit_outcome o) {
                asio::post(loop, [done, why, o] { done(why, o); });
            });
        },
        job, std::move(rows));
    const cost c = all.run(seconds);
    over = true;
    work.reset();
    turning.join();
    std::sort(late.begin(), late.end());
    return {late[late.size() / 2], late[late.size() * 99 / 100], c.pages_a_second};
}

std::string measure_loop(double seconds)
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    store_caller call(s);
    const std::uint64_t job = call.planned("bench", load_chains);
    const lateness with =
        loop_beside([&](page_commit p, auto done) { s.commit(std::move(p), std::move(done)); }, job,
                    call.claim(job, load_chains).value, seconds);
    // The control answers as seldom as the store did, and does nothing.
    no_store none(std::chrono::duration_cast<steady::duration>(
        std::chrono::duration<double>(load_chains / with.pages_s)));
    const lateness without =
        loop_beside([&](page_commit p, auto done) { none.commit(std::move(p), std::move(done)); },
                    1, std::vector<chain_row>(load_chains), seconds);
    std::printf(
        "loop timers, %zu chains x %zu records: p99 %.2f ms late at %.0f pages/s; without "
        "a store %.2f ms at %.0f pages/s: %.2f ms more (limit 2)\n",
        load_chains, load_records, with.p99_ms, with.pages_s, without.p99_ms, without.pages_s,
        with.p99_ms - without.p99_ms);
    return "  {\"loop_p99_ms\": " + std::to_string(with.p99_ms) +
           ", \"control_p99_ms\": " + std::to_string(without.p99_ms) +
           ", \"pages_s\": " + std::to_string(with.pages_s) + "}";
}

// Chains that all have a checkpoint already, and none of them walked by anybody.
void leave_behind(const std::string& path, const connector& c, std::size_t n)
{
    asio::io_context unused;
    engine on(unused.get_executor());
    sqlite_store s(path);
    store_caller call(s);
    const range whole({interval("0", std::to_string(1'000 * n))});
    const std::uint64_t job = call.open(c.name, describe_job(c, whole)).value.id;
    call.note(job, "borders", "proven");
    std::vector<std::string> ranges, checkpoints;
    for (std::size_t i = 0; i < n; ++i) {
        const range part({interval(std::to_string(1'000 * i), std::to_string(1'000 * i + 1'000))});
        ranges.push_back(to_text(part));
        checkpoints.push_back(to_text(chain(on, within(c, part)).after()));
    }
    call.plan(job, ranges);
    const std::vector<chain_row> mine = call.claim(job, n).value;
    std::atomic<std::size_t> left = mine.size();
    std::promise<void> over;
    for (std::size_t i = 0; i < mine.size(); ++i) {
        page_commit p;
        p.job = job;
        p.chain = mine[i].id;
        p.epoch = mine[i].epoch;
        p.checkpoint = checkpoints[i];
        p.last_key = std::to_string(1'000 * i + 5);
        s.commit(std::move(p), [](const diagnostics&, commit_outcome) {});
        s.release(mine[i].id, mine[i].epoch, chain_row::state::ready, {},
                  [&](const diagnostics&, commit_outcome) {
                      if (--left == 0) over.set_value();
                  });
    }
    over.get_future().wait();
}

std::string measure_first_request(std::size_t n)
{
    std::promise<steady::time_point> asked;
    std::atomic<double> cpu_then = 0;
    std::atomic<bool> first = true;
    testing::mock_api api(testing::server([&](const http_request&, const testing::arrival&) {
        if (first.exchange(false)) {
            cpu_then = cpu_seconds();
            asked.set_value(steady::now());
        }
        return testing::scripted_answer(401, "{}");  // one is enough
    }));
    const connector c = api.described(by_ids(2));
    const scratch_folder here;
    leave_behind(here.file("s.db"), c, n);

    const auto begun = steady::now();
    const double cpu = cpu_seconds();
    sqlite_store s(here.file("s.db"));
    const double opened = since(begun);
    job_options o;
    o.whole = range({interval("0", std::to_string(1'000 * n))});
    try {
        (void)collect(c, s, o);
    } catch (const failure& f) {
        if (f.code() != errc::unauthorized) throw;
    }
    const double took = std::chrono::duration<double>(asked.get_future().get() - begun).count();
    std::printf(
        "%zu chains with checkpoints: first request after %.3f s (limit 1), the store was "
        "open after %.3f s; %.2f s CPU\n",
        n, took, opened, cpu_then - cpu);
    return "  {\"chains\": " + std::to_string(n) +
           ", \"first_request_s\": " + std::to_string(took) +
           ", \"cpu_s\": " + std::to_string(cpu_then - cpu) + "}";
}

double makespan(const connector& c, const job_options& o)
{
    const scratch_folder here;
    sqlite_store s(here.file("s.db"));
    const auto begun = steady::now();
    const audit_report report = collect(c, s, o);
    if (report.is != verdict::complete) throw std::runtime_error("a job is not complete");
    return since(begun);
}

std::string measure_makespan(std::size_t records)
{
    testing::mock_api_options wire;
    wire.delay = 50ms;
    connector c = by_ids(2);
    testing::mock_api api(c, testing::zipf_rows(records, 1), {}, wire);
    c = api.described(c);
    const std::size_t pages = (api.records().size() + 1) / 2;
    const double even = 0.050 * static_cast<double>(pages) / 40;

    job_options o;
    o.workers = 40;
    o.whole = range({interval("0", std::to_string(testing::span_of_ids))});
    const std::uint64_t before = api.requests();
    const double ours = makespan(c, o);
    const std::uint64_t requests = api.requests() - before;
    o.divides = false;
    o.pieces = testing::hours_of_ids;
    const double hourly = makespan(c, o);
    std::printf(
        "40 workers, %zu pages of 50 ms, Zipf: %.2f s = %.2f x an even split of %.2f s "
        "(limit 1.10), %llu requests; static hourly windows %.2f s = %.2f x\n",
        pages, ours, ours / even, even, static_cast<unsigned long long>(requests), hourly,
        hourly / even);
    return "  {\"workers\": 40, \"pages\": " + std::to_string(pages) +
           ", \"even_s\": " + std::to_string(even) + ", \"divided_s\": " + std::to_string(ours) +
           ", \"hourly_s\": " + std::to_string(hourly) + "}";
}

void run(const options& o)
{
    const bool quick = o.seconds < 0.1;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    std::string json = "[\n" + measure_loop(std::max(o.seconds, 0.1));
    json += ",\n" + measure_first_request(quick ? 2'000 : 100'000);
    json += ",\n" + measure_makespan(quick ? 400 : 6'000) + "\n]\n";
    if (!o.json.empty()) std::ofstream(o.json) << json;
}

}  // namespace

}  // namespace catena::bench

int main(int argc, char* argv[])
{
    return catena::bench::run_with_options(argc, argv, catena::bench::run);
}
