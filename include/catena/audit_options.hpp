// layer: run
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace catena {

/** How closely a job looks at its own outcome once all of its chains have ended.

    All of it needs records with a key, and a store whose records can be read back
    (job_row::readable); for `passes` it is enough that the store knows their keys
    (job_row::knows_keys). What a look finds that the store lacks is stored, as one more page of the
    job, and told. Every request of it passes the budget as all do.
*/
struct audit_options {
    audit_options() {}

    bool on = true;  ///< False: only what the chains themselves tell is judged.

    /// Where the connector has a total of records: ask the server for it, once every chain has
    /// ended. False: the one that an earlier run was told is compared, if there is one.
    bool asks_total = true;

    /** Where pages are counted (offsets, page numbers): how often at most the dataset is walked
        again, until a walk finds nothing that is not stored. 0: never.

        A record that goes moves all that stand behind it, and one of them slips past a page's
        border unseen. Nothing but another walk can tell.
    */
    std::size_t passes = 3;

    /// Where ids follow one another: how many queries at most, in one run, ask for ids that are
    /// not in the store. Holes that lie close together share one. 0: none.
    std::size_t holes = 1'000;

    /// Places to ask for once more: both ends, borders between chains, stored keys by chance.
    /// Nothing: one for each 100 pages, from 4 to 120. 0: none.
    std::optional<std::size_t> spots;

    /// Of the records of job_options::previous, the share by which this job may have fewer.
    double most_shrinking = 0.1;

    std::uint64_t seed = 1;  ///< The same seed picks the same places.
};

}  // namespace catena
