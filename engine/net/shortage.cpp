#include "net/shortage.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/system/errc.hpp>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace catena::net {

namespace asio = boost::asio;
namespace sys = boost::system::errc;

bool is_out_of_files(error_code ec)
{
    return ec == sys::too_many_files_open || ec == sys::too_many_files_open_in_system;
}

bool is_out_of_ports(error_code ec, const asio::ip::tcp::endpoint& to)
{
    if (ec != sys::address_not_available) return false;
    const asio::ip::udp::endpoint probe(to.address(), to.port());
    const int fd = ::socket(probe.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const bool reachable = ::connect(fd, probe.data(), static_cast<socklen_t>(probe.size())) == 0;
    ::close(fd);
    return reachable;
}

std::string describe_shortage(error_code ec)
{
    if (ec == sys::too_many_files_open_in_system)
        return "the system can open no more files (fs.file-max)";
    if (ec == sys::address_not_available)
        return "no local port is free for a new connection (net.ipv4.ip_local_port_range)";
    rlimit most{};
    std::string number = "as many";
    if (::getrlimit(RLIMIT_NOFILE, &most) == 0) number = std::to_string(most.rlim_cur);
    return "this process may have no more files open than " + number + " (RLIMIT_NOFILE)";
}

}  // namespace catena::net
