#pragma once

#include <atomic>

namespace catena::testing {

/** Levers of two system calls, which the test program replaces for its whole process.

    Each counts down with every call; the call that finds 0 fails with EIO. Negative: never.
*/
struct failing_calls {
    static std::atomic<int> fdatasync;
    static std::atomic<int> pwrite;
    /// pwrite writes so many octets at most, and every second call is interrupted. 0: as ever.
    static std::atomic<unsigned> short_writes;
};

}  // namespace catena::testing
