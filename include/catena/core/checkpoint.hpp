// layer: core
#pragma once

#include <catena/core/identity.hpp>
#include <catena/core/page_print.hpp>
#include <catena/core/position.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace catena {

/** What a chain needs to go on after a crash, as of the end of a page.

    A plain value. It holds the server's cursor, which some servers sign and fill with ids: treat
    it as a secret, and write it where only its owner can read. It holds no credential.

    Made by chain_machine::after(); to_text() and checkpoint_from_text() turn it into text and back.
*/
struct checkpoint {
    std::string fingerprint;  ///< Of the connector; see fingerprint(const connector&).
    position at;              ///< Where the next page starts.
    bool ended = false;       ///< The chain is complete.

    std::uint64_t pages = 0;    ///< Pages delivered.
    std::uint64_t records = 0;  ///< Records delivered.

    std::uint64_t query_pages = 0;    ///< Pages received since the query was last (re)built.
    std::uint64_t query_records = 0;  ///< Records of the query received since then. Those that two
                                      ///< inclusive pages share count once; others always.
    std::uint64_t rebuilds = 0;       ///< Recoveries so far.
    std::uint64_t full_page = 0;      ///< The most records that one page held.

    std::vector<value> last_key;        ///< Of the last record in order; empty before the first.
    std::vector<value> previous_bound;  ///< The leading fields' value before the last one.
    std::vector<identity> ties;         ///< Delivered records that may come again: those that share
                                        ///< last_key's leading fields, or those of the last page.
    std::vector<identity> known;        ///< Every delivered record, for a rescan without an order.
    page_print last_page;               ///< Of the page in front of `at` in this query.
    bool skipping = false;              ///< Records up to last_key are expected again and dropped.

    friend bool operator==(const checkpoint&, const checkpoint&) = default;
};

}  // namespace catena
