// layer: codec
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/quota_signal.hpp>
#include <catena/core/signals_rule.hpp>
#include <catena/core/time.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace catena {

/// No answer gives more signals; what comes later in it is left out.
inline constexpr std::size_t most_quota_signals = 16;

/// What the caller found in the body at a JSON Pointer of the rule: a string's characters, a
/// number's digits.
struct signal_text {
    std::string_view at, text;
};

/** What an answer says of the server's quotas, in its header and in the places of `rule`.

    Reads the fields RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers, all
    versions), X-RateLimit-* and its look-alikes with periods in their names, used/limit pairs
    (Shopify, Salesforce), and whatever the rule names. What the rule names comes first.

    @par Guarantee
    What cannot be told for certain is left out: numbers that disagree with each other, times whose
    unit is unsure, field names with unknown words, quotas of bytes, tokens or concurrency. An
    answer out of a cache (Age above zero) says nothing. Fractions of a request are rounded down,
    times up; below zero is zero for requests and nothing for times; times beyond 366 days are
    nonsense. Dates are measured against the answer's own Date, where it can be read.

    @par Complexity
    Time n log n in the octets of the fields it reads.

    @param body What was found for the places of `rule` in the body; those not in it were not there.
    @return At most @ref most_quota_signals, no two of one name.
*/
[[nodiscard]] std::vector<quota_signal> read_rate_limit_fields(
    const response_head& head, wall_time received, const signals_rule& rule = {},
    std::span<const signal_text> body = {});

/** The policies of an answer's RateLimit-Policy whose unit (`qu`) is not requests.

    @return At most @ref most_quota_signals.
*/
[[nodiscard]] std::vector<other_limit> read_other_limits(const response_head& head);

}  // namespace catena
