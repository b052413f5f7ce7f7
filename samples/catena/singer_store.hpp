#pragma once

#include "singer_state.hpp"
#include <catena/connector.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace command {

/** Records as messages of Singer 0.3 on a stream: SCHEMA, RECORD, STATE.

    The stream is the only place where anything is kept. A STATE carries all chains as they are when
    every record before it is written, so a run that gets it back goes on behind these records; what
    followed it on the stream comes again. It is written as soon as the records since the one before
    are as many octets as it is itself, and at the end.

    Holds one job.

    @par Errors
    errc::sink_failed where the stream cannot be written, or a record is no JSON object; then no
    further page is taken, and no STATE written.

    @par Lifetime
    The destructor does what close() does, and says nothing of a failure.

    @par Thread safety
    As catena::store; closed() may be called from any thread.
*/
class singer_store final : public catena::store {
public:
    /// @param descriptor Stays open; SIGPIPE must be ignored.
    singer_store(int descriptor, const catena::connector& c, singer_state from = {});
    ~singer_store() override;

    void open(const std::string& name, const std::string& description,
              handler<catena::job_row> done) override;
    void known(const std::string& name, handler<catena::job_row> done) override;
    void plan(std::uint64_t job, catena::first_chains what, handler<catena::job_row> done) override;
    void claim(std::uint64_t job, std::size_t most,
               handler<std::vector<catena::chain_row>> done) override;
    void commit(catena::page_commit page, handler<catena::commit_outcome> done) override;
    void split(catena::chain_split what, handler<catena::chain_row> done) override;
    void release(std::uint64_t chain, std::uint64_t epoch, catena::chain_row::state is,
                 std::string trouble, handler<catena::commit_outcome> done) override;
    void note(std::uint64_t job, std::string name, std::string text,
              handler<catena::commit_outcome> done) override;
    void chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                handler<std::vector<catena::chain_row>> done) override;
    void extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                handler<catena::commit_outcome> done) override;
    /// Fails: what is on the stream cannot be read again.
    void read(catena::record_query what, handler<std::vector<catena::kept_record>> done) override;
    void find(std::uint64_t job, std::vector<std::string> keys,
              handler<std::vector<bool>> done) override;

    /** Complete what was accepted, and write the last STATE. Nothing may be asked afterwards.
        @throws catena::failure with errc::sink_failed if it cannot be written.
    */
    void close();

    /// Whoever read the other end has gone.
    [[nodiscard]] bool closed() const noexcept { return closed_; }

private:
    template <class T, class Work>
    void accept(handler<T> done, Work work);
    void work();
    [[nodiscard]] catena::job_row counted() const;
    [[nodiscard]] catena::chain_row& chain(std::uint64_t id);
    void require(std::uint64_t job) const;
    void add_chain(std::string range, std::string checkpoint = {});
    [[nodiscard]] catena::commit_outcome committed(const catena::page_commit& page);
    void write_records(const catena::page_commit& page);
    void write_state();
    void put(std::string text);

    int descriptor_;
    std::string stream_, schema_;
    singer_state state_;
    bool begun_ = false;                       // the schema is written
    bool told_ = false;                        // and a STATE, with nothing behind it
    std::size_t since_ = 0;                    // octets of records since then
    std::size_t enough_ = 0;                   // of them, so that another one is due
    std::optional<catena::diagnostics> over_;  // why nothing more is written
    std::atomic<bool> closed_ = false;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> waiting_;
    bool closing_ = false;
    std::thread writer_;
};

}  // namespace command
