#pragma once

#include <string>
#include <vector>

namespace catena::testing {

/** What this program's resolver answers; no name leaves the machine.

    "stuck.test" keeps the resolver's thread until release_stuck_names().
*/
void set_name(const std::string& name, const std::vector<std::string>& addresses);

void release_stuck_names();
void hold_stuck_names();

}  // namespace catena::testing
