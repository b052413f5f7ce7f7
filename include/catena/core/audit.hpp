// layer: core
#pragma once

#include <catena/core/audit_facts.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace catena {

/// What can be said of a dataset after a run. From best to worst.
enum class verdict {
    complete,    ///< Every chain came to its declared end, and nothing speaks against it.
    unverified,  ///< Every chain ended, and something is not known or does not agree.
    incomplete,  ///< Parts are missing, and it is known which.
};

/// One question that an audit asked.
struct audit_check {
    enum class result { good, bad, unknown };

    audit_check() {}

    std::string name;  ///< Stable: see audit().
    result is = result::unknown;
    verdict allows = verdict::unverified;  ///< The best verdict that this result leaves.
    std::string expected, found;           ///< In digits or a few words; may be empty.
    std::string note;                      ///< A sentence for people; may be empty if good.

    friend bool operator==(const audit_check&, const audit_check&) = default;
};

/// A piece of the picture of a dataset: from and to as shares of it, 0 to 1.
struct audit_stretch {
    /// From best to worst.
    enum class state { ended, open, stopped, gap };

    audit_stretch() {}

    double from = 0, to = 0;
    state is = state::open;
    std::uint64_t chains = 0;   ///< That lie here; 0 for a gap.
    std::uint64_t records = 0;  ///< Of those chains.
    range where;                ///< Empty where it is several chains.
};

/// The outcome of an audit, ready to be written or shown.
struct audit_report {
    audit_report() {}

    verdict is = verdict::incomplete;
    std::string job;
    std::string connector;
    wall_time begun{}, ended{};
    bool resumed = false;
    audit_counts counts;
    std::vector<std::string> reasons;    ///< What keeps it from `complete`, the worst first.
    std::vector<audit_check> checks;     ///< Always in the same order.
    std::vector<audit_gap> gaps;         ///< What is missing, exactly.
    std::vector<range> overlaps;         ///< What more than one chain has.
    std::vector<std::string> deleted;    ///< Keys that the previous run had and this one has not.
    std::vector<audit_stretch> picture;  ///< Ascending, at most 400; later ones lie on top.
};

/// The worst of what the checks allow. A bad check never leaves `complete`, nor do none at all.
[[nodiscard]] verdict verdict_of(std::span<const audit_check> checks) noexcept;

/** Judge a run by what is known of it.

    The verdict is the worst that a check leaves:

        check      | bad, and then at best                | unknown, and then at best
        -----------|--------------------------------------|--------------------------------------
        chains     | one has not ended: incomplete        | -
        coverage   | a gap: incomplete;                   | not proved: unverified
                   | an overlap: unverified               |
                   | with discovery: a page that was     |
                   | found has not one chain: incomplete  |
        stored     | not what was committed: unverified   | not counted: complete
        total      | not what is stored: unverified       | none is declared: complete
        key        | -                                    | there is none: unverified
        tokens     | -                                    | some differ, and no total agrees:
                   |                                      | unverified
        positions  | a record is missing: incomplete      | counted pages, and not reconciled, not
                   |                                      | to the end, or not until nothing more
                   |                                      | was found: unverified
        strays     | there are some: unverified           | -
        spots      | a record is missing: incomplete      | not made: complete; one of them had no
                   |                                      | answer: unverified
        ids        | a record is missing: incomplete      | dense with holes that were not asked
                   |                                      | for: unverified; not dense, or no
                   |                                      | integers: complete
        changes    | some were not taken: unverified      | not looked for: complete
        previous   | fewer records than most_shrinking    | no previous run: complete
                   | lets go: unverified                  |

    `positions` is asked only where pages are counted or were reconciled, `tokens` only where they
    were walked apart from the pages. `total` compares the
    total at the end, else the one at the start, with `stored`, else with the records committed.
    What the server no longer shows, and what it deleted since the previous run, is told and leaves
    the verdict alone: nothing is ever removed from a store because of it.
*/
[[nodiscard]] audit_report audit(const audit_facts& facts);

}  // namespace catena
