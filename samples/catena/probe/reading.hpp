#pragma once

#include "page.hpp"
#include <catena/connector.hpp>

#include <string>

namespace probe {

/** Why the reader that a run uses would not read a page as it was understood here, or "".

    @param leads_on The page must have a token, or a flag that says "more".
*/
[[nodiscard]] std::string flaw_in_reading(const catena::connector& c, const page& p, bool leads_on);

}  // namespace probe
