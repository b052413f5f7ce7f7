#pragma once

#include <string>
#include <vector>

namespace catena::testing {

/** What this program's resolver answers; no name leaves the machine.

    "stuck.test" and names that end in ".stuck.test" keep the resolver's thread until
    release_stuck_names(), or for ever.
*/
void set_name(const std::string& name, const std::vector<std::string>& addresses);

/// From now on the name is not resolved, with that error of getaddrinfo and that errno.
void fail_name(const std::string& name, int failure, int number);

/// How often that name was looked up.
[[nodiscard]] int lookups_of(const std::string& name);

void release_stuck_names();
void hold_stuck_names();

}  // namespace catena::testing
