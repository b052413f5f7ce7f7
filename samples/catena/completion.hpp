#pragma once

#include <optional>
#include <string>
#include <vector>

namespace command {

/// One word behind `catena`, for shells that complete words.
struct spelled_command {
    std::string name, about;
    std::vector<std::string> options;  ///< "--output", "-o".
};

/// What a shell has to read so that it completes the command's words; nothing for an unknown shell.
/// @param shell "bash", "zsh" or "fish".
[[nodiscard]] std::optional<std::string> completion_for(const std::string& shell,
                                                        const std::vector<spelled_command>& all);

}  // namespace command
