#pragma once

#include "lint/tree.hpp"

#include <vector>

namespace catena::lint {

/** The direction of the arrows between layers.

    A public header's layer stands in its first line, a source's in its folder. Finds includes that
    go upward or sideways, libraries that a layer may not use, libraries in public headers that
    their users should not pay for, private headers where only public ones belong, and circles.
*/
[[nodiscard]] std::vector<finding> check_layers(const tree& files);

}  // namespace catena::lint
