// layer: run
#pragma once

#include <catena/audit_options.hpp>
#include <catena/connector.hpp>
#include <catena/core/audit.hpp>
#include <catena/core/budget_state.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/range.hpp>
#include <catena/core/time.hpp>
#include <catena/detail/initiate.hpp>
#include <catena/diagnostics.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace catena {

class engine;
class store;

/// How a job is run. Goes to constructors only.
struct job_options {
    job_options() {}

    std::string name;          ///< Of the job in its store; empty: the connector's name.
    range whole;               ///< What of the dataset is wanted; empty: all of it.
    std::size_t workers = 16;  ///< Chains that are walked at once; at least 1.
    /// Chains at the start, where the connector has a range that is bounded; 0: one a worker.
    std::size_t pieces = 0;
    /** Judge what the store has, and neither ask for records nor change anything: the job and its
        chains stay whose they are. The server is asked for its total alone, and not even for that
        where audit_options::asks_total is false. A job that the store does not have is
        errc::invalid_state. Holes in dense ids are then among the audit's reasons.
    */
    bool only_judges = false;
    bool divides = true;  ///< A worker without a chain takes half of another's.
    /// Where the connector has `discovery`: pages that may be found and not yet be fetched, so that
    /// their tokens do not grow old; 0: four for each worker.
    std::size_t ahead = 0;
    /// Begin with the chains of the highest keys, where the connector has a range that is bounded.
    bool newest_first = false;
    chain_limits limits;  ///< Of every chain.
    /// Pages to take in this run, those of looks too: with the last one it ends as if it were
    /// cancelled, unless its only chain ends there; then a later run looks again. 0: all.
    std::uint64_t most_pages = 0;
    /// Of the records that a chain got, the share that may lie outside of what it asked for before
    /// the walk ends with errc::range_broken; judged from 100 records on.
    double strays = 0.1;
    audit_options audit;  ///< What is looked at again at the end.
    /** How long a run that ends early, cancelled or failed, waits for its store in all. What the
        store has not answered by then is reported as unknown; it stays with the store.
    */
    duration grace = std::chrono::seconds(10);
    /// Another job of the store, such as yesterday's, to compare this one with at the end: keys
    /// that came, records that changed, keys that are gone. Nothing of either job is changed by it.
    std::string previous;
    /// Told after every commit, on the engine's executor. What it throws ends the job.
    std::function<void(const struct job_progress&)> on_progress;
    /// Told where a chain stands: when a worker takes it, after each of its commits, when another
    /// one takes a part of it, and last when no worker has it any more. See <catena/job_chain.hpp>.
    /// Called on the engine's executor; must be short. What it throws ends the job.
    std::function<void(const struct job_chain&)> on_chain;
};

/// How far a job is.
struct job_progress {
    std::uint64_t records = 0;  ///< Committed, of all runs.
    std::uint64_t pages = 0;
    std::uint64_t chains = 0;   ///< That there are by now.
    std::uint64_t ended = 0;    ///< Of them.
    std::uint64_t divided = 0;  ///< Chains made in this run out of others' rest.
    std::uint64_t found = 0;    ///< Pages whose tokens were found; each is a chain of its own.
    std::size_t walking = 0;    ///< Chains that a worker has.
    /// Records that there are to be in all, as the server counts them: of the whole, or of each of
    /// the chains at the start. Nothing where it does not tell; never reckoned.
    std::optional<std::uint64_t> expected = std::nullopt;
};

/** A whole dataset: many chains over one connector into one store.

    @code
    catena::sqlite_store data("items.db");
    catena::job job(engine, connector, data);
    const catena::audit_report report = co_await job.run();
    @endcode

    A connector with a `range` is walked by many chains at once, one for each part of the range;
    whoever has nothing left to do takes half of what the slowest one has before it. Each page is
    committed together with its chain's checkpoint: killed at any instant, the same job goes on
    where its store stands, with nothing lost and nothing doubled.

    With `discovery` one more chain walks the tokens alone, and the workers fetch the pages that it
    finds, in any order.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe. The work is done on the engine's executor.

    @par Lifetime
    The engine and the store must outlive the calls of run(). A job may be destroyed while one is
    outstanding: it then ends as if it were cancelled. Where its context goes first, no call of
   run() completes any more; what the store has been given it still commits.
*/
class job {
public:
    using report_handler = boost::asio::any_completion_handler<void(error_code, audit_report)>;

    /** Prepare; asks nobody.
        @throws std::invalid_argument if validate(c) finds a flaw, or an option is out of range.
        @throws failure with errc::bad_secret if a secret that `c` refers to cannot be read.
    */
    job(engine& on, connector c, store& into, job_options options = {});
    job(job&&) noexcept;
    job& operator=(job&&) noexcept;
    ~job();

    /** Fetch what the store does not have yet, in a coroutine that wants exceptions.
        @throws failure with the story of the first failure. The others are gaps of report().
    */
    [[nodiscard]] boost::asio::awaitable<audit_report> run();

    /** Fetch what the store does not have yet.

        @par Completion signature
        `void(error_code, audit_report)`: without an error every chain has ended. With one, what was
        committed is safe, and running the job again goes on from there; @ref why has the story.

        @par Errors
        @li errc::job_changed: the store has a job of this name over another query; what changed is
        named.
        @li errc::store_failed and the other codes of the store.
        @li errc::range_broken: the server's filter does not do what the connector says.
        @li errc::busy: another run is outstanding; it is not disturbed.
        @li `asio::error::operation_aborted`: cancelled.
        @li What a chain ends with. Others go on; those of the same fault end likewise.

        @par Cancellation
        `terminal`, `partial` and `total`. No request is begun any more; pages that were accepted
        are committed, then it completes. It waits for the store no longer than job_options::grace;
        @ref why then counts the pages of which nobody knows yet whether they are kept.

        @par Executor
        Completes on the token's associated executor, else on the engine's. Never completes inside
        this call.
    */
    template <boost::asio::completion_token_for<void(error_code, audit_report)> Token>
    [[nodiscard]] auto run(Token&& token)
    {
        return detail::initiate<void(error_code, audit_report)>(
            std::forward<Token>(token), [self = impl_, ex = executor_](report_handler h) {
                start_run(self, ex, std::move(h));
            });
    }

    /// Of the last run, or of the present one so far.
    [[nodiscard]] const job_progress& progress() const;
    /// How the budget stands that all chains share, and perhaps others with the same credentials.
    [[nodiscard]] budget_state budget() const;
    /// What the last run came to, also where it failed.
    [[nodiscard]] const audit_report& report() const;
    /// The story of the last run's first failure; its `code` is empty if there was none.
    [[nodiscard]] const diagnostics& why() const;

    struct impl;

private:
    static void abandon(std::shared_ptr<impl> self);
    static void start_run(const std::shared_ptr<impl>& self, const boost::asio::any_io_executor& ex,
                          report_handler h);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<impl> impl_;
};

}  // namespace catena
