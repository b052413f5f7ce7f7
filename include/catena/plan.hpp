// layer: core
#pragma once

#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace catena {

/// What is known of a dataset and its server before the first request. Leave out what is not.
struct estimate {
    std::optional<std::uint64_t> records;
    /// Records a page, where the server sends fewer than page_size asks for, or none is declared.
    std::optional<std::uint64_t> page_records;
    std::optional<duration> rtt;          ///< From a request's last octet to its first of answer.
    std::optional<duration> server_time;  ///< That the server takes for one page, its sending too.
    std::optional<double> octets_per_record;
    double failure = 0;        ///< Chance that a request fails and is repeated, 0 to 1.
    std::uint32_t ranges = 1;  ///< Chains that walk parts of the dataset at once.
    std::optional<duration> deadline;
};

/** How long a walk will take, and what bounds it, before anything is asked.

    Nothing is known here that the connector and the estimate do not say: a member that would need
    more is empty, and text() says "unknown". Numbers too large for their type are its largest.

    With r records, S ranges, n new records a page (one less than a page where `next.inclusive`),
    chance of failure p, and a attempts at most:

        page_time = A x (rtt + server_time) + (A - 1) x 1.5 x first_backoff
        A         = (1 - p^a) / (1 - p), the attempts that a page takes
        pages     = S x (ceil(ceil(r / S) / n) + e), where e = 1 if only an empty page or another
                    answer behind the last record is the end, else 0, and no range has no page
        requests  = ceil(pages x A)
        t(k)      = the moment of the k-th request under a policy of `requests` in `per` with
                    `burst` at once, each of weight w, i = per / requests:
                        bucket(k) = max(0, (k - 1) x w x i + min(w, burst) x i - burst x i)
                        bucket:   bucket(k)
                        sliding:  with m = requests / w a span, the later of bucket(k) and
                                  floor((k - 1) / m) x per + bucket((k - 1) mod m + 1)
        at_limit  = the latest t(requests) of all policies, and the last page's time
        walk      = ceil(pages / min(S, concurrency)) x page_time
        time      = the longer of walk and at_limit

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
struct plan {
    enum class bound {
        unknown,
        walk,         ///< Pages follow one another: more ranges would help.
        limit,        ///< The strictest policy: nothing would help but larger pages.
        concurrency,  ///< More ranges than `limits.concurrency` lets run at once.
    };
    /// What the estimate's deadline needs.
    enum class verdict {
        none,                ///< There is no deadline.
        unknown,             ///< Too little is known.
        met,                 ///< With `ranges_needed`.
        beyond_limit,        ///< The policies alone take longer, however many ranges.
        beyond_concurrency,  ///< So many ranges may not run at once.
        beyond_page,         ///< One page for each range takes longer.
    };

    std::uint32_t ranges = 1;
    std::optional<std::uint64_t> pages;
    std::optional<std::uint64_t> requests;  ///< With the repeats that are to be expected.
    std::optional<std::uint64_t> octets;    ///< Of all records.
    std::optional<duration> sequential;     ///< One chain, no failures, no limits.
    std::optional<duration> at_limit;       ///< No sooner do the policies allow it; 0: no policy.
    std::optional<duration> time;
    std::optional<double> speed_up;  ///< Of `time` over that of one chain, limits and all.
    bound bound_by = bound::unknown;

    std::optional<duration> between_pages;  ///< Of one chain, all ranges at work.
    std::optional<bool> token_outlived;     ///< expiry.ttl ends before the token's turn comes.
    std::optional<double> chain_fails;      ///< Chance that a given chain gives a page up.
    std::optional<double> any_fails;        ///< The same for any of them.

    verdict deadline = verdict::none;
    std::optional<std::uint32_t> ranges_needed;

    /// A few lines for people, without a trailing newline.
    [[nodiscard]] std::string text() const;
};

/** Reckon what walking `c` will take.

    A pure function of its arguments. A probability that is none is taken as the nearest one, NaN
    and a range of 0 as the defaults.
*/
[[nodiscard]] plan make_plan(const connector& c, const estimate& e, const chain_limits& l = {});

}  // namespace catena
