#pragma once

#include <catena/core/audit.hpp>

#include <optional>
#include <string>

namespace catena::testing {

inline range ids_from(const char* lower, const char* upper)
{
    return range({interval(std::string(lower), std::string(upper))});
}

/// What is known of a run about which everything is known, and all of it is well.
inline audit_facts flawless_facts()
{
    audit_facts f;
    f.job = "items";
    f.connector = "shop";
    f.begun = wall_time(std::chrono::seconds(1'790'000'000));
    f.ended = f.begun + std::chrono::minutes(12);
    f.counts.chains = f.counts.ended = 4;
    f.counts.pages = 12;
    f.counts.records = 100;
    f.counts.requests = 14;
    range_rule& by = f.rules.emplace_back();
    by.by = "/id";
    f.whole = ids_from("0", "100");
    const char* const borders[] = {"0", "25", "50", "75", "100"};
    for (int i = 0; i < 4; ++i)
        f.parts.emplace_back(ids_from(borders[i], borders[i + 1]), audit_part::state::ended, 25);
    f.covered.emplace();
    f.has_key = true;
    f.stored = f.total_at_start = f.total_at_end = 100;
    f.spots.emplace().asked = 9;
    f.spots->compared = 20;
    f.ids.emplace().dense = true;
    f.changes.emplace();
    f.previous.emplace().records = 100;
    return f;
}

}  // namespace catena::testing
