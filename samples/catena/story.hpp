#pragma once

#include <catena/diagnostics.hpp>

#include <string>

namespace command {

/// What the story of a failure may count on.
enum class prospect {
    resumes,      ///< The same command goes on from a checkpoint.
    begins_anew,  ///< Nothing is kept.
};

/** A failure's story in the words of the command.

    What to mend is told by options of the command and members of the connector file, never by
    settings of the library, and a checkpoint is named only where there is one.
*/
[[nodiscard]] std::string story_of(catena::diagnostics why, prospect then);

}  // namespace command
