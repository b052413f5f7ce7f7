#pragma once

#include <catena/core/audit.hpp>

#include <vector>

namespace catena::core {

/** Where the chains and gaps of a dataset lie, as a strip to be drawn.

    Under one rule, bounded on both sides, each has the share of keys that it covers; else each
   chain has the same width, in the order given, and gaps come last. More than 400 become 400, each
   with the worst state that lies there.
*/
[[nodiscard]] std::vector<audit_stretch> picture_of(const audit_facts& facts,
                                                    const std::vector<audit_gap>& gaps);

}  // namespace catena::core
