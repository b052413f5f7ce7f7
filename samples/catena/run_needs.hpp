#pragma once

#include "words.hpp"
#include <catena/connector.hpp>
#include <catena/core/audit.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/range.hpp>

#include <string>

namespace command {

/// What --from and --to cut out of a dataset; empty: all of it.
/// @throws std::invalid_argument for borders that are none of the connector's range.
[[nodiscard]] catena::range wanted_part(const catena::connector& c, const run_words& words);

/// How long a run waits for a server that says so; all else as the library has it.
/// @throws std::invalid_argument for a span that is none.
[[nodiscard]] catena::chain_limits patience_of(const run_words& words);

/// @throws std::invalid_argument if no report can be written there. Empty: none is wanted.
void require_report(const std::string& path);

/// As the ending says.
void write_report(const std::string& path, const catena::audit_report& r);

}  // namespace command
