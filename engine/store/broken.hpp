#pragma once

#include <catena/diagnostics.hpp>

#include <string>

namespace catena::storage {

/// What helps against a failure inside a group of calls.
enum class remedy {
    wait,   ///< Undo the group and try it again: no space, another program's lock.
    call,   ///< One call cannot be done; nothing of it was.
    pages,  ///< The sink failed: its pages fail, the other calls are done without them.
    end,    ///< Nothing more is written.
};

/// Thrown inside the layer only.
struct broken {
    diagnostics why;
    remedy by = remedy::end;
};

[[nodiscard]] diagnostics story(errc code, std::string what, std::string mend = {});

/// @throws failure
[[noreturn]] void refuse(errc code, std::string what, std::string mend = {});

/// What an errno says, in words.
[[nodiscard]] std::string in_words(int error_number);

/// Whether an errno says that there is no room: disk, quota or the process's own limit.
[[nodiscard]] bool is_no_space(int error_number) noexcept;

}  // namespace catena::storage
