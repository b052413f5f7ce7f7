#include "support/store_contract.hpp"

#include "support/catch.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

namespace {

using state = chain_row::state;

// A page is taken in the one place where it belongs, and a refused one changes nothing.
void check_fence(store& s, const std::function<void()>& pump)
{
    struct row {
        const char* what;
        int epoch, page;  // off the right one by
        commit_outcome outcome;
    };
    const row rows[] = {
        {"the right one", 0, 0, commit_outcome::committed},
        {"an older epoch", -1, 0, commit_outcome::fenced},
        {"an epoch to come", 1, 0, commit_outcome::fenced},
        {"the page before", 0, -1, commit_outcome::fenced},
        {"the page after", 0, 1, commit_outcome::fenced},
    };
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("fence", std::size(rows));
    for (const row& r : rows) {
        CAPTURE(r.what);
        chain_row c = call.claim(job, 1).value.at(0);
        REQUIRE(call.commit(next_page_of(job, c)).value == commit_outcome::committed);
        c.pages = 1;
        c.records = 3;
        page_commit p = next_page_of(job, c, 2);
        p.epoch += static_cast<std::uint64_t>(r.epoch);
        p.page += static_cast<std::uint64_t>(r.page);

        CHECK(call.commit(p).value == r.outcome);

        const bool taken = r.outcome == commit_outcome::committed;
        const chain_row now = call.chains(job, c.id, 1).value.at(0);
        CHECK(now.pages == (taken ? 2 : 1));
        CHECK(now.records == (taken ? 5 : 3));
        CHECK(now.checkpoint == (taken ? p.checkpoint
                                       : next_page_of(job,
                                                      [&] {
                                                          chain_row first = c;
                                                          first.pages = 0;
                                                          return first;
                                                      }())
                                             .checkpoint));
        CHECK(now.epoch == c.epoch);
    }
}

void check_claims(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("claims", 5);
    CHECK(call.plan(job, {"again"}).why.code == errc::invalid_state);

    const std::vector<chain_row> first = call.claim(job, 2).value;
    REQUIRE(first.size() == 2);
    CHECK(first[0].range == "range 0");
    CHECK(first[1].range == "range 1");
    CHECK(first[0].id < first[1].id);
    CHECK(first[0].is == state::running);
    CHECK(first[0].epoch == 1);

    CHECK(call.release(first[0].id, 1, state::ready).value == commit_outcome::committed);
    CHECK(call.release(first[0].id, 7, state::ended).value == commit_outcome::fenced);
    CHECK(call.release(first[1].id, 1, state::stopped, "why").value == commit_outcome::committed);
    const std::vector<chain_row> rest = call.claim(job, 100).value;
    REQUIRE(rest.size() == 4);
    CHECK(rest[0].id == first[0].id);
    CHECK(rest[0].epoch == 2);
    CHECK(call.claim(job, 100).value.empty());

    const std::vector<chain_row> all = call.chains(job).value;
    REQUIRE(all.size() == 5);
    CHECK(all[1].is == state::stopped);
    CHECK(all[1].trouble == "why");
    CHECK(call.chains(job, all[2].id, 2).value.size() == 2);
    CHECK(call.chains(job, all[2].id, 2).value[0].id == all[2].id);

    // Who lost its chain may neither write nor give it back.
    CHECK(call.commit(next_page_of(job, first[0])).value == commit_outcome::fenced);
    CHECK(call.claim(job + 100, 1).why.code == errc::invalid_state);
    CHECK(call.plan(job + 100, first_chains()).why.code == errc::invalid_state);
    page_commit nowhere = next_page_of(job, first[0]);
    nowhere.chain = all.back().id + 100;
    CHECK(call.commit(nowhere).why.code == errc::invalid_state);
}

void check_ends_and_opens(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("ends", 4);
    const std::vector<chain_row> mine = call.claim(job, 3).value;
    page_commit last = next_page_of(job, mine[0], 2);
    last.ended = true;
    CHECK(call.commit(last).value == commit_outcome::committed);
    call.release(mine[1].id, mine[1].epoch, state::stopped, "401");
    call.commit(next_page_of(job, mine[2], 4));
    CHECK(call.note(job, "shape", "{1}").value == commit_outcome::committed);
    CHECK(call.note(job, "shape", "{2}").value == commit_outcome::committed);
    CHECK(call.note(job, "other", "").value == commit_outcome::committed);

    const job_row seen = call.known("ends").value;
    CHECK(seen.id == job);
    CHECK(seen.ended == 1);
    CHECK(seen.records == 6);
    CHECK(seen.notes.size() == 2);
    CHECK(call.chains(job, mine[1].id, 1).value[0].is == state::stopped);
    CHECK(call.known("nobody's").value.id == 0);

    const job_row again = call.open("ends", "another text").value;
    CHECK(again.id == job);
    CHECK(again.description == "d");
    CHECK(again.planned);
    CHECK(again.chains == 4);
    CHECK(again.ended == 1);
    CHECK(again.pages == 2);
    CHECK(again.records == 6);
    CHECK(again.notes == std::map<std::string, std::string>{{"other", ""}, {"shape", "{2}"}});

    // What was walked or had stopped is ready, and what has ended stays so.
    const std::vector<chain_row> ready = call.claim(job, 10).value;
    REQUIRE(ready.size() == 3);
    CHECK(ready[0].id == mine[1].id);
    CHECK(ready[0].trouble.empty());
    CHECK(ready[1].id == mine[2].id);
    CHECK(ready[1].checkpoint == "after " + std::to_string(mine[2].id) + "/0");
    CHECK(ready[1].pages == 1);
    CHECK(call.open("new").value.id != job);
}

void check_split(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("split", 1);
    const chain_row c = call.claim(job, 1).value.at(0);
    chain_split what;
    what.job = job;
    what.chain = c.id;
    what.epoch = c.epoch;
    what.page = 1;  // no page is committed yet
    what.keeps = "left";
    what.gives = "right";
    CHECK(call.split(what).value.id == 0);
    what.page = 0;
    const chain_row kept = call.split(what).value;
    CHECK(kept.id == c.id);
    CHECK(kept.range == "left");
    CHECK(kept.epoch == c.epoch + 1);
    CHECK(call.split(what).value.id == 0);

    CHECK(call.commit(next_page_of(job, c)).value == commit_outcome::fenced);
    CHECK(call.commit(next_page_of(job, kept)).value == commit_outcome::committed);
    const std::vector<chain_row> given = call.claim(job, 5).value;
    REQUIRE(given.size() == 1);
    CHECK(given[0].range == "right");
    CHECK(given[0].pages == 0);
    CHECK(call.open("split").value.chains == 2);
}

// Records come back by their keys' octets, in parts of any size, each once.
void check_reading(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("reading", 2);
    const std::uint64_t other = call.planned("other", 1);
    CHECK(call.open("reading").value.readable);
    std::vector<chain_row> mine = call.claim(job, 2).value;
    std::map<std::string, std::string> wanted;
    for (chain_row& c : mine) {
        for (; c.pages < 3; ++c.pages) {
            const page_commit p = next_page_of(job, c, 4);
            for (const stored_record& r : p.records)
                wanted.insert_or_assign(std::string(r.key), std::string(r.body));
            call.commit(p);
        }
    }
    const chain_row stranger = call.claim(other, 1).value.at(0);
    call.commit(next_page_of(other, stranger, 4));

    for (const std::size_t most : {1u, 5u, 24u, 1000u}) {
        for (const std::size_t octets : {1u, 100u, 1'000'000u}) {
            for (const bool bodies : {true, false}) {
                CAPTURE(most, octets, bodies);
                record_query q;
                q.job = job;
                q.most = most;
                q.octets = octets;
                q.bodies = bodies;
                std::vector<std::pair<std::string, std::string>> got;
                for (auto part = call.read(q).value; !part.empty(); part = call.read(q).value) {
                    CHECK(part.size() <= most);
                    if (octets == 1) CHECK(part.size() == 1);
                    for (const kept_record& r : part)
                        got.emplace_back(r.key, r.body);
                    q.after = part.back().key;
                }
                REQUIRE(got.size() == wanted.size());
                std::size_t at = 0;
                for (const auto& [key, body] : wanted) {
                    CHECK(got[at].first == key);
                    CHECK(got[at++].second == (bodies ? body : ""));
                }
            }
        }
    }
    const std::string there = wanted.begin()->first;
    CHECK(call.find(job, {there, "nobody's", there}).value == std::vector<bool>{true, false, true});
    CHECK(call.find(other, {there}).value == std::vector<bool>{false});
    CHECK(call.find(other + 9, {there}).why.code == errc::invalid_state);
}

// Two that would add the same chains add them once.
void check_extending(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("more", 2);
    CHECK(call.extend(job, 1, {"x"}).value == commit_outcome::fenced);
    CHECK(call.extend(job, 2, {"x", "y"}).value == commit_outcome::committed);
    CHECK(call.extend(job, 2, {"x", "y"}).value == commit_outcome::fenced);
    const std::uint64_t unplanned = call.open("unplanned").value.id;
    CHECK(call.extend(unplanned, 0, {"x"}).value == commit_outcome::fenced);
    CHECK(call.open("more").value.chains == 4);
    const std::vector<chain_row> all = call.claim(job, 9).value;
    REQUIRE(all.size() == 4);
    CHECK(all[2].range == "x");
    CHECK(all[3].range == "y");
    CHECK(call.commit(next_page_of(job, all[3])).value == commit_outcome::committed);
    CHECK(call.extend(unplanned + 9, 0, {}).why.code == errc::invalid_state);
}

// Chains that a page adds are there with it, or not at all.
void check_seeds(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("seeds", 1);
    const chain_row c = call.claim(job, 1).value.at(0);
    page_commit p = next_page_of(job, c);
    p.adds = {chain_seed("page 0", ""), chain_seed("page 1", "at 1")};
    ++p.epoch;
    CHECK(call.commit(p).value == commit_outcome::fenced);
    CHECK(call.chains(job).value.size() == 1);
    p.epoch = c.epoch;
    CHECK(call.commit(p).value == commit_outcome::committed);
    CHECK(call.commit(p).value == commit_outcome::fenced);
    CHECK(call.open("seeds").value.chains == 3);
    CHECK(call.planned("beside", 1) != job);  // the numbers of chains are one row for all jobs

    p = next_page_of(job, call.claim(job, 1).value.at(0));
    p.adds = {chain_seed("page 2", "at 2")};
    CHECK(call.commit(p).value == commit_outcome::committed);
    const std::vector<chain_row> fresh = call.claim(job, 9).value;
    REQUIRE(fresh.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(fresh[i].range == "page " + std::to_string(i));
        CHECK(fresh[i].checkpoint == (i == 0 ? "" : "at " + std::to_string(i)));
        CHECK(fresh[i].pages == 0);
        CHECK(fresh[i].epoch == 1);
    }
    page_commit own = next_page_of(job, fresh[2]);
    own.ended = true;
    CHECK(call.commit(own).value == commit_outcome::committed);
    CHECK(call.open("seeds").value.ended == 1);
}

// What a plan says of its chains is kept with them, and that of a second plan is not.
void check_plans(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.open("plan").value.id;
    call.note(job, "old", "1");
    call.note(job, "kept", "2");
    first_chains what;
    what.ranges = {"a", "b"};
    what.notes = {{"old", "3"}, {"new", "4"}};
    const job_row planned = call.plan(job, what).value;
    CHECK(planned.planned);
    CHECK(planned.chains == 2);
    const std::map<std::string, std::string> notes = {{"kept", "2"}, {"new", "4"}, {"old", "3"}};
    CHECK(planned.notes == notes);
    what.ranges = {"c"};
    what.notes = {{"new", "5"}, {"newer", "6"}};
    CHECK(call.plan(job, what).why.code == errc::invalid_state);
    const job_row now = call.open("plan").value;
    CHECK(now.notes == notes);
    CHECK(now.chains == 2);
    CHECK(now.knows_keys == now.readable);
}

// A chain that asks anew for its rest has another range from that page on.
void check_ranges_of_pages(store& s, const std::function<void()>& pump)
{
    store_caller call(s, pump);
    const std::uint64_t job = call.planned("ranges", 1);
    chain_row c = call.claim(job, 1).value.at(0);
    page_commit moved = next_page_of(job, c);
    moved.range = "moved";
    page_commit refused = moved;
    refused.page = 1;
    CHECK(call.commit(refused).value == commit_outcome::fenced);
    CHECK(call.chains(job, c.id, 1).value.at(0).range == c.range);
    CHECK(call.commit(moved).value == commit_outcome::committed);
    CHECK(call.chains(job, c.id, 1).value.at(0).range == "moved");
    c.pages = 1;
    CHECK(call.commit(next_page_of(job, c)).value == commit_outcome::committed);
    CHECK(call.chains(job, c.id, 1).value.at(0).range == "moved");
    call.open("ranges");
    CHECK(call.claim(job, 1).value.at(0).range == "moved");
}

}  // namespace

void check_store_contract(const std::function<std::unique_ptr<store>()>& fresh,
                          const std::function<void()>& pump)
{
    for (const auto check :
         {check_fence, check_claims, check_ends_and_opens, check_split, check_reading,
          check_extending, check_seeds, check_ranges_of_pages, check_plans}) {
        const std::unique_ptr<store> s = fresh();
        check(*s, pump);
    }
}

}  // namespace catena::testing
