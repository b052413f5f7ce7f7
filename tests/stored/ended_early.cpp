// Jobs that are ended at random instants over a database: each page that was accepted is
// committed, or told to be in doubt; and no store, however ill, keeps a job from its end.
#include "stored/stored_world.hpp"
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

std::uint64_t pages_of(const std::vector<chain_row>& rows)
{
    std::uint64_t sum = 0;
    for (const chain_row& row : rows)
        sum += row.pages;
    return sum;
}

std::vector<chain_row> rows_in(store& s)
{
    store_caller call(s);
    return call.chains(1).value;
}

// Nothing passes from some moment on, but what is let through by hand.
struct shut_gate {
    std::vector<held_store::call> operator()(std::vector<held_store::call>& waiting) const
    {
        std::vector<held_store::call> now;
        if (!*shut) now.swap(waiting);
        return now;
    }
    std::shared_ptr<bool> shut = std::make_shared<bool>(false);
};

}  // namespace

TEST_CASE("a job that is cancelled or destroyed at any moment has committed what it accepted",
          "[stored][job][U1][U3]")
{
    for (std::uint64_t at = 0; at < 90; ++at) {
        CAPTURE(at);
        stored_world w(at, 250);
        job_progress last;
        w.options.on_progress = [&](const job_progress& p) { last = p; };
        w.open();
        asio::cancellation_signal stop;
        std::optional<error_code> ended;
        w.work.emplace(*w.inner.on, w.inner.contract, *w.gate, w.options);
        w.work->run(asio::bind_cancellation_slot(
            stop.slot(), [&](error_code ec, const audit_report&) { ended = ec; }));
        (void)w.inner.time.run_for(std::chrono::milliseconds(at * 5));
        const bool over = ended.has_value();
        if (at % 2 == 0)
            stop.emit(asio::cancellation_type::terminal);
        else
            w.work.reset();
        const time_point stopped = w.inner.time.now();
        w.inner.time.run();
        REQUIRE(ended);
        if (!over) CHECK(*ended == asio::error::operation_aborted);
        // No timer of the job's holds the program up.
        CHECK(w.inner.time.now() - stopped < 100ms);
        CHECK(w.gate->waiting().empty());
        w.work.reset();
        const auto rows = rows_in(*w.data);
        CHECK(pages_of(rows) == last.pages);
        for (const chain_row& row : rows)
            CHECK(row.is != chain_row::state::running);
        w.close();
        CHECK(w.stored().size() == last.records);
        w.options.on_progress = nullptr;
        w.run();
        REQUIRE(w.report.is == verdict::complete);
        REQUIRE(w.stored() == w.truth());
    }
}

TEST_CASE(
    "a job that is ended while its store stands still ends in time, and tells what is in doubt",
    "[stored][job][S3][U3]")
{
    std::size_t doubtful = 0;
    for (std::uint64_t at = 0; at < 60; ++at) {
        CAPTURE(at);
        stored_world w(at, 250);
        w.options.grace = 700ms;
        const shut_gate gate;
        w.open(gate);
        w.start();
        (void)w.inner.time.run_for(std::chrono::milliseconds(at * 6));
        *gate.shut = true;
        (void)w.inner.time.run_for(50ms);
        if (w.done) break;
        std::size_t pages = 0;
        for (const held_store::call& c : w.gate->waiting())
            pages += c.what == held_store::kind::commit ? 1 : 0;
        w.work.reset();  // as a cancellation does
        (void)w.inner.time.run_for(699ms);
        CHECK_FALSE(w.done);
        (void)w.inner.time.run_for(2ms);
        REQUIRE(w.done);
        CHECK(w.why.code == asio::error::operation_aborted);
        REQUIRE(w.report.is == verdict::incomplete);
        const auto& reasons = w.report.reasons;
        REQUIRE_FALSE(reasons.empty());
        CHECK_THAT(reasons[0], Catch::Contains("700 ms"));
        if (pages != 0)
            CHECK_THAT(reasons[0], Catch::Contains(std::to_string(pages) + " pages with"));
        doubtful += pages;

        // What is in doubt may still be kept: the next run finds out.
        if (at % 2 == 0) {
            *gate.shut = false;
            w.inner.time.run();
        }
        w.close();
        w.run();
        REQUIRE(w.report.is == verdict::complete);
        REQUIRE(w.stored() == w.truth());
    }
    CHECK(doubtful > 40);
}

TEST_CASE("a store's failure is told with its file, its page and what is safe", "[stored][job][S3]")
{
    stored_world w(1, 250);
    w.file.patience = 0s;
    job_progress last;
    w.options.on_progress = [&](const job_progress& p) {
        last = p;
        w.full = p.pages >= 9;
    };
    w.run();
    REQUIRE(w.why.code == errc::store_full);
    const std::string text = w.why.text();
    CHECK_THAT(text, Catch::Contains(w.path()));
    CHECK_THAT(text, Catch::Contains("of chain "));
    CHECK_THAT(text, Catch::Contains("where: items"));
    CHECK_THAT(text, Catch::Contains("safe: " + std::to_string(last.records) + " records in " +
                                     std::to_string(last.pages) + " pages"));
    CHECK(w.stored().size() == last.records);
}

TEST_CASE("a chain's own failure is told first where the store does not answer either",
          "[stored][job][S3]")
{
    // Whether a chain still asks when the store stops to answer depends on the instant.
    int told = 0;
    for (auto instant = 100ms; instant < 130ms; instant += 1ms) {
        stored_world w(1, 250);
        const shut_gate gate;
        w.open(gate);
        w.start();
        (void)w.inner.time.run_for(instant);
        w.inner.model.add(fault::answer(401, w.inner.model.log().size(), fault::always));
        *gate.shut = true;
        (void)w.inner.time.run_for(11s);
        if (w.done) {
            CHECK(w.why.code == errc::unauthorized);
            REQUIRE(w.report.reasons.size() >= 2);
            CHECK_THAT(w.report.reasons.back(), Catch::Contains("had not answered 10000 ms later"));
            ++told;
        }
        w.work.reset();
        w.close();
    }
    CHECK(told > 0);
}

namespace {

// A job over sockets and a disk that is full or locked at will, on a loop of its own.
struct real_world {
    real_world()
        : contract(ranged_contract()),
          api(contract, make_dataset(contract, dataset_options(400)), {}, slow()),
          disk([this](const disk_event& e) {
              if (e.what == disk_event::kind::sync) return failing_vfs::done_already;
              return e.what == disk_event::kind::write && full ? SQLITE_FULL : SQLITE_OK;
          })
    {
        contract = api.described(contract);
        file.vfs = disk.name();
        file.busy = 1ms;
        file.retry_every = 1ms;
        options.workers = 4;
        options.grace = 60ms;
        open();
    }
    static mock_api_options slow()
    {
        mock_api_options o;
        o.delay = 1ms;
        return o;
    }

    void open() { data.emplace(here.file("items.db"), file); }
    void start()
    {
        on.emplace(loop->get_executor());
        work.emplace(*on, contract, *data, options);
        work->run([this](error_code ec, const audit_report& r) {
            ended = ec;
            report = r;
        });
    }
    /// Fewer, where the store takes no more pages.
    void run_until_requests(std::uint64_t n, duration at_most = 10s)
    {
        const auto end = std::chrono::steady_clock::now() + at_most;
        while (api.requests() < n && !ended && std::chrono::steady_clock::now() < end)
            loop->run_one_until(end);
    }
    void finish()
    {
        full = false;
        work.reset();
        on.reset();
        data.reset();
        open();
        const audit_report all = collect(contract, *data, options);
        CHECK(all.is == verdict::complete);
        data.reset();
        CHECK(stored_world::sorted(rows_of(here.file("items.db"))) ==
              stored_world::sorted(api.records()));
    }

    connector contract;
    mock_api api;
    scratch_folder here;
    std::atomic<bool> full = false;
    failing_vfs disk;
    sqlite_options file;
    std::unique_ptr<asio::io_context> loop = std::make_unique<asio::io_context>(1);
    std::optional<sqlite_store> data;
    job_options options;
    std::optional<engine> on;
    std::optional<job> work;
    std::optional<error_code> ended;
    audit_report report;
};

}  // namespace

TEST_CASE("a job that is cancelled while the disk is full ends, and the next one is exact",
          "[stored][job][S3]")
{
    for (std::uint64_t after = 2; after < 50; after += 5) {
        CAPTURE(after);
        real_world w;
        w.start();
        w.run_until_requests(after);
        w.full = true;
        w.run_until_requests(after + 3, 30ms);
        const auto begun = std::chrono::steady_clock::now();
        w.work.reset();
        w.loop->run();
        REQUIRE(w.ended);
        CHECK(*w.ended == asio::error::operation_aborted);
        CHECK(std::chrono::steady_clock::now() - begun < 5s);
        CHECK(w.report.is == verdict::incomplete);
        w.finish();
    }
}

TEST_CASE("a job goes with its context, and its store answers nobody", "[stored][job][U2]")
{
    for (std::uint64_t after = 2; after < 50; after += 4) {
        CAPTURE(after);
        real_world w;
        w.start();
        w.run_until_requests(after);
        w.full = after % 8 == 2;
        w.run_until_requests(after + 3, 30ms);
        w.loop.reset();
        CHECK_FALSE(w.ended);
        w.full = false;
        // What the store has been given is committed, and then told to nobody.
        (void)rows_in(*w.data);
        w.finish();
    }
}

TEST_CASE("while another program has the store's lock, requests stop, and the loop goes on",
          "[stored][job][S8][S11]")
{
    real_world w;
    w.start();
    w.run_until_requests(12);
    std::optional<sqlite_reader> other(std::in_place, w.here.file("items.db"));
    other->rows("PRAGMA busy_timeout=5000; BEGIN IMMEDIATE");
    const std::uint64_t before = w.api.requests();
    std::size_t turns = 0;
    asio::steady_timer clock(*w.loop);
    const std::function<void()> tick = [&] {
        if (++turns == 60) return other.reset();
        clock.expires_after(5ms);
        clock.async_wait([&](error_code) { tick(); });
    };
    tick();
    while (other)
        w.loop->run_one();
    // One page of each chain is with the store, and the one after it is on its way.
    CHECK(w.api.requests() - before <= 3 * w.options.workers);
    w.loop->run();
    REQUIRE(w.ended);
    CHECK_FALSE(*w.ended);
    CHECK(w.report.is == verdict::complete);
    w.finish();
}
