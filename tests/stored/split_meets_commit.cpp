// A division of a chain and a page of the same chain, brought together: the fence takes one of
// them, tells the other, and no record is lost or kept twice.
#include "stored/stored_world.hpp"
#include "support/store_caller.hpp"
#include <catena/testing/fake_store.hpp>

#include <barrier>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <thread>

using namespace catena;
using namespace catena::testing;

namespace {

enum class order_of_calls { page_first, division_first, at_once };

// A chain over the ids [next, end), three a page, as the store's row tells of it.
struct reach {
    explicit reach(const chain_row& row)
    {
        const std::size_t blank = row.range.find(' ');
        next = row.last_key.empty() ? std::stol(row.range) : std::stol(row.last_key) + 1;
        begin = std::stol(row.range);
        end = std::stol(row.range.substr(blank));
    }
    long begin = 0, next = 0, end = 0;
};

std::string range_text(long from, long to)
{
    return std::to_string(from) + ' ' + std::to_string(to);
}

page_commit page_after(std::uint64_t job, const chain_row& row)
{
    const reach r(row);
    const auto octets = std::make_shared<std::vector<std::string>>();
    for (long id = r.next; id < std::min(r.next + 3, r.end); ++id)
        octets->push_back(std::to_string(id));
    page_commit p;
    p.job = job;
    p.chain = row.id;
    p.epoch = row.epoch;
    p.page = row.pages;
    for (const std::string& id : *octets)
        p.records.push_back({id, id});
    p.last_key = octets->back();
    p.ended = r.next + 3 >= r.end;
    p.owner = octets;
    return p;
}

// In the middle of what is left, and so within the very page that is on its way.
chain_split division_of(std::uint64_t job, const chain_row& row)
{
    const reach r(row);
    const long middle = r.next + (r.end - r.next) / 2;
    chain_split s;
    s.job = job;
    s.chain = row.id;
    s.epoch = row.epoch;
    s.page = row.pages;
    s.keeps = range_text(r.begin, middle);
    s.gives = range_text(middle, r.end);
    return s;
}

struct outcome {
    told<commit_outcome> page;
    told<chain_row> division;
};

// Both calls, sent before either is answered.
outcome meet(store& s, order_of_calls how, bool grouped, const std::function<void()>& pump,
             const page_commit& p, const chain_split& d)
{
    std::promise<told<commit_outcome>> page;
    std::promise<told<chain_row>> division;
    const auto send_page = [&] {
        s.commit(p, [&](const diagnostics& why, commit_outcome o) { page.set_value({why, o}); });
    };
    const auto send_division = [&] {
        s.split(d, [&](const diagnostics& why, chain_row row) {
            division.set_value({why, std::move(row)});
        });
    };
    const auto send = [&] {
        if (how == order_of_calls::page_first) send_page();
        if (how != order_of_calls::at_once) send_division();
        if (how == order_of_calls::division_first) send_page();
        if (how != order_of_calls::at_once) return;
        std::barrier start(2);
        std::thread other([&] {
            start.arrive_and_wait();
            send_division();
        });
        start.arrive_and_wait();
        send_page();
        other.join();
    };
    if (grouped)
        in_one_group(s, send);
    else
        send();
    if (pump) pump();
    return {page.get_future().get(), division.get_future().get()};
}

struct tally {
    std::size_t pages = 0, divisions = 0;  // that won
};

// From one chain over all ids to the end; the loser reads the row again and goes on from there.
void walk_racing(store& s, order_of_calls how, bool grouped, unsigned seed,
                 const std::function<void()>& pump, tally& won)
{
    constexpr long ids = 60;
    std::mt19937 random(seed);
    store_caller call(s, pump);
    const std::uint64_t job = call.open("race").value.id;
    call.plan(job, {range_text(0, ids)});
    std::map<std::uint64_t, chain_row> mine;
    std::size_t divisions = 0;
    for (;;) {
        for (const chain_row& row : call.claim(job, 10).value)
            mine[row.id] = row;
        if (mine.empty()) break;
        const auto at = std::next(mine.begin(), static_cast<long>(random() % mine.size()));
        const chain_row row = at->second;
        const reach left(row);
        if (left.end - left.next < 2 || divisions == 6 || random() % 3 == 0) {
            REQUIRE(call.commit(page_after(job, row)).value == commit_outcome::committed);
        } else {
            const outcome o =
                meet(s, how, grouped, pump, page_after(job, row), division_of(job, row));
            REQUIRE_FALSE(o.page.why.code);
            REQUIRE_FALSE(o.division.why.code);
            const bool page_won = o.page.value == commit_outcome::committed;
            REQUIRE(page_won != (o.division.value.id != 0));
            if (how != order_of_calls::at_once)
                REQUIRE(page_won == (how == order_of_calls::page_first));
            divisions += page_won ? 0 : 1;
            ++(page_won ? won.pages : won.divisions);
        }
        const chain_row now = call.chains(job, row.id, 1).value.at(0);
        if (now.is == chain_row::state::ended)
            mine.erase(row.id);
        else
            mine[row.id] = now;
    }
    // Each id is in the range of one chain, and was counted once by it.
    long covered = 0, counted = 0;
    for (const chain_row& row : call.chains(job).value) {
        const reach r(row);
        CHECK(row.is == chain_row::state::ended);
        CHECK(row.records == static_cast<std::uint64_t>(r.end - r.begin));
        covered += r.end - r.begin;
        counted += static_cast<long>(row.records);
    }
    CHECK(covered == ids);
    CHECK(counted == ids);
    CHECK(call.open("race").value.records == ids);
}

std::vector<std::string> all_ids()
{
    std::vector<std::string> out;
    for (long id = 0; id < 60; ++id)
        out.push_back(std::to_string(id));
    return stored_world::sorted(std::move(out));
}

}  // namespace

TEST_CASE("a division and a page of one chain: a database takes one of them, and tells the other",
          "[stored][S7][S10]")
{
    const auto seed = static_cast<unsigned>(std::random_device()());
    INFO("seed " << seed);
    const failing_vfs disk([](const disk_event& e) {
        return e.what == disk_event::kind::sync ? failing_vfs::done_already : SQLITE_OK;
    });
    sqlite_options o;
    o.vfs = disk.name();
    for (const auto how :
         {order_of_calls::page_first, order_of_calls::division_first, order_of_calls::at_once}) {
        for (const bool grouped : {true, false}) {
            tally won;
            for (unsigned i = 0; i < 25; ++i) {
                CAPTURE(static_cast<int>(how), grouped, i);
                const scratch_folder here;
                {
                    sqlite_store s(here.file("s.db"), o);
                    walk_racing(s, how, grouped, seed + i, {}, won);
                }
                REQUIRE(stored_world::sorted(rows_of(here.file("s.db"))) == all_ids());
            }
            std::cout << "met " << won.pages + won.divisions << " times"
                      << (grouped ? " in one group" : "") << ": " << won.pages << " pages and "
                      << won.divisions << " divisions won\n";
            CHECK(won.pages + won.divisions > 100);
        }
    }
}

TEST_CASE("a division and a page of one chain: a store in memory keeps the same fence", "[stored]")
{
    for (const auto how : {order_of_calls::page_first, order_of_calls::division_first}) {
        for (unsigned seed = 1; seed <= 40; ++seed) {
            CAPTURE(static_cast<int>(how), seed);
            sim time(seed);
            fake_store s(time.get_executor(), time);
            tally won;
            walk_racing(
                s, how, false, seed, [&] { time.run(); }, won);
            std::vector<std::string> kept;
            for (const auto& [key, body] : s.records(1))
                kept.push_back(body);
            CHECK(stored_world::sorted(kept) == all_ids());
        }
    }
}

namespace {

// Lets a page wait for a division of its chain, for some rounds at most, and then both go.
struct meeting {
    std::vector<held_store::call> operator()(std::vector<held_store::call>& waiting)
    {
        using kind = held_store::kind;
        const auto divided = [&](std::uint64_t chain) {
            return std::any_of(waiting.begin(), waiting.end(), [&](const held_store::call& c) {
                return c.what == kind::split && c.chain == chain;
            });
        };
        std::vector<held_store::call> now, stay;
        std::vector<bool> meets;
        for (const held_store::call& c : waiting)
            meets.push_back(c.what == kind::commit && divided(c.chain));
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            held_store::call& c = waiting[i];
            *met += meets[i] ? 1 : 0;
            const bool waits = c.what == kind::commit && !meets[i] && c.rounds < patience;
            (waits ? stay : now).push_back(std::move(c));
        }
        if (division_first)
            std::stable_partition(now.begin(), now.end(),
                                  [](const held_store::call& c) { return c.what == kind::split; });
        waiting = std::move(stay);
        return now;
    }
    int patience = 0;
    bool division_first = false;
    std::shared_ptr<std::size_t> met = std::make_shared<std::size_t>(0);
};

}  // namespace

TEST_CASE("a job divides chains whose page is being committed: every record once, in one run",
          "[stored][job]")
{
    std::size_t met = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        stored_world w(seed, 250);
        w.options.workers = 2 + seed % 7;
        w.options.pieces = 1;
        meeting m;
        m.patience = static_cast<int>(seed % 5);
        w.open(m);
        w.start();
        w.inner.time.run();
        w.close();
        INFO(w.why.text());
        REQUIRE(w.done);
        REQUIRE(w.report.is == verdict::complete);
        CHECK(w.report.counts.taken_over == 0);
        CHECK(w.report.counts.records == w.truth().size());
        REQUIRE(w.stored() == w.truth());
        met += *m.met;
    }
    std::cout << "divisions that met a commit of their chain: " << met << '\n';
    CHECK(met > 50);
}

TEST_CASE("a division that overtakes the page before it is fenced off, and the next run is exact",
          "[stored][job]")
{
    std::size_t fenced = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        stored_world w(seed, 250);
        w.options.workers = 2 + seed % 7;
        w.options.pieces = 1;
        meeting m;
        m.patience = static_cast<int>(seed % 5);
        m.division_first = true;
        w.open(m);
        w.start();
        w.inner.time.run();
        w.work.reset();
        w.close();
        REQUIRE(w.done);
        CHECK(w.report.counts.taken_over == *m.met);
        if (*m.met != 0) CHECK(w.why.code == errc::store_locked);
        fenced += *m.met;
        w.run();
        INFO(w.why.text());
        REQUIRE(w.report.is == verdict::complete);
        CHECK(w.report.counts.records == w.truth().size());
        REQUIRE(w.stored() == w.truth());
    }
    CHECK(fenced > 20);
}
