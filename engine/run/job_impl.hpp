#pragma once

#include "run/chain_impl.hpp"
#include "run/engine_impl.hpp"
#include "run/job_discovery.hpp"
#include "run/job_looks.hpp"
#include "run/job_sieve.hpp"
#include "run/job_task.hpp"
#include "run/store_call.hpp"
#include "run/waiters.hpp"
#include <catena/chain.hpp>
#include <catena/core/job_machine.hpp>
#include <catena/core/position.hpp>
#include <catena/core/range_probe.hpp>
#include <catena/engine.hpp>
#include <catena/job.hpp>
#include <catena/job_chain.hpp>
#include <catena/store/store.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// Keeps a page's octets and its records' keys until the store has them.
struct kept_page {
    page from;
    std::vector<std::string> keys;
};

/// A chain of the job while a worker walks it.
struct job_walk {
    explicit job_walk(boost::asio::any_io_executor ex) : settled(std::move(ex)) {}

    std::uint64_t id = 0;
    std::uint64_t epoch = 0;
    std::uint64_t submitted = 0;  // pages that the store has been given
    job_task::errand is = job_task::errand::fetch;
    std::uint64_t pass = 1;  // of a look, as its task says
    range over;              // what of it is ours: a division may have shortened it
    range asked;             // the query that its cursor continues
    std::optional<chain> way;
    bool dividing = false;
    bool committing = false;
    std::uint64_t under_way = 0;  // records of the page that is being committed
    bool lost = false;            // somebody else goes on with it
    bool goes_on = false;         // that is another worker of this run
    diagnostics trouble;          // of the last commit
    waiters settled;              // who waits for its commit or division
    std::uint64_t seen = 0, strays = 0;
    std::uint64_t kept_pages = 0, kept_records = 0;  // committed by this walk
    std::string last_key;
    bool finds = false;                  // walks the tokens alone
    position asked_at;                   // then: of the page that is under way
    std::optional<found_page> found;     // the page that it was made for
    std::optional<std::uint64_t> total;  // as its last page told it
};

/** Drives a job_machine: workers are coroutines on the engine's executor, each walks one chain at a
    time, and while a page is being committed the next one is under way.
*/
struct job::impl final : std::enable_shared_from_this<job::impl> {
    impl(engine& e, std::shared_ptr<engine::impl> h, connector c, store& s, job_options o);

    [[nodiscard]] static boost::asio::awaitable<void> go(std::shared_ptr<impl> self);
    [[nodiscard]] boost::asio::awaitable<void> walk_all(std::uint64_t ready);
    [[nodiscard]] boost::asio::awaitable<void> walk_ready(std::uint64_t ready);
    void stop();

    // job_plan.cpp: before the first chain
    [[nodiscard]] boost::asio::awaitable<bool> open();
    [[nodiscard]] boost::asio::awaitable<bool> plan();
    [[nodiscard]] boost::asio::awaitable<bool> is_planned();
    [[nodiscard]] boost::asio::awaitable<bool> keep_note(std::string name, std::string text);
    [[nodiscard]] boost::asio::awaitable<bool> keep_proof();
    [[nodiscard]] std::map<std::string, std::string> findings();
    void recall(const job_row& row);
    [[nodiscard]] std::vector<range> first_ranges() const;
    [[nodiscard]] std::vector<interval> pieces_of_bounds() const;
    [[nodiscard]] std::size_t first_pieces() const;
    [[nodiscard]] diagnostics another_query(const std::vector<std::string>& changed) const;
    void look_at_rules();

    // job_probe.cpp: what is asked before the plan
    struct probed {
        bool ok = false;
        bool last = false;
        bool cut = false;         // the server's window is in front of it
        std::vector<value> keys;  // the planned rule's field of each record
        std::optional<std::uint64_t> total;
    };
    struct extent_of_keys;
    [[nodiscard]] interval wanted(std::size_t rule) const;
    [[nodiscard]] range beside_of(const range& others, const interval& part) const;
    [[nodiscard]] std::vector<range> all_besides() const;
    [[nodiscard]] boost::asio::awaitable<bool> find_bounds(bool plans);
    [[nodiscard]] boost::asio::awaitable<bool> look_around(extent_of_keys& seen);
    [[nodiscard]] boost::asio::awaitable<bool> find_upper(const extent_of_keys& seen);
    [[nodiscard]] boost::asio::awaitable<bool> find_lower(const extent_of_keys& seen);
    [[nodiscard]] boost::asio::awaitable<bool> search_bound(const extent_of_keys& seen,
                                                            bound_search::way towards,
                                                            std::string from,
                                                            std::optional<std::string> enough);
    [[nodiscard]] std::vector<value> planned_keys(const page& p) const;
    [[nodiscard]] boost::asio::awaitable<bool> test_borders(std::vector<std::string> keys);
    [[nodiscard]] boost::asio::awaitable<probed> probe_page();
    void fail_probe(diagnostics story);
    template <class Probe>
    [[nodiscard]] boost::asio::awaitable<bool> satisfy(Probe& probe);

    // job_window.cpp: the server shows no more than so many records of one query
    struct standing {
        checkpoint at;
        bool last = false;                   // the server showed a declared end
        std::optional<std::uint64_t> total;  // of the query, in records
    };
    [[nodiscard]] std::optional<std::uint64_t> total_of(const page& p) const;
    [[nodiscard]] connector query_of(const range& part) const;
    [[nodiscard]] bool reaches_window(const standing& s) const;
    [[nodiscard]] boost::asio::awaitable<void> leave_query(std::shared_ptr<job_walk> w);
    [[nodiscard]] bool is_stuck(const job_walk& w, const standing& s) const;
    [[nodiscard]] bool begins_alike(const interval& a, const interval& b) const;
    [[nodiscard]] interval behind(const std::string& key) const;
    [[nodiscard]] boost::asio::awaitable<void> set_apart(std::shared_ptr<job_walk> w,
                                                         const standing& s);
    [[nodiscard]] boost::asio::awaitable<bool> keep_clear(std::shared_ptr<job_walk> w,
                                                          const page& p);
    [[nodiscard]] boost::asio::awaitable<bool> cut(std::shared_ptr<job_walk> w, const page& p);
    [[nodiscard]] boost::asio::awaitable<void> prove_borders(std::shared_ptr<job_walk> w,
                                                             std::vector<std::string> keys);
    [[nodiscard]] std::optional<range> rest_behind(const job_walk& w, const standing& s) const;
    [[nodiscard]] std::optional<checkpoint> begin_anew(job_walk& w, const standing& s);
    [[nodiscard]] failure past_window(const job_walk& w, const standing& s, std::string what) const;

    // job_walk.cpp: one worker
    struct leaving;
    struct busy_flag;
    void wake(waiters& who);
    [[nodiscard]] static boost::asio::awaitable<void> work(std::shared_ptr<impl> self);
    [[nodiscard]] boost::asio::awaitable<void> take();
    [[nodiscard]] boost::asio::awaitable<void> leave_to_anew(std::uint64_t chain);
    [[nodiscard]] boost::asio::awaitable<void> divide(take_half half);
    [[nodiscard]] boost::asio::awaitable<void> hand_over(std::shared_ptr<job_walk> w, interval kept,
                                                         interval given);
    [[nodiscard]] boost::asio::awaitable<void> walk(std::shared_ptr<job_walk> w);
    [[nodiscard]] boost::asio::awaitable<void> give_back(std::shared_ptr<job_walk> w,
                                                         diagnostics trouble);
    [[nodiscard]] boost::asio::awaitable<void> give_back_claimed();
    [[nodiscard]] std::shared_ptr<job_walk> begin(const chain_row& row);

    // job_show.cpp: for whoever watches
    void show(const job_walk& w, job_chain::state is);
    void place(const job_walk& w, job_chain& shown) const;

    // job_pages.cpp: the pages of one chain
    [[nodiscard]] boost::asio::awaitable<bool> walk_pages(std::shared_ptr<job_walk> w);
    [[nodiscard]] bool has_enough() const;
    /// Make a chain of this job in `place`, from what a chain is constructed with behind its
    /// engine.
    template <class... Args>
    void begin_way(std::optional<chain>& place, Args&&... args)
    {
        place.emplace(*on, std::forward<Args>(args)...);
        place->impl_->counts = traffic;
    }
    void count_page(bool ended);
    [[nodiscard]] boost::asio::awaitable<void> settle(std::shared_ptr<job_walk> w);
    [[nodiscard]] page_commit next_commit(job_walk& w, const checkpoint& after) const;
    [[nodiscard]] static std::string row_text(const job_walk& w, range over, range asked);
    bool take_page(const std::shared_ptr<job_walk>& w, page p, time_point came);
    bool take_end(const std::shared_ptr<job_walk>& w);
    void judge_strays(job_walk& w, const page& p, std::uint64_t strays);
    void note_strays();
    struct commit_call;
    [[nodiscard]] sifted sift(job_walk& w, const page& from);
    void submit(const std::shared_ptr<job_walk>& w, page_commit c);
    void committed(job_walk& w, const diagnostics& trouble, commit_outcome what,
                   std::uint64_t records, std::uint64_t adds, bool ended);

    void fail(const diagnostics& trouble);
    void fail(const std::exception_ptr& e);
    void limit_store();
    void give_up_store();
    void fail_chain(const job_walk& w, const diagnostics& trouble);
    void lose(job_walk& w);

    // job_discovery.cpp: where tokens are walked apart from their pages
    [[nodiscard]] boost::asio::awaitable<bool> recall_discovery();
    [[nodiscard]] std::shared_ptr<job_walk> begin_found(const chain_row& row);
    [[nodiscard]] boost::asio::awaitable<void> wait_for_room(std::shared_ptr<job_walk> w);
    bool take_tokens(const std::shared_ptr<job_walk>& w, const page* p);
    [[nodiscard]] std::string compare(const job_walk& w, const page* p);
    void watch_empty_pages(const job_walk& w, std::size_t records);
    void note_found(const chain_row& row);

    // job_looks.cpp: the dataset looked at again, by chains that store what was missing
    [[nodiscard]] boost::asio::awaitable<void> look_again();
    [[nodiscard]] boost::asio::awaitable<bool> take_look(std::shared_ptr<job_walk> w, page p);
    [[nodiscard]] boost::asio::awaitable<std::vector<job_task>> next_looks();
    [[nodiscard]] boost::asio::awaitable<bool> extend(const std::vector<job_task>& tasks);
    [[nodiscard]] boost::asio::awaitable<bool> read_rows();
    [[nodiscard]] boost::asio::awaitable<bool> read_keys(
        std::function<void(std::optional<std::string>)> take);
    [[nodiscard]] boost::asio::awaitable<bool> count_keys();
    void tell_looks();
    [[nodiscard]] bool wants_keys() const;
    [[nodiscard]] std::string why_not_again() const;
    void fail_look(const error_code& ec, bool down);
    /// Looks are the last chains of a job: who gives them up takes none of any kind.
    [[nodiscard]] bool takes_no_more() const noexcept { return stopping || looks.given_up; }

    // job_outlook.cpp: how much there is to be
    void expect(std::optional<std::uint64_t> total);
    void hear_total(const job_walk& w, const page& p);
    void recall_outlook(const job_row& row);

    // job_spots.cpp: where to look
    [[nodiscard]] bool can_ask_for_parts() const;
    [[nodiscard]] bool can_ask_for(const interval& part) const;
    [[nodiscard]] std::vector<job_task> hole_tasks() const;
    [[nodiscard]] boost::asio::awaitable<std::vector<job_task>> spot_tasks();
    [[nodiscard]] std::size_t spots_wanted() const;
    [[nodiscard]] std::uint64_t records_a_page() const;
    void tell_ids();
    [[nodiscard]] std::string unasked_holes() const;

    // job_previous.cpp: the run before this one
    [[nodiscard]] boost::asio::awaitable<bool> find_previous();
    [[nodiscard]] boost::asio::awaitable<void> compare_with_previous();

    // job_audit.cpp: what a run came to
    [[nodiscard]] boost::asio::awaitable<void> close_report();
    [[nodiscard]] boost::asio::awaitable<void> compare_total();
    [[nodiscard]] boost::asio::awaitable<void> ask_for_total();
    void require_checkpoint(const chain_row& row) const;
    void note_chain(const chain_row& row, const job_task& task);
    void note_look(const chain_row& row, const job_task& task);
    [[nodiscard]] diagnostics not_all_ended() const;

    engine* on;
    std::shared_ptr<engine::impl> home;
    std::shared_ptr<const prepared> whole;  // so that what the budget has learnt stays in between
    boost::asio::any_io_executor executor;
    std::shared_ptr<const connector> contract;
    store* data;
    std::shared_ptr<store_calls> calls;  // of this run
    std::shared_ptr<boost::asio::cancellation_signal> grace_over;
    bool limited = false;    // the store has only so long to answer
    std::string unanswered;  // what it did not answer then
    job_options options;
    const range_rule* planned = nullptr;    // the rule by which the first chains are cut
    std::size_t planned_part = 0;           // its place in the rules
    const range_rule* divisible = nullptr;  // the same, where chains can be divided later
    bool descending = false;
    std::optional<job_sieve> sieve;
    std::optional<job_discovery> discovery;
    window_rule window;                    // of the server's, where it is this job that keeps it
    interval bounds;                       // of the planned rule, as wanted or as found
    std::optional<std::string> first_key;  // where the lower bound is open
    // What the first pages of the planned chains tell. Of the chains of this run's own plan alone:
    // whoever resumes one has not seen what it told.
    struct outlook {
        std::uint64_t chains = 0, first = 0;  // their number, and the number of the first one
        std::uint64_t told = 0, records = 0;  // chains that told a total, and the sum of these
    } heard;
    std::optional<std::uint64_t> told_total;  // as the store's note has it
    bool total_unheard = false;               // or that it was asked for in vain
    bool capped_total = false;                // the server's total at the end is its window
    std::uint64_t foreseen = 0;               // what the server says that there is; 0: unknown
    bool borders_proven = false;  // by asking the server; else nothing is cut or divided
    bool proving = false;         // a worker asks for it
    bool look_probes = false;     // and its chain is a look
    range beside;                 // of other rules than the planned one, what is probed
    std::optional<chain> probing;

    std::uint64_t previous = 0;  // the job to compare with, in the same store; 0: none
    bool readable = false;       // the store's records can be read back
    bool knows_keys = false;     // or it knows at least which keys they have
    job_looks looks;

    bool running = false;
    bool stopping = false;
    bool abandoned = false;  // the job is gone: a run that has yet to start ends at once
    bool claiming = false;
    std::optional<job_machine> machine;
    std::uint64_t id = 0;  // of the job in its store
    std::deque<chain_row> claimed;
    std::map<std::uint64_t, std::shared_ptr<job_walk>> walks;
    std::map<std::uint64_t, std::string> stopped;  // chains of this run, and why
    waiters changed;                               // what a worker without a chain waits for
    waiters left;                                  // that a worker has ended
    std::size_t failed_in_a_row = 0;               // chains, without a page in between
    std::size_t working = 0;
    std::uint64_t accepted = 0;             // pages of this run
    std::shared_ptr<chain_counts> traffic;  // by all chains of this run
    audit_facts facts;
    std::uint64_t recalled_strays = 0;  // of earlier runs
    audit_report told;
    job_progress progress;
    diagnostics why;
};

// What a worker is about while it waits: a frame that is destroyed there leaves nobody waiting.
struct job::impl::busy_flag {
    busy_flag(std::shared_ptr<impl> j, bool& f, waiters& w) : of(std::move(j)), flag(f), who(w)
    {
        flag = true;
    }
    ~busy_flag()
    {
        flag = false;
        of->wake(who);
    }
    std::shared_ptr<impl> of;
    bool& flag;
    waiters& who;
};

/// Whether the fault would meet every other chain too.
[[nodiscard]] bool concerns_all(const error_code& ec);

/// The note that counts records which the server answered without being asked for.
inline constexpr const char* strays_note = "strays";
/// The note of the server's total, as it was asked for when all chains had ended.
inline constexpr const char* total_note = "total";
inline constexpr const char* no_total = "unheard";

/// The ranges of a chain as a store keeps them: its own, and the one its cursor was asked with.
[[nodiscard]] std::string ranges_text(const range& over, const range& asked);
[[nodiscard]] std::pair<range, range> ranges_from(const std::string& text);

}  // namespace catena
