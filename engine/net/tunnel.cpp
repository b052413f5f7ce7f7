#include "net/tunnel.hpp"

#include <utility>

namespace catena::net {

void tunnel::send(std::string text)
{
    out_ = std::move(text);
    next_ = step::send;
}

void tunnel::fail(errc e, const std::string& what)
{
    next_ = step::failed;
    error_ = e;
    detail_ = named_ + ' ' + what;
}

void tunnel::on_sent()
{
    if (next_ != step::send) return;
    out_.clear();
    next_ = step::receive;
}

void tunnel::on_octets(std::string_view octets)
{
    if (next_ == step::failed || octets.empty()) return;
    const std::size_t taken = next_ == step::receive ? take(octets) : 0;
    if (next_ != step::failed && taken < octets.size())
        fail(errc::proxy_failed, "sent octets before it was asked for any");
}

void tunnel::on_broken(const error_code& why)
{
    if (next_ == step::open || next_ == step::failed) return;
    fail(errc::proxy_failed, "ended the connection before it led to the origin" +
                                 (why ? ": " + why.message() : std::string()));
}

}  // namespace catena::net
