// One worker of a job: takes a chain, walks it page by page into the store, takes the next.
#include "run/job_impl.hpp"
#include "run/job_sieve.hpp"
#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/range_query.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

namespace catena {

namespace asio = boost::asio;

/* A worker's frame may be destroyed where it waits, by a store or a context that goes. Those that
   wait for it must not wait for ever: they own what they wait in. */
struct job::impl::leaving {
    ~leaving()
    {
        --of->working;
        of->wake(of->changed);
        of->wake(of->left);
    }
    std::shared_ptr<impl> of;
};

void job::impl::wake(waiters& who)
{
    if (home->closed)
        who.drop();
    else
        who.wake_all();
}

asio::awaitable<void> job::impl::work(std::shared_ptr<impl> self)
{
    const leaving at_end{self};
    while (!self->takes_no_more()) {
        const job_action next = self->machine->poll();
        if (std::holds_alternative<no_more>(next)) break;
        if (std::holds_alternative<rest>(next)) {
            auto change = self->changed.wait();
            co_await std::move(change);
        } else if (const auto* half = std::get_if<take_half>(&next)) {
            co_await self->divide(*half);
        } else {
            co_await self->take();
        }
        // The walk of the tokens had a worker beside those that were asked for.
        if (self->discovery && std::exchange(self->discovery->retires, false)) break;
    }
}

asio::awaitable<void> job::impl::take()
{
    while (claiming && claimed.empty() && !takes_no_more()) {
        auto change = changed.wait();
        co_await std::move(change);
    }
    if (claimed.empty() && !takes_no_more()) {
        const busy_flag claims(shared_from_this(), claiming, changed);
        // For the others that wait too: each claim is a transaction.
        const std::size_t most = std::clamp<std::size_t>(working - walks.size(), 1, 64);
        auto claim = ask_store<std::vector<chain_row>>(
            calls, [s = data, job = id, most](auto done) { s->claim(job, most, done); });
        const auto reply = co_await std::move(claim);
        if (reply->why.code) fail(reply->why);
        if (heard.first == 0 && !reply->value.empty()) heard.first = reply->value.front().id;
        for (chain_row& row : reply->value)
            claimed.push_back(std::move(row));
    }
    if (claimed.empty() || takes_no_more()) {
        machine->on_nothing_ready();
        changed.wake_all();
        co_return;
    }
    const chain_row row = std::move(claimed.front());
    claimed.pop_front();
    co_await leave_to_anew(row.id);
    if (takes_no_more()) {
        claimed.push_front(row);
        machine->on_nothing_ready();
        co_return;
    }
    std::shared_ptr<job_walk> w;
    diagnostics trouble;
    try {
        w = begin(row);
    } catch (const failure& f) {
        trouble = f.why();
    } catch (const std::exception& e) {
        trouble.code = errc::bad_checkpoint;
        trouble.what = e.what();
    } catch (...) {
        trouble.code = errc::invalid_state;
    }
    if (!w) {
        machine->on_nothing_ready();
        fail(trouble);
        co_return;
    }
    co_await walk(std::move(w));
}

/// Another run that opens the job frees what this one walks: who claims it then may be this one
/// itself. It goes on as the store has it, and the walk that was fenced off ends first.
asio::awaitable<void> job::impl::leave_to_anew(std::uint64_t chain)
{
    for (auto before = walks.find(chain); before != walks.end() && !stopping;
         before = walks.find(chain)) {
        job_walk& w = *before->second;
        if (!std::exchange(w.goes_on, true)) {
            w.lost = true;
            w.way.reset();
            changed.wake_all();
        }
        auto change = changed.wait();
        co_await std::move(change);
    }
}

asio::awaitable<void> job::impl::divide(take_half half)
{
    const std::shared_ptr<job_walk> w = walks.at(half.chain);
    co_await hand_over(w, half.keeps, half.gives);
}

/// A chain goes on with a part of its range, and the rest becomes another one.
asio::awaitable<void> job::impl::hand_over(std::shared_ptr<job_walk> w, interval kept,
                                           interval given)
{
    range keeps = w->over;
    range gives = w->over;
    keeps.over[planned_part] = kept;
    gives.over[planned_part] = std::move(given);
    // Before its first page a chain has no cursor: it asks for what it keeps.
    if (w->submitted == 0) w->asked = keeps;
    chain_split what;
    what.job = id;
    what.chain = w->id;
    what.epoch = w->epoch;
    what.page = w->submitted;
    what.keeps = row_text(*w, keeps, w->asked);
    what.gives = row_text(*w, gives, gives);
    const busy_flag divides(shared_from_this(), w->dividing, w->settled);
    auto split = ask_store<chain_row>(calls, [s = data, what](auto done) { s->split(what, done); });
    const auto reply = co_await std::move(split);
    if (reply->why.code) {
        fail(reply->why);
        machine->on_undivided(w->id);
    } else if (reply->value.id == 0) {
        lose(*w);
    } else {
        w->over = std::move(keeps);
        w->epoch = reply->value.epoch;
        ++progress.divided;
        ++progress.chains;
        machine->on_divided(w->id, kept);
        show(*w, job_chain::state::walking);
    }
}

// Somebody else has the chain, or has moved it: what they do with it is theirs.
void job::impl::lose(job_walk& w)
{
    if (std::exchange(w.lost, true)) return;
    ++facts.counts.taken_over;
    w.way.reset();
    machine->on_gone(w.id);
    if (discovery) changed.wake_all();
}

std::shared_ptr<job_walk> job::impl::begin(const chain_row& row)
{
    if (discovery) return begin_found(row);
    auto w = std::make_shared<job_walk>(executor);
    w->id = row.id;
    w->epoch = row.epoch;
    w->submitted = row.pages;
    job_task task = task_from(row.range);
    w->is = task.is;
    w->pass = task.pass;
    w->over = std::move(task.over);
    w->asked = std::move(task.asked);
    connector query = query_of(w->asked);
    if (row.checkpoint.empty())
        begin_way(w->way, std::move(query), options.limits);
    else
        begin_way(w->way, std::move(query), read_checkpoint(row.checkpoint), options.limits);

    w->last_key = row.last_key;
    std::optional<std::string> key;
    // A look has no borders for the machine: it is never divided.
    const bool divides = divisible != nullptr && w->is == job_task::errand::fetch;
    if (divides && !row.last_key.empty()) key = row.last_key;
    const interval over = divides ? w->over.over[planned_part] : interval();
    machine->on_begun(w->id, over, key, home->clock->now());
    walks.emplace(w->id, w);
    return w;
}

asio::awaitable<void> job::impl::walk(std::shared_ptr<job_walk> w)
{
    ++progress.walking;
    bool ended = false;
    diagnostics trouble;
    show(*w, job_chain::state::walking);
    try {
        ended = co_await walk_pages(w);
    } catch (const failure& f) {
        trouble = f.why();
    } catch (const std::exception& e) {
        trouble.code = errc::invalid_state;
        trouble.what = e.what();
    } catch (...) {
        trouble.code = errc::invalid_state;
        trouble.what = "something was thrown that is no std::exception";
    }
    // Before the store is waited for: what ends the job bounds that wait.
    if (trouble.code) fail_chain(*w, trouble);
    co_await settle(w);
    w->way.reset();
    const bool stops = trouble.code && !w->lost;
    show(*w, ended   ? job_chain::state::ended
             : stops ? job_chain::state::stopped
                     : job_chain::state::left);
    if (!ended && !w->lost) co_await give_back(w, std::move(trouble));
    --progress.walking;
    walks.erase(w->id);
    machine->on_gone(w->id);
    if (w->finds && !w->goes_on) discovery->retires = true;
    changed.wake_all();
}

/// What was claimed for others, and nobody came for.
asio::awaitable<void> job::impl::give_back_claimed()
{
    for (; !claimed.empty(); claimed.pop_front()) {
        const auto unused = std::make_shared<job_walk>(executor);
        unused->id = claimed.front().id;
        unused->epoch = claimed.front().epoch;
        co_await give_back(unused, diagnostics());
    }
}

asio::awaitable<void> job::impl::give_back(std::shared_ptr<job_walk> w, diagnostics trouble)
{
    using state = chain_row::state;
    const state is = trouble.code ? state::stopped : state::ready;
    auto release =
        ask_store<commit_outcome>(calls, [s = data, id = w->id, epoch = w->epoch, is,
                                          text = trouble.code ? trouble.text() : std::string()](
                                             auto done) { s->release(id, epoch, is, text, done); });
    co_await std::move(release);  // what fails here is ready again at the next open anyway
}

}  // namespace catena
