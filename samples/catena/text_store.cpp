#include "text_store.hpp"

#include <algorithm>

namespace command {

using catena::chain_row;
using catena::commit_outcome;
using catena::job_row;

void text_store::known(const std::string& name, handler<job_row> done)
{
    inner_.known(name, [done = std::move(done)](const catena::diagnostics& why, job_row row) {
        row.readable = row.knows_keys = true;
        done(why, std::move(row));
    });
}

void text_store::read(catena::record_query what, handler<std::vector<catena::kept_record>> done)
{
    std::vector<catena::kept_record> out;
    auto at = what.after.empty() ? keys_.begin()
                                 : std::upper_bound(keys_.begin(), keys_.end(), what.after);
    for (; at != keys_.end() && out.size() < what.most; ++at)
        out.push_back({*at, {}});
    done({}, std::move(out));
}

void text_store::find(std::uint64_t, std::vector<std::string> keys, handler<std::vector<bool>> done)
{
    std::vector<bool> out;
    for (const std::string& key : keys)
        out.push_back(std::binary_search(keys_.begin(), keys_.end(), key));
    done({}, std::move(out));
}

void text_store::open(const std::string& name, const std::string& description,
                      handler<job_row> done)
{
    inner_.open(name, description, std::move(done));
}

void text_store::plan(std::uint64_t job, catena::first_chains what, handler<job_row> done)
{
    inner_.plan(job, std::move(what), std::move(done));
}

void text_store::claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done)
{
    inner_.claim(job, most, std::move(done));
}

void text_store::commit(catena::page_commit page, handler<commit_outcome> done)
{
    inner_.commit(std::move(page), std::move(done));
}

void text_store::split(catena::chain_split what, handler<chain_row> done)
{
    inner_.split(std::move(what), std::move(done));
}

void text_store::release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is,
                         std::string trouble, handler<commit_outcome> done)
{
    inner_.release(chain, epoch, is, std::move(trouble), std::move(done));
}

void text_store::note(std::uint64_t job, std::string name, std::string text,
                      handler<commit_outcome> done)
{
    inner_.note(job, std::move(name), std::move(text), std::move(done));
}

void text_store::chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                        handler<std::vector<chain_row>> done)
{
    inner_.chains(job, from, most, std::move(done));
}

void text_store::extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                        handler<commit_outcome> done)
{
    inner_.extend(job, chains, std::move(ranges), std::move(done));
}

}  // namespace command
