#pragma once

#include <catena/store/store.hpp>

#include <string>
#include <utility>
#include <vector>

namespace command {

/** A store whose records are in a text, with the keys that were read out of it again.

    For who judges: the chains are the inner store's, the keys the text's. Everything that would
    change something is passed on to the inner store, which refuses it where it is read only.

    @par Lifetime
    The inner store must outlive this object.
*/
class text_store final : public catena::store {
public:
    /// @param keys In the order of their octets, each once.
    text_store(catena::store& inner, std::vector<std::string> keys)
        : inner_(inner), keys_(std::move(keys))
    {
    }

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
    /// Keys without bodies.
    void read(catena::record_query what, handler<std::vector<catena::kept_record>> done) override;
    void find(std::uint64_t job, std::vector<std::string> keys,
              handler<std::vector<bool>> done) override;

private:
    catena::store& inner_;
    std::vector<std::string> keys_;
};

}  // namespace command
