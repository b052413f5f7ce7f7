// layer: store
#pragma once

#include <catena/core/time.hpp>
#include <catena/store/sink.hpp>
#include <catena/store/store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catena {

struct sqlite_options {
    sqlite_options() {}

    /// Where records go. None: into the table `record` of the database itself.
    std::shared_ptr<sink> records;

    /** Open a store that is there to look at it, and change nothing of it; also while another
        process writes it, of which what it has committed is seen. A sink is told its position, and
        nothing else. A call that would write fails with errc::store_refused, and so do those
        behind it.
    */
    bool read_only = false;

    /// Make the last folder of the path, with rights 0700, if it is not there.
    bool make_folder = false;

    /** What one transaction takes at most: so many calls, and so many octets of them, but always
        one call. A page is counted by its records and its checkpoint.
    */
    std::size_t group_calls = 1024;
    std::size_t group_octets = std::size_t(16) << 20;

    /// From this length on PATH-wal is copied into PATH, after handlers were called.
    std::size_t log_octets = std::size_t(16) << 20;

    /// How long another program's lock on the database is waited for before it counts as trouble.
    duration busy = std::chrono::seconds(1);

    /** No space, or another program's lock that stays: the group of calls is undone and tried again
        so often (an hour at most), for so long; then its calls fail with errc::store_full or
        errc::store_locked. Without a limit only the destructor ends it.
    */
    duration retry_every = std::chrono::seconds(1);
    duration patience = duration::max();

    /// Told once when such a trouble begins and, with an empty code, when it is over before
    /// patience is. Called on the store's thread; must not throw.
    std::function<void(const diagnostics&)> on_trouble;

    /// Told by the constructor what is allowed and unwise, such as rights for others.
    std::function<void(const std::string&)> on_warning;

    std::string vfs;  ///< Name of a file system registered with SQLite; empty: the default one.
};

/** A store in one SQLite database, written by one thread of its own.

    All calls that wait are taken together and committed in one transaction, in their order, so that
    many chains share one fsync. The database is in WAL mode with `synchronous=FULL`: what a handler
    was told survives a power cut, if the disk keeps what it was told to sync.

    The database may be read by any SQLite program at any time: `SELECT body FROM record WHERE
    job = ... ORDER BY key`. A reader that stays in one transaction lets the file PATH-wal grow.

    Every row but records and their keys carries a checksum, and a job and the store carry the
    numbers of their rows. A row that does not agree is errc::store_damaged, and never taken for
    a chain that has not begun.

    Files are created with rights 0600: PATH, PATH-wal and PATH-shm (SQLite's), and PATH.lock, which
    names the process that has the store and is no longer locked when that process is gone.

    @par Errors
    Constructor: throws catena::failure with
    - errc::store_refused: no such folder (read_only: no such store), no right to read and write,
   records kept elsewhere before (rows and a sink are not mixed), built without SQLite, a VFS that
   is not there
    - errc::store_locked: open already, here or in another process, which the text names
    - errc::store_foreign: another program's file, or one of a newer catena
    - errc::store_damaged: cut, empty or changed by something else
    - errc::store_full, errc::store_failed: the disk
    - what the sink threw when it was told to resume
    and std::invalid_argument if an option is zero or negative.

    Handlers, besides: errc::invalid_state for a job or chain that is not there or a job that was
    planned before, or records that a sink has and that are to be read (but for keys that
    were asked for, see first_chains::keys), errc::sink_failed,
   errc::limit_exceeded for a record too long for SQLite.

    @par Blocking
    The constructor blocks on the disk, the destructor until all calls are completed.
*/
class sqlite_store final : public store {
public:
    explicit sqlite_store(const std::string& path, const sqlite_options& o = {});
    ~sqlite_store() override;

    void open(const std::string& name, const std::string& description,
              handler<job_row> done) override;
    void known(const std::string& name, handler<job_row> done) override;
    void plan(std::uint64_t job, first_chains what, handler<job_row> done) override;
    void claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done) override;
    void commit(page_commit page, handler<commit_outcome> done) override;
    void split(chain_split what, handler<chain_row> done) override;
    void release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is, std::string trouble,
                 handler<commit_outcome> done) override;
    void note(std::uint64_t job, std::string name, std::string text,
              handler<commit_outcome> done) override;
    void chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                handler<std::vector<chain_row>> done) override;
    void extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                handler<commit_outcome> done) override;
    void read(record_query what, handler<std::vector<kept_record>> done) override;
    void find(std::uint64_t job, std::vector<std::string> keys,
              handler<std::vector<bool>> done) override;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
