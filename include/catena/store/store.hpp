// layer: store
#pragma once

#include <catena/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {

/// One chain of a job, as a store keeps it.
struct chain_row {
    enum class state {
        ready,    ///< Waits for someone to walk it, from its beginning or its checkpoint.
        running,  ///< Claimed.
        ended,    ///< Complete.
        stopped,  ///< Cannot go on by itself; `trouble` says why. Ready again at the next open.
    };

    chain_row() {}

    std::uint64_t id = 0;  ///< Given by the store, from 1.
    state is = state::ready;
    std::uint64_t epoch = 0;  ///< Raised by each claim and split: who had it before is fenced off.
    std::string range;        ///< As its owner wrote it; a store only keeps it.
    std::uint64_t pages = 0;  ///< Committed; also the number of the next one.
    std::uint64_t records = 0;
    std::string checkpoint;  ///< After the last committed page; empty before the first.
    std::string last_key;
    std::string trouble;
};

/// A whole dataset on its way into a store.
struct job_row {
    job_row() {}

    std::uint64_t id = 0;     ///< Given by the store, from 1.
    std::string name;         ///< Its only name in that store.
    std::string description;  ///< What it fetches, as its owner wrote it.
    bool planned = false;     ///< Its chains are there.
    std::uint64_t chains = 0;
    std::uint64_t ended = 0;  ///< Of them.
    std::uint64_t pages = 0;  ///< Committed, of all chains.
    std::uint64_t records = 0;
    std::map<std::string, std::string> notes;  ///< Texts by name, see store::note().
    bool readable = false;  ///< Its records can be read back, by store::read() and store::find().
    /// It is known which keys its records have: find() works, and read() of keys alone. So where
    /// `readable` is true, and where its plan has asked for it, see first_chains::keys.
    bool knows_keys = false;
};

/// How a job begins.
struct first_chains {
    first_chains() {}

    std::vector<std::string> ranges;           ///< One chain for each.
    std::map<std::string, std::string> notes;  ///< Kept as store::note() keeps them.
    /** Where others have the records, keep a digest of each one's key in the transaction of its
        page: 16 octets, and about 20 on the disk.
    */
    bool keys = false;
};

/// The octets belong to page_commit::owner.
struct stored_record {
    std::string_view key;   ///< Unique in its job; the same key again replaces the record.
    std::string_view body;  ///< The server's octets.
};

/// A chain that is yet to be.
struct chain_seed {
    chain_seed() {}
    chain_seed(std::string part, std::string after)
        : range(std::move(part)), checkpoint(std::move(after))
    {
    }

    std::string range;       ///< As in chain_row.
    std::string checkpoint;  ///< Where it begins, as its owner wrote it; may be empty.
};

/** One page with the checkpoint after it: both become durable, or neither.

    Fenced: taken only if the chain still has that epoch and that many committed pages.
*/
struct page_commit {
    page_commit() {}

    std::uint64_t job = 0;
    std::uint64_t chain = 0;
    std::uint64_t epoch = 0;
    std::uint64_t page = 0;  ///< Its number: how many of this chain are committed before it.
    bool ended = false;      ///< The chain is complete with it.
    std::string checkpoint;
    std::string last_key;
    std::string range;  ///< The chain's from now on, in place of the one it had; empty: unchanged.
    std::vector<stored_record> records;
    /// Of the page, content coding undone. Empty where none came with it, and where the audit asked
    /// for a page again and found nothing new in it.
    std::string_view body;
    std::vector<chain_seed> adds;       ///< Chains that the job gets with it, all of them ready.
    std::shared_ptr<const void> owner;  ///< Keeps the octets until the outcome is told.
};

/// Divides what is left of a chain. Fenced as a page is; the epoch is raised.
struct chain_split {
    chain_split() {}

    std::uint64_t job = 0;
    std::uint64_t chain = 0;
    std::uint64_t epoch = 0;
    std::uint64_t page = 0;  ///< How many pages of the chain are committed.
    std::string keeps;       ///< The range that it goes on with.
    std::string gives;       ///< The range of the new chain, which is ready.
};

/// Which of a job's records to read back. The order is that of the keys' octets.
struct record_query {
    record_query() {}

    std::uint64_t job = 0;
    std::string after;                            ///< Begin behind this key; empty: at the first.
    std::size_t most = 1'000;                     ///< Records.
    std::size_t octets = std::size_t(256) << 10;  ///< Of them, but always one record.
    bool bodies = true;                           ///< Else keys alone.
};

/// A record as it was read back.
struct kept_record {
    std::string key;
    std::string body;
};

enum class commit_outcome {
    committed,  ///< Durable.
    fenced,     ///< Not taken: another epoch or another number of pages. Nothing was changed.
};

/** Where a job's records and checkpoints are kept together.

    Correctness rests on transactions and on the fence alone, so that several processes could share
    one store.

    @par Completion
    Each call returns at once and completes by its handler, exactly once, with a failure's story
    whose `code` is empty if there was none. Handlers are called on a thread of the store's, in the
    order of the calls as far as they concern one chain; they must not throw and must not wait.
    After errc::store_failed every further call fails in the same way.

    @par Thread safety
    Calls may come from any thread.

    @par Lifetime
    The destructor first completes what was accepted; what waits for space or for a lock is tried
    once more and then fails. It must not run inside a handler.
*/
class store {
public:
    template <class T>
    using handler = std::function<void(const diagnostics&, T)>;

    store() = default;
    store(const store&) = delete;
    store& operator=(const store&) = delete;
    virtual ~store() = default;

    /** Begin a job, or find the one of that name; chains that somebody was walking, or that had
        stopped, are ready again.

        Its own `description` is kept where the job is new. Who opens an old one compares.
    */
    virtual void open(const std::string& name, const std::string& description,
                      handler<job_row> done) = 0;

    /// The job of that name as it stands; nothing is changed. Its `id` is 0 if there is none.
    virtual void known(const std::string& name, handler<job_row> done) = 0;

    /** Give a job its chains, and the notes that say what they cover: all at once, or nothing.

        @par Errors
        errc::invalid_state where it is planned already; then nothing is changed.
    */
    virtual void plan(std::uint64_t job, first_chains what, handler<job_row> done) = 0;

    /// Take up to `most` ready chains, the oldest first. Each one's epoch is raised.
    virtual void claim(std::uint64_t job, std::size_t most,
                       handler<std::vector<chain_row>> done) = 0;

    /** Commit a page. An error means that it is not committed and will not be; after
        errc::store_failed alone that shows only when the store is opened again.
    */
    virtual void commit(page_commit page, handler<commit_outcome> done) = 0;

    /** Divide a running chain: both ranges, or neither. Gives the chain with its new epoch, or a
        row whose `id` is 0 if it was fenced.
    */
    virtual void split(chain_split what, handler<chain_row> done) = 0;

    /** Give a claimed chain back as `is`, with `trouble` where it is stopped. Ignored if another
        has it by now.
    */
    virtual void release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is,
                         std::string trouble, handler<commit_outcome> done) = 0;

    /// Keep a text under a name with the job, in place of what it had there.
    virtual void note(std::uint64_t job, std::string name, std::string text,
                      handler<commit_outcome> done) = 0;

    /// The chains of a job from number `from` on, at most `most`, by their numbers.
    virtual void chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                        handler<std::vector<chain_row>> done) = 0;

    /** Give a planned job more chains, all at once, if it has `chains` of them by now; else
        nothing is changed, and the outcome is commit_outcome::fenced.
    */
    virtual void extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                        handler<commit_outcome> done) = 0;

    /** Records of a job as they stand, a part at a time; none: there are no more.

        @par Errors
        errc::invalid_state where job_row::readable is false. Where job_row::knows_keys is true
        nevertheless, keys alone can be read (record_query::bodies is false): then 16 octets stand
        for each key, in their own order.
    */
    virtual void read(record_query what, handler<std::vector<kept_record>> done) = 0;

    /** For each of `keys`, whether a record of the job has it.

        @par Errors
        errc::invalid_state where job_row::knows_keys is false.
    */
    virtual void find(std::uint64_t job, std::vector<std::string> keys,
                      handler<std::vector<bool>> done) = 0;
};

}  // namespace catena
