#pragma once

#include <stdexcept>
#include <string>

namespace command {

/// The disk does not do what is asked of it: exit code 8.
class disk_failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/** Write a file that is there whole or not at all: under another name first, then renamed.
    @throws disk_failure that says why; what it began is removed.
*/
void write_whole(const std::string& path, const std::string& text);

}  // namespace command
