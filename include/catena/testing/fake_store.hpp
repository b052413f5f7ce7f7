// layer: testing
#pragma once

#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/store/store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

struct fake_store_options {
    fake_store_options() {}

    duration delay = std::chrono::milliseconds(2);  ///< From a call to its outcome.
    bool readable = true;  ///< False: as if a sink had the records, see job_row::readable.
    /// False: as if such a job had begun with a version that keeps no keys, see first_chains::keys.
    bool keeps_keys = true;
};

/** A store in memory, with a real one's fence, that completes in virtual time.

    Calls take effect one after the other, each just before its handler is called on the executor.
    It outlives a job that is destroyed and begun anew, as a file outlives its process.

    @par Lifetime
    The timekeeper and the executor's context outlive this object. Its destructor does not wait:
    what is on its way then takes no effect, and its handlers are destroyed uncalled.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class fake_store final : public store {
public:
    fake_store(boost::asio::any_io_executor ex, timekeeper& time, const fake_store_options& o = {});
    ~fake_store() override;

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

    /// The lever: commit `number`, of all from 0, fails. After errc::store_failed so does all else.
    void fail(std::size_t number, errc code);
    /// Just before commit `number` somebody else claims its chain.
    void fence(std::size_t number);
    /// Nothing takes effect until go_on().
    void stall();
    void go_on();
    /// What becomes of the calls on their way when their process dies.
    enum class fate { done, lost };
    /// The process dies: no handler of a call on its way is called.
    void crash(fate of_pending);

    [[nodiscard]] std::size_t pending() const noexcept;  ///< Calls on their way.
    [[nodiscard]] std::size_t commits() const noexcept;  ///< That took effect or were refused.
    /// Of a job, by its name; its counts and notes as open() would tell. @pre It was opened.
    [[nodiscard]] job_row job(const std::string& name) const;
    [[nodiscard]] std::vector<chain_row> rows(std::uint64_t job) const;
    /// By key.
    [[nodiscard]] const std::map<std::string, std::string>& records(std::uint64_t job) const;

private:
    struct impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace catena::testing
