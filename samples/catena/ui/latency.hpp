#pragma once

#include <catena/core/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace ui {

/** How long exchanges took, in constant memory.

    Sixteen steps for each power of two of a microsecond: a quantile is at most 6.25 % above the
    true one, and never below it. What lasts longer than 19 hours counts as 19 hours.
*/
class latency {
public:
    void add(catena::duration took) noexcept;
    void clear() noexcept { *this = {}; }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// Seconds, exact but for rounding to microseconds.
    [[nodiscard]] double sum() const noexcept { return static_cast<double>(sum_) / 1e6; }
    /// Seconds; 0 if nothing was added. @pre 0 < q <= 1.
    [[nodiscard]] double quantile(double q) const noexcept;

private:
    static constexpr std::size_t steps = 16;
    static constexpr std::size_t powers = 36;

    std::array<std::uint32_t, steps * powers> counts_{};
    std::uint64_t count_ = 0, sum_ = 0;  // microseconds
    std::uint64_t longest_ = 0;
};

/// The same in a few fixed steps, each counted exactly: what Prometheus adds up over processes.
class latency_steps {
public:
    static constexpr std::array<double, 13> borders{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                    1,     2.5,  5,     10,   30,  60};

    void add(catena::duration took) noexcept;
    /// So many took up to `borders[i]`, and not up to the one before.
    [[nodiscard]] std::uint64_t at(std::size_t i) const noexcept { return counts_.at(i); }

private:
    std::array<std::uint64_t, borders.size()> counts_{};
};

}  // namespace ui
