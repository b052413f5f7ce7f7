#pragma once

#include "unit/core/audit_support.hpp"
#include <catena/core/audit.hpp>

namespace catena::testing {

/// A run with something of everything, and a server that writes what it likes.
inline audit_facts eventful_facts()
{
    audit_facts f = flawless_facts();
    f.connector = "shop \xe2\x80\xba orders";
    f.resumed = true;
    f.counts.chains = 6;
    f.counts.ended = 4;
    f.counts.records = 1'234'567;
    f.counts.pages = 12'346;
    f.counts.requests = 12'401;
    f.counts.strays = 3;
    f.counts.duplicates = 120;
    f.counts.rebuilds = 2;
    f.counts.holds = 17;
    f.whole = ids_from("0", "2000000");
    f.parts.clear();
    const char* const borders[] = {"0",       "400000",  "800000", "1000000",
                                   "1400000", "1600000", "2000000"};
    for (int i = 0; i < 6; ++i)
        f.parts.emplace_back(ids_from(borders[i], borders[i + 1]), audit_part::state::ended,
                             static_cast<std::uint64_t>(205'761 + i));
    f.parts[3].is = audit_part::state::stopped;
    f.parts[5].is = audit_part::state::open;
    f.unfinished = {
        audit_gap(ids_from("1180000", "1400000"),
                  "the server refused the request with 403: <script>alert(\"1\")</script>\n"
                  "& 'more' \xff\x1b[31m]]> <b>; see https://status.example.com/"),
        audit_gap(ids_from("1600000", "2000000"), "not begun")};
    f.covered->gaps = {ids_from("800000", "812345")};
    f.covered->overlaps = {ids_from("399990", "400000")};
    f.stored = 1'234'567;
    f.total_at_start = 1'900'000;
    f.total_at_end = 1'900'321;
    f.spots->missing = 1;
    f.spots->extra = 2;
    f.spots->gaps = {audit_gap(range({interval("77", "78")}), "the server shows it")};
    f.ids->holes = 12;
    f.ids->dense = false;
    f.changes.reset();
    f.previous->records = 1'240'000;
    f.previous->added = 1'100;
    f.previous->changed = 250;
    f.previous->deleted = 6'533;
    f.previous->deleted_keys = {"17", "\"a<b>\"", "4711"};
    return f;
}

}  // namespace catena::testing
