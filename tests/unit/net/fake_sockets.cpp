#include "fake_sockets.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <map>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace catena::testing {
namespace {

std::optional<short_machine::lack> lacking;
std::size_t allowed = 0;
int refused = 0;
std::map<int, ino_t> made;  // by file descriptor

std::optional<in_addr_t> detoured;
int connects_seen = 0;
int detours_taken = 0;

std::optional<ino_t> inode_of(int fd)
{
    struct stat what {};
    if (::fstat(fd, &what) != 0) return std::nullopt;
    return what.st_ino;
}

// Sockets that were made while it was short, and are still open.
std::size_t alive()
{
    std::erase_if(made, [](const auto& m) { return inode_of(m.first) != m.second; });
    return made.size();
}

bool refuses(int number)
{
    ++refused;
    errno = number;
    return true;
}

bool is_stream(int fd)
{
    int type = 0;
    socklen_t size = sizeof(type);
    return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

bool no_socket()
{
    using lack = short_machine::lack;
    if (alive() < allowed) return false;
    if (lacking == lack::files) return refuses(EMFILE);
    return lacking == lack::system_files && refuses(ENFILE);
}

bool no_way(int fd)
{
    using lack = short_machine::lack;
    const bool stream = is_stream(fd);
    if (lacking == lack::addresses) return refuses(EADDRNOTAVAIL);
    return lacking == lack::ports && stream && alive() > allowed && refuses(EADDRNOTAVAIL);
}

}  // namespace

short_machine::short_machine(lack what, std::size_t most)
{
    lacking = what;
    allowed = most;
    refused = 0;
    made.clear();
}

short_machine::~short_machine() { lacking.reset(); }

void short_machine::allow(std::size_t most) { allowed = most; }

int short_machine::refusals() const { return refused; }

detour::detour(const char* from)
{
    detoured = ::inet_addr(from);
    connects_seen = detours_taken = 0;
}

detour::~detour() { detoured.reset(); }

int detour::connects() const { return connects_seen; }

int detour::taken() const { return detours_taken; }

}  // namespace catena::testing

// Stand before the C library's: the linker takes the program's own definitions first.
extern "C" int socket(int family, int type, int protocol) noexcept
{
    using namespace catena::testing;
    const bool stream = (type & SOCK_STREAM) != 0 && (type & SOCK_DGRAM) == 0;
    if (lacking && stream && no_socket()) return -1;
    const int fd = static_cast<int>(::syscall(SYS_socket, family, type, protocol));
    if (lacking && stream && fd >= 0) made[fd] = *inode_of(fd);
    return fd;
}

extern "C" int connect(int fd, const sockaddr* to, socklen_t size)
{
    using namespace catena::testing;
    if (lacking && no_way(fd)) return -1;
    if (!detoured || !is_stream(fd)) return static_cast<int>(::syscall(SYS_connect, fd, to, size));

    ++connects_seen;
    sockaddr_in there{};
    if (to->sa_family == AF_INET) {
        std::memcpy(&there, to, sizeof(there));
        if (there.sin_addr.s_addr == *detoured) {
            ++detours_taken;
            there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            return static_cast<int>(::syscall(SYS_connect, fd, &there, sizeof(there)));
        }
    }
    return static_cast<int>(::syscall(SYS_connect, fd, to, size));
}
