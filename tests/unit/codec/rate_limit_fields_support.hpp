#pragma once

#include "support/catch.hpp"
#include <catena/codec/rate_limit_fields.hpp>
#include <catena/codec/retry_after.hpp>

#include <chrono>
#include <optional>
#include <ostream>
#include <string_view>
#include <vector>

namespace catena {

inline std::ostream& operator<<(std::ostream& out, const quota_signal& s)
{
    out << '{' << '"' << s.name << '"';
    if (s.limit) out << " limit " << *s.limit;
    if (s.remaining) out << " remaining " << *s.remaining;
    if (s.reset_in) out << " reset " << s.reset_in->count() << "ns";
    if (s.window) out << " window " << s.window->count() << "ns";
    return out << '}';
}

namespace testing {

inline constexpr wall_time quota_now =
    std::chrono::sys_days(std::chrono::year(2025) / 6 / 3) + std::chrono::hours(11);

using header_lines = std::vector<header_view>;
using signals = std::vector<quota_signal>;

inline signals read_quotas(const header_lines& lines, const signals_rule& rule = {},
                           const std::vector<signal_text>& body = {},
                           wall_time received = quota_now)
{
    return read_rate_limit_fields({200, 11, lines}, received, rule, body);
}

/// The reset of the only signal, or nothing.
inline std::optional<duration> read_reset(const header_lines& lines, wall_time received = quota_now)
{
    const signals all = read_quotas(lines, {}, {}, received);
    REQUIRE(all.size() == 1);
    return all.front().reset_in;
}

}  // namespace testing
}  // namespace catena
