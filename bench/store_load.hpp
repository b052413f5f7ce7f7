#pragma once

#include <catena/store/store.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace catena::bench {

using steady = std::chrono::steady_clock;

inline constexpr std::size_t load_chains = 64, load_records = 100, record_octets = 170;

[[nodiscard]] double since(steady::time_point begun);
/// Of this process so far, user and system.
[[nodiscard]] double cpu_seconds();

/// Keeps nothing, and tells so from a thread of its own.
class no_store {
public:
    using handler = store::handler<commit_outcome>;

    /// @param round How long it takes over each lot that it is given; 0: none.
    explicit no_store(steady::duration round = {});
    ~no_store();
    no_store(const no_store&) = delete;
    no_store& operator=(const no_store&) = delete;

    void commit(page_commit page, handler done);

private:
    void run();

    steady::duration round_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::pair<page_commit, handler>> waiting_;
    bool over_ = false;
    std::thread thread_;
};

/// One chain's next page: keys of its own, and the same body for every record.
[[nodiscard]] page_commit page_of(std::uint64_t job, const chain_row& c);

struct cost {
    double pages_a_second = 0, cpu_us = 0;
};

using committer = std::function<void(page_commit, store::handler<commit_outcome>)>;

/// Chains that each send their next page when they were told of the last one.
class crowd {
public:
    crowd(committer commit, std::uint64_t job, std::vector<chain_row> all)
        : commit_(std::move(commit)), job_(job), all_(std::move(all))
    {
    }

    cost run(double seconds);

private:
    void send(std::size_t i);

    committer commit_;
    std::uint64_t job_;
    std::vector<chain_row> all_;
    steady::time_point end_;
    std::atomic<std::uint64_t> pages_ = 0;
    std::mutex mutex_;
    std::condition_variable over_;
    std::size_t open_ = 0;
};

}  // namespace catena::bench
