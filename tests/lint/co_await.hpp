#pragma once

#include "lint/tree.hpp"

#include <string_view>
#include <vector>

namespace catena::lint {

/** Statements with co_await that g++ 12 may compile wrongly.

    It destroys aggregates and closures twice that are written inside a co_await expression, without
    a warning. Refused in a statement with co_await, however many lines it has: braces, lambdas and
    `?:`. Types are unknown here, so harmless uses are refused too: name the value first.
*/
[[nodiscard]] std::vector<finding> check_co_await(const std::string& path, std::string_view code);

}  // namespace catena::lint
