// layer: core
#pragma once

#include <catena/core/range_rule.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// A part of one key: from `lower` on, up to but without `upper`. Of `values`: just `lower`.
struct interval {
    interval() {}
    interval(std::optional<std::string> from, std::optional<std::string> to)
        : lower(std::move(from)), upper(std::move(to))
    {
    }

    std::optional<std::string> lower, upper;  ///< Absent: open on that side.

    friend bool operator==(const interval&, const interval&) = default;
};

/// A part of a dataset: one interval for each of the connector's range rules. Empty: all of it.
struct range {
    range() {}
    explicit range(std::vector<interval> parts) : over(std::move(parts)) {}

    std::vector<interval> over;

    friend bool operator==(const range&, const range&) = default;
};

}  // namespace catena
