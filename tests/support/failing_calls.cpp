#include "support/failing_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace catena::testing {

std::atomic<int> failing_calls::fdatasync = -1;
std::atomic<int> failing_calls::pwrite = -1;
std::atomic<unsigned> failing_calls::short_writes = 0;

namespace {

bool fails(std::atomic<int>& lever)
{
    if (lever < 0 || lever-- != 0) return false;
    errno = EIO;
    return true;
}

}  // namespace

}  // namespace catena::testing

using catena::testing::failing_calls;

// They stand in for the C library's, also where SQLite calls them.
extern "C" int fdatasync(int file)
{
    if (catena::testing::fails(failing_calls::fdatasync)) return -1;
    return static_cast<int>(::syscall(SYS_fdatasync, file));
}

extern "C" ssize_t pwrite(int file, const void* octets, size_t size, off_t at)
{
    static std::atomic<unsigned> calls = 0;
    if (catena::testing::fails(failing_calls::pwrite)) return -1;
    if (failing_calls::short_writes != 0) {
        if (++calls % 2 == 0) {
            errno = EINTR;
            return -1;
        }
        size = std::min<size_t>(size, failing_calls::short_writes);
    }
    return ::syscall(SYS_pwrite64, file, octets, size, at);
}
