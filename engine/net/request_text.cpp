#include "net/request_text.hpp"

#include "net/octets.hpp"

#include <algorithm>
#include <string_view>

namespace catena::net {
namespace {

bool splits_a_line(char c) noexcept { return is_control(c) && c != '\t'; }

bool splits_a_target(char c) noexcept { return is_control(c) || c == ' '; }

bool splits_a_host(char c) noexcept
{
    return splits_a_target(c) || std::string_view("/?#@[]\\").find(c) != std::string_view::npos;
}

bool belongs_to_the_transport(std::string_view name) noexcept
{
    for (std::string_view ours : {"host", "content-length", "connection", "transfer-encoding"})
        if (equal_ignoring_case(name, ours)) return true;
    return false;
}

// A server may wait for the length of a body that these methods could have.
bool announces_a_body(const http_request& ask) noexcept
{
    return !ask.body.empty() || ask.method == "POST" || ask.method == "PUT" ||
           ask.method == "PATCH";
}

}  // namespace

std::string fault_of(const http_request& ask)
{
    if (!is_token(ask.method)) return "the method is not a token";
    if (ask.target.empty() || ask.target.front() != '/')
        return "the request target does not start with /";
    if (std::any_of(ask.target.begin(), ask.target.end(), splits_a_target))
        return "the request target holds a space or a control octet";
    if (ask.to.host.empty()) return "the host is empty";
    if (std::any_of(ask.to.host.begin(), ask.to.host.end(), splits_a_host))
        return "the host holds an octet that no host has";
    for (const header_field& h : ask.headers) {
        if (!is_token(h.name)) return "the name of a header field is not a token";
        if (belongs_to_the_transport(h.name))
            return "the header field " + h.name + " is the transport's own";
        if (std::any_of(h.value.begin(), h.value.end(), splits_a_line))
            return "the value of the header field " + h.name + " holds a control octet";
    }
    return std::string();
}

void write_request(const http_request& ask, std::string& out, const proxy* forwarder)
{
    const bool v6 = ask.to.host.find(':') != std::string::npos;
    const bool authorised = forwarder != nullptr && forwarder->has_credentials;
    out.clear();
    out.append(ask.method).append(" ").append(forwarder ? to_text(ask.to) : std::string());
    out.append(ask.target).append(" HTTP/1.1\r\nHost: ");
    out.append(v6 ? "[" : "").append(ask.to.host).append(v6 ? "]" : "");
    if (ask.to.port != (ask.to.tls ? 443 : 80)) out.append(":").append(std::to_string(ask.to.port));
    out.append("\r\n");
    if (authorised)
        out.append("Proxy-Authorization: ").append(forwarder->basic().reveal()).append("\r\n");
    for (const header_field& h : ask.headers)
        if (!authorised || !equal_ignoring_case(h.name, "Proxy-Authorization"))
            out.append(h.name).append(": ").append(h.value).append("\r\n");
    if (announces_a_body(ask))
        out.append("Content-Length: ").append(std::to_string(ask.body.size())).append("\r\n");
    out.append("\r\n").append(ask.body);
}

}  // namespace catena::net
