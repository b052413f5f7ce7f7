#pragma once

#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/store/store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

/** Another store behind a gate: a test chooses which calls go through, when and in which order.

    Every two milliseconds of virtual time the chooser is asked. What it lets through together is
    one group for a store with a thread of its own; its outcomes are waited for and then told on
    this thread, so that a world in virtual time can have a real store.
*/
class held_store final : public store {
public:
    enum class kind {
        open,
        known,
        plan,
        claim,
        commit,
        split,
        release,
        note,
        chains,
        extend,
        read,
        find,
    };

    struct call {
        kind what;
        std::uint64_t chain;  ///< 0 where it is of none.
        int rounds = 0;       ///< How often it has been held back.
        /// Sends it; gives what waits for its outcome and tells it.
        std::function<std::function<void()>()> start;
    };
    /// Moves out of `waiting` what goes now.
    using chooser = std::function<std::vector<call>(std::vector<call>& waiting)>;

    enum class inner_kind {
        threaded,  ///< Calls its handlers on a thread of its own.
        virtual_,  ///< Calls them in the same virtual time.
    };

    /// @param choose Empty: all that wait go together.
    held_store(store& inner, inner_kind is, boost::asio::any_io_executor ex, timekeeper& time,
               chooser choose = {});
    ~held_store() override;

    void open(const std::string& name, const std::string& description,
              handler<job_row> done) override;
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
    void known(const std::string& name, handler<job_row> done) override;
    void extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                handler<commit_outcome> done) override;
    void read(record_query what, handler<std::vector<kept_record>> done) override;
    void find(std::uint64_t job, std::vector<std::string> keys,
              handler<std::vector<bool>> done) override;

    [[nodiscard]] const std::vector<call>& waiting() const;

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

/// Send calls of a threaded store so that its writer takes them as one group.
void in_one_group(store& s, const std::function<void()>& send);

}  // namespace catena::testing
