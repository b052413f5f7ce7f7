// layer: core
#pragma once

#include <catena/core/coverage.hpp>
#include <catena/core/range.hpp>
#include <catena/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// A part of the dataset that is not in the store, or not for certain.
struct audit_gap {
    audit_gap() {}
    audit_gap(range part, std::string reason) : where(std::move(part)), why(std::move(reason)) {}

    range where;
    std::string why;  ///< May repeat a server's words; holds no secret and no cursor.

    friend bool operator==(const audit_gap&, const audit_gap&) = default;
};

/// One chain of the job, for the picture.
struct audit_part {
    enum class state { ended, open, stopped };

    audit_part() {}
    audit_part(range part, state s, std::uint64_t n) : over(std::move(part)), is(s), records(n) {}

    range over;
    state is = state::open;
    std::uint64_t records = 0;
};

/// What was done, by number. Of all runs of the job, unless said otherwise.
struct audit_counts {
    audit_counts() {}

    std::uint64_t chains = 0;
    std::uint64_t ended = 0;  ///< Of them, at their declared end.
    std::uint64_t pages = 0;
    std::uint64_t records = 0;     ///< Committed.
    std::uint64_t requests = 0;    ///< Of this run, as the others below.
    std::uint64_t strays = 0;      ///< Records outside of what was asked for; left out.
    std::uint64_t duplicates = 0;  ///< Records that came again, and were dropped by key.
    std::uint64_t taken_over = 0;  ///< Chains that another process went on with.
    std::uint64_t rebuilds = 0;    ///< Queries rebuilt from the last key.
    std::uint64_t holds = 0;       ///< Pauses that the server asked for.

    friend bool operator==(const audit_counts&, const audit_counts&) = default;
};

/// Parts of the dataset that were asked for again after the run, and compared with the store.
struct second_look {
    second_look() {}

    std::uint64_t asked = 0;      ///< Queries.
    std::uint64_t failed = 0;     ///< Of them, without an answer that could be judged.
    std::string why;              ///< What the first of these asked for, and what came of it.
    std::uint64_t compared = 0;   ///< Keys that the server showed.
    std::uint64_t missing = 0;    ///< Of them, not in the store: see `gaps`.
    std::uint64_t found = 0;      ///< Were not in the store before the look, and are by now.
    bool settled = true;          ///< Of several looks the last one found nothing more.
    std::uint64_t extra = 0;      ///< In the store, but not shown: deleted since, or never there.
    std::vector<audit_gap> gaps;  ///< What is missing, key by key or by larger parts.
};

/// What the holes in ascending integer keys came to.
struct id_facts {
    id_facts() {}

    bool dense = false;           ///< Ids follow one another so closely that a hole is suspicious.
    std::uint64_t holes = 0;      ///< Ids that are not in the store, between the first and last.
    std::uint64_t asked = 0;      ///< Of them, asked for at the server.
    std::uint64_t found = 0;      ///< Of those, there, and stored by now.
    std::string why;              ///< As second_look::why.
    std::vector<audit_gap> gaps;  ///< There at the server, and still not stored.
};

/// What changed at the server after the run had begun.
struct change_facts {
    change_facts() {}

    std::uint64_t found = 0;  ///< Records with a change later than the beginning.
    std::uint64_t taken = 0;  ///< Of them, stored in their new version.
};

/// A walk of the tokens alone, whose pages are fetched by other chains: one for each page.
struct discovery_facts {
    discovery_facts() {}

    std::uint64_t found = 0;            ///< Pages that the walk has found.
    bool ended = false;                 ///< It came to its declared end.
    std::vector<std::uint64_t> chains;  ///< The number of the page of each chain, in any order.
    std::uint64_t compared = 0;         ///< Pages whose next token was compared with the one found.
    std::uint64_t differing = 0;        ///< Of them, those that told another one.
    std::uint64_t further = 0;          ///< Pages that were behind the last one that was found.
    std::uint64_t with_records = 0;     ///< Answers of the walk that had records, in this run.
};

/// The run of the same job before this one, as far as it is known.
struct previous_run {
    previous_run() {}

    std::uint64_t records = 0;
    std::optional<std::uint64_t> added, changed, deleted;  ///< From there to this one.
    std::vector<std::string> deleted_keys;                 ///< Some of them, as text.
};

/** All that an audit judges: plain values that somebody gathered after a run.

    What was not looked at stays empty, which is never the same as a look that found nothing.
*/
struct audit_facts {
    audit_facts() {}

    std::string job;
    std::string connector;
    wall_time begun{}, ended{};
    bool resumed = false;  ///< An earlier run of the job had not finished.
    audit_counts counts;

    std::vector<range_rule> rules;      ///< The connector's.
    range whole;                        ///< What was wanted.
    std::vector<audit_part> parts;      ///< The job's chains, for the picture. May be left out.
    std::vector<audit_gap> unfinished;  ///< Chains that have not ended: what is left, and why.
    std::optional<coverage> covered;    ///< Of `whole` by the ranges of all chains.

    std::optional<discovery_facts> discovery;  ///< In place of `covered`.

    bool has_key = false;  ///< Records have a key, so that two of the same can be told.
    /// Pages are counted, by offset or number: records that come and go move all behind them.
    bool counted_pages = false;
    std::optional<second_look> reconciled;  ///< All of the dataset again, or a part, by its keys.
    std::string why_not_reconciled;  ///< Where it was not: why, and what to do. May be empty.

    std::optional<std::uint64_t> stored;  ///< Records of the job in the store, counted anew.
    std::optional<std::uint64_t> total_at_start, total_at_end;  ///< That the server declared.
    std::optional<second_look> spots;                           ///< Borders, ends, random keys.
    std::optional<id_facts> ids;
    std::optional<change_facts> changes;
    std::optional<previous_run> previous;
    /// The share of the previous run's records by which this one may be smaller.
    double most_shrinking = 0.1;
};

}  // namespace catena
