#pragma once

#include <catena/catena.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/// What came of a whole walk.
struct walked {
    std::vector<std::string> records;
    std::uint64_t pages = 0;
    diagnostics why;  ///< Its code is empty when the walk was complete.
};

/// Walk `c` to its end over real sockets, on an io_context of its own.
walked walk(const connector& c, engine_options options = {}, chain_limits limits = {});

/// Go on from a checkpoint.
walked walk_from(const connector& c, const checkpoint& from, engine_options options = {},
                 chain_limits limits = {});

}  // namespace catena::testing
