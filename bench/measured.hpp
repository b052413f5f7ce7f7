#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace catena::bench {

/// One configuration of a run.
struct setup {
    setup() {}
    setup(std::size_t r, std::size_t c, double s) : records(r), chains(c), seconds(s) {}

    std::size_t records = 0;  ///< Of a page.
    std::size_t chains = 0;
    double seconds = 0;
};

struct measured {
    double pages_a_second = 0;
    double cpu_us_a_page = 0;  ///< Of the client's thread only, user and system.
    double rss_mb = 0;
};

/// Counts pages and costs, from the first page on: connecting and the first look-ups are not in.
class meter {
public:
    explicit meter(double seconds);

    [[nodiscard]] bool goes_on() const;
    void count(std::size_t octets);
    [[nodiscard]] measured result() const;

private:
    using clock = std::chrono::steady_clock;

    double seconds_;
    clock::time_point begun_, last_;
    double cpu_begun_ = 0, cpu_last_ = 0, rss_mb_ = 0;
    std::uint64_t pages_ = 0, octets_ = 0;
};

/** Run `work` in a process of its own, on the first core, so that its memory is its alone.

    @throws std::runtime_error if it fails there.
    @pre This process has no other thread.
*/
[[nodiscard]] measured in_own_process(const std::function<measured()>& work);

/// Keep this thread on core number `n` of those it may use, if there are so many.
void stay_on_core(unsigned n);

}  // namespace catena::bench
