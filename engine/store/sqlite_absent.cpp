#include "store/broken.hpp"
#include <catena/store/sqlite_store.hpp>

namespace catena {

class sqlite_store::impl {};

sqlite_store::sqlite_store(const std::string& path, const sqlite_options&)
{
    storage::refuse(errc::store_refused,
                    "catena was built without SQLite, so " + path + " cannot be opened",
                    "build it with SQLite (Debian: libsqlite3-dev)");
}

sqlite_store::~sqlite_store() = default;

// No object of this class exists: its constructor throws.
void sqlite_store::open(const std::string&, const std::string&, handler<job_row>) {}
void sqlite_store::known(const std::string&, handler<job_row>) {}
void sqlite_store::plan(std::uint64_t, first_chains, handler<job_row>) {}
void sqlite_store::claim(std::uint64_t, std::size_t, handler<std::vector<chain_row>>) {}
void sqlite_store::commit(page_commit, handler<commit_outcome>) {}
void sqlite_store::split(chain_split, handler<chain_row>) {}
void sqlite_store::release(std::uint64_t, std::uint64_t, chain_row::state, std::string,
                           handler<commit_outcome>)
{
}
void sqlite_store::note(std::uint64_t, std::string, std::string, handler<commit_outcome>) {}
void sqlite_store::chains(std::uint64_t, std::uint64_t, std::size_t,
                          handler<std::vector<chain_row>>)
{
}
void sqlite_store::extend(std::uint64_t, std::uint64_t, std::vector<std::string>,
                          handler<commit_outcome>)
{
}
void sqlite_store::read(record_query, handler<std::vector<kept_record>>) {}
void sqlite_store::find(std::uint64_t, std::vector<std::string>, handler<std::vector<bool>>) {}

}  // namespace catena
