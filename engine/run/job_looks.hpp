#pragma once

#include "core/id_spans.hpp"
#include "core/key_census.hpp"
#include "run/job_task.hpp"
#include <catena/core/audit_facts.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace catena {

/// What a job's rows say of the looks that it has taken, and what the store's keys say.
struct job_looks {
    struct tally {
        std::uint64_t asked = 0;
        std::uint64_t open = 0;          // of them, not at their end
        std::uint64_t found = 0;         // records that the store lacked, and has by now
        core::id_spans ended;            // of holes: where
        std::vector<audit_gap> lacking;  // where there was something that the store lacked
        std::string trouble;             // of the first that failed in this run, in words
    };

    std::size_t passes = 0, queries = 0;   // begun in this run: over all of it, over holes
    bool given_up = false;                 // in this run: the others would fail likewise
    std::uint64_t chains = 0;              // of any kind
    std::uint64_t open = 0;                // of them, not at their end
    std::vector<range> parts;              // of the dataset, by the chains that fetch
    std::map<std::uint64_t, tally> again;  // by pass
    tally holes, spots;
    std::optional<core::key_census> keys;  // nothing: to be counted anew
};

}  // namespace catena
