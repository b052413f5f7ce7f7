#include "net/response_reader.hpp"
#include "net/tunnel.hpp"
#include "net/tunnel_kinds.hpp"
#include <catena/net/transport.hpp>

#include <string>
#include <utility>

namespace catena::net {
namespace {

std::string authority(const origin& to)
{
    const bool v6 = to.host.find(':') != std::string::npos;
    return (v6 ? '[' + to.host + ']' : to.host) + ':' + std::to_string(to.port);
}

// Answers of a proxy in trouble. All others say what it will say again.
bool may_pass(int status)
{
    return status == 408 || status == 425 || status == 429 || status == 500 || status == 502 ||
           status == 503 || status == 504;
}

class http_tunnel final : public tunnel, private response_receiver {
public:
    http_tunnel(const proxy& by, const origin& to, const intake_limits& limits)
        : tunnel(by), by_(by), reader_(limits)
    {
        const std::string host = authority(to);
        std::string text = "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n";
        if (by.has_credentials)
            text.append("Proxy-Authorization: ").append(by.basic().reveal()).append("\r\n");
        send(text + "\r\n");
        reader_.expect(response_reader::body_rule::tunnel);
    }

private:
    std::size_t take(std::string_view octets) override
    {
        const std::size_t taken = reader_.feed(octets, *this);
        if (reader_.failed()) {
            on_unread();
        } else if (reader_.done()) {
            on_answer();
        }
        return taken;
    }

    error_code on_head(const response_head& head) override
    {
        status_ = head.status;
        basic_ = basic_taken(head);
        return error_code();
    }

    error_code on_body(std::string_view) override { return error_code(); }

    void on_unread()
    {
        const bool tls = reader_.error() == errc::not_tls;
        fail(tls ? errc::proxy_refused : errc::proxy_failed,
             tls ? "expects TLS itself, which is not spoken to proxies here; name its plain port"
                 : "answers what is not HTTP (" + reader_.detail() +
                       "); check the scheme of its URL");
    }

    void on_answer()
    {
        if (status_ / 100 == 2) return open();
        if (status_ == 407) return fail(errc::proxy_refused, wants_credentials(by_, basic_));
        fail(may_pass(status_) ? errc::proxy_failed : errc::proxy_refused,
             "answered CONNECT with status " + std::to_string(status_) +
                 (may_pass(status_) ? ": it did not reach the origin"
                                    : ": it does not lead there; let it, or name the host in "
                                      "no_proxy"));
    }

    const proxy& by_;
    response_reader reader_;
    int status_ = 0;
    bool basic_ = false;
};

}  // namespace

std::unique_ptr<tunnel> make_http_tunnel(const proxy& by, const origin& to,
                                         const intake_limits& limits)
{
    return std::make_unique<http_tunnel>(by, to, limits);
}

std::string wants_credentials(const proxy& by, bool basic_taken)
{
    if (!basic_taken)
        return "answered 407: it takes credentials in no way that is known here (Basic)";
    return by.has_credentials
               ? "answered 407: it does not accept the user and password in its URL"
               : "answered 407: it asks for a user and password; put them into its URL";
}

bool basic_taken(const response_head& head)
{
    bool asked = false;
    for (const header_view& h : head.headers) {
        if (!equal_ignoring_case(h.name, "proxy-authenticate")) continue;
        asked = true;
        if (equal_ignoring_case(h.value.substr(0, 5), "basic")) return true;
    }
    return !asked;
}

}  // namespace catena::net
