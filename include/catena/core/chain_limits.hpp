// layer: core
#pragma once

#include <catena/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace catena {

/// Who goes first where a budget is short. A lane waits as long as one before it has anything.
enum class lane : unsigned char { urgent, normal, background };

/// How patient a chain is. Goes to constructors only.
struct chain_limits {
    lane goes = lane::normal;
    std::uint32_t attempts = 5;  ///< Failed attempts at one page before giving up.
    /// Time that failed attempts at one page and the pauses between them may take before giving
    /// up; 0: only `attempts` count. Waits for Retry-After and for the budget do not count.
    duration retry_time = std::chrono::minutes(10);
    std::uint32_t throttles = 100;      ///< 429s for one page before giving up.
    std::uint32_t rebuilds = 3;         ///< Recoveries in a row without one new record.
    std::uint32_t empty_pages = 100;    ///< Empty pages in a row, each with a token.
    std::uint32_t identical_pages = 3;  ///< Pages equal to the one before under new tokens.
    std::uint32_t redirects = 10;       ///< Followed on the way to one page; 0: none.
    duration first_backoff = std::chrono::seconds(1);
    duration longest_backoff = std::chrono::seconds(60);
    duration forbidden_pause = std::chrono::seconds(60);    ///< Least, after a 403 for the rate.
    duration least_pause = std::chrono::milliseconds(100);  ///< Before any repeat.
    /// A longer Retry-After ends the chain, and a quota that is used up for longer.
    duration longest_hold = std::chrono::hours(1);
    /// A page that is waited for so long while the server gives nothing but failures ends the
    /// chain, at the next failure of any chain of its budget.
    duration longest_outage = std::chrono::minutes(5);
    std::size_t token_octets = 64 * 1024;
    std::size_t known_records = 1'000'000;  ///< Remembered for a rescan without an order.
    /// Its requests are far lighter than those of others: how soon they are answered is no measure
    /// of the server.
    bool light = false;
    /// Remembered where a counter says what comes next, so that rows which move under it are told
    /// from new ones. About 60 octets each; a checkpoint has the last page's only.
    std::size_t recent_records = 10'000;
};

}  // namespace catena
