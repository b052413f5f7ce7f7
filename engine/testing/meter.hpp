#pragma once

#include <catena/core/http.hpp>
#include <catena/core/limits_rule.hpp>
#include <catena/core/time.hpp>
#include <catena/testing/behaviour.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace catena::testing {

/// Counts requests as strictly as a policy says.
class meter {
public:
    meter(const rate_policy& p, behaviour::window_kind k);

    /// When the next request may come.
    [[nodiscard]] time_point open_at(time_point now);
    void count(time_point now);

    // What it tells of itself.
    [[nodiscard]] std::uint64_t limit() const noexcept;
    [[nodiscard]] std::uint64_t left(time_point now);
    [[nodiscard]] duration window() const noexcept;
    /// Until all is there again.
    [[nodiscard]] duration whole_in(time_point now);

private:
    void forget(time_point now);

    rate_policy rule_;
    behaviour::window_kind kind_;
    duration interval_, tolerance_;
    time_point line_{};             // of a bucket: when it is full again, but for the tolerance
    std::deque<time_point> taken_;  // of a window
};

/// The fields in which a server tells of its limits.
[[nodiscard]] std::vector<header_field> told_limits(std::vector<meter>& all,
                                                    behaviour::limit_words how, time_point now);

}  // namespace catena::testing
