#pragma once

#include <catena/store/store.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// What a handler was told.
template <class T>
struct told {
    diagnostics why;
    T value{};
};

/// Calls a store and waits for the outcome.
class store_caller {
public:
    /// @param pump What brings handlers about, for a store that has no thread.
    explicit store_caller(store& s, std::function<void()> pump = {})
        : on_(s), pump_(std::move(pump))
    {
    }

    told<job_row> open(const std::string& name, const std::string& description = "d")
    {
        return wait<job_row>([&](auto done) { on_.open(name, description, done); });
    }
    told<job_row> known(const std::string& name)
    {
        return wait<job_row>([&](auto done) { on_.known(name, done); });
    }
    told<job_row> plan(std::uint64_t job, std::vector<std::string> ranges)
    {
        first_chains what;
        what.ranges = std::move(ranges);
        return plan(job, std::move(what));
    }
    told<job_row> plan(std::uint64_t job, first_chains what)
    {
        return wait<job_row>([&](auto done) { on_.plan(job, std::move(what), done); });
    }
    /// A job of that name with so many chains.
    std::uint64_t planned(const std::string& name, std::size_t chains)
    {
        const std::uint64_t id = open(name).value.id;
        std::vector<std::string> ranges;
        for (std::size_t i = 0; i < chains; ++i)
            ranges.push_back("range " + std::to_string(i));
        plan(id, std::move(ranges));
        return id;
    }
    told<std::vector<chain_row>> claim(std::uint64_t job, std::size_t most)
    {
        return wait<std::vector<chain_row>>([&](auto done) { on_.claim(job, most, done); });
    }
    told<commit_outcome> commit(page_commit page)
    {
        return wait<commit_outcome>([&](auto done) { on_.commit(std::move(page), done); });
    }
    told<chain_row> split(chain_split what)
    {
        return wait<chain_row>([&](auto done) { on_.split(std::move(what), done); });
    }
    told<commit_outcome> release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is,
                                 std::string trouble = {})
    {
        return wait<commit_outcome>(
            [&](auto done) { on_.release(chain, epoch, is, std::move(trouble), done); });
    }
    told<commit_outcome> note(std::uint64_t job, std::string name, std::string text)
    {
        return wait<commit_outcome>(
            [&](auto done) { on_.note(job, std::move(name), std::move(text), done); });
    }
    told<std::vector<chain_row>> chains(std::uint64_t job, std::uint64_t from = 0,
                                        std::size_t most = 1'000'000'000)
    {
        return wait<std::vector<chain_row>>([&](auto done) { on_.chains(job, from, most, done); });
    }

    told<commit_outcome> extend(std::uint64_t job, std::uint64_t chains,
                                std::vector<std::string> ranges)
    {
        return wait<commit_outcome>(
            [&](auto done) { on_.extend(job, chains, std::move(ranges), done); });
    }
    told<std::vector<kept_record>> read(const record_query& what)
    {
        return wait<std::vector<kept_record>>([&](auto done) { on_.read(what, done); });
    }
    told<std::vector<bool>> find(std::uint64_t job, std::vector<std::string> keys)
    {
        return wait<std::vector<bool>>([&](auto done) { on_.find(job, std::move(keys), done); });
    }

private:
    template <class T, class Call>
    told<T> wait(const Call& call)
    {
        const auto outcome = std::make_shared<std::promise<told<T>>>();
        call([outcome](const diagnostics& why, T value) {
            outcome->set_value({why, std::move(value)});
        });
        if (pump_) pump_();
        return outcome->get_future().get();
    }

    store& on_;
    std::function<void()> pump_;
};

/// The next page of a claimed chain: `records` of them, with keys of their own and octets of any
/// kind that JSON allows. The checkpoint names chain and page.
inline page_commit next_page_of(std::uint64_t job, const chain_row& c, std::size_t records = 3)
{
    page_commit p;
    p.job = job;
    p.chain = c.id;
    p.epoch = c.epoch;
    p.page = c.pages;
    const std::string name = std::to_string(c.id) + "/" + std::to_string(c.pages);
    p.checkpoint = "after " + name;
    const auto octets = std::make_shared<std::vector<std::string>>();
    for (std::size_t i = 0; i < records; ++i) {
        octets->push_back(name + "/" + std::to_string(i));
        octets->push_back("{\"id\": \"" + octets->back() + "\", \"t\": \"\xc3\xa9\"}");
    }
    for (std::size_t i = 0; i < records; ++i)
        p.records.push_back({(*octets)[2 * i], (*octets)[2 * i + 1]});
    p.last_key = records != 0 ? (*octets)[2 * records - 2] : c.last_key;
    p.owner = octets;
    return p;
}

}  // namespace catena::testing
