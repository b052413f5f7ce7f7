// layer: run
#pragma once

#include <catena/observer.hpp>

#include <cstdint>

namespace catena {

/** Where one chain of a job stands: for whoever shows it, see job_options::on_chain.

    Places are shares of the whole that the job fetches, 0 to 1, so that no key is told. They are
    there where the connector has one `range`, not of `values`, whose bounds are known on both
    sides, or the first key in place of the lower one; else all four are 0.
*/
struct job_chain {
    enum class state {
        walking,  ///< A worker has it.
        ended,    ///< Complete.
        stopped,  ///< It cannot go on by itself.
        left,     ///< Given back, or another process has it.
    };

    std::uint64_t id = 0;  ///< In its store, from 1.
    chain_id walk{};       ///< As events of the observer name it; 0: it asks for nothing any more.
    state is = state::walking;
    bool looks = false;         ///< It asks again, for the audit, for what another one has asked.
    std::uint64_t pages = 0;    ///< Committed since this run has begun to walk it.
    std::uint64_t records = 0;  ///< Likewise.
    double from = 0, to = 0;    ///< What of the whole is its own; a division shortens it.
    double done_from = 0, done_to = 0;  ///< What of that is committed, of all runs.
};

}  // namespace catena
