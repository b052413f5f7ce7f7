#pragma once

#include <catena/core/audit.hpp>
#include <catena/error.hpp>

namespace command {

/// What the command's end says to scripts. Stable: they stand in README and in the man page.
enum exit_code : int {
    done = 0,
    internal = 1,
    usage = 2,     ///< The words of the command, or the connector file.
    stopped = 3,   ///< Early, and resumable.
    refused = 4,   ///< By the API.
    network = 5,   ///< Or the server, after all retries.
    unproven = 6,  ///< Fetched, but the audit does not say "complete".
    drift = 7,     ///< The description and the server disagree.
    disk = 8,      ///< Or the store on it.
    interrupted = 130,
    pipe_closed = 141,
};

/// How a run that failed ends.
[[nodiscard]] exit_code code_of(const catena::error_code& failure) noexcept;

/// How a run that came to its end ends. @param lenient What is merely not proven is well enough.
[[nodiscard]] exit_code code_of(catena::verdict is, bool lenient) noexcept;

}  // namespace command
