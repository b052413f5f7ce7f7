#include "net/tunnel_kinds.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;

namespace {

// The octets of RFC 1928 and RFC 1929.
constexpr char version = 5;
constexpr char password_version = 1;
constexpr char without_credentials = 0;
constexpr char by_password = 2;
constexpr char no_method = '\xff';
constexpr char connect_command = 1;
constexpr char address_v4 = 1;
constexpr char name = 3;
constexpr char address_v6 = 4;

struct refusal {
    char code;
    errc as;
    const char* words;
};

constexpr refusal refusals[] = {
    {1, errc::proxy_failed, "failed, and does not say why (1)"},
    {2, errc::proxy_refused, "does not lead there by its rules (2)"},
    {3, errc::proxy_failed, "has no way to the origin's network (3)"},
    {4, errc::proxy_failed, "cannot reach the origin's host (4)"},
    {5, errc::proxy_failed, "was refused by the origin's host (5)"},
    {6, errc::proxy_failed, "got no answer of the origin's host in time (6)"},
    {7, errc::proxy_refused, "does not know the command CONNECT (7)"},
    {8, errc::proxy_refused,
     "does not know this kind of address (8); try the scheme socks5h, "
     "where it resolves names, or else socks5"},
};

std::string sized(std::string_view text) { return char(text.size()) + std::string(text); }

template <class Octets>
std::string address(char kind, const Octets& octets)
{
    return kind + std::string(octets.begin(), octets.end());
}

class socks_tunnel final : public tunnel {
public:
    socks_tunnel(const proxy& by, const origin& to) : tunnel(by), by_(by), to_(to)
    {
        std::string greeting{version};
        greeting += by.has_credentials ? std::string{2, without_credentials, by_password}
                                       : std::string{1, without_credentials};
        send(std::move(greeting));
    }

private:
    enum class awaited { method, verdict, reply };

    // One octet at a time: what comes is short, and never must more be taken than belongs to it.
    std::size_t take(std::string_view octets) override
    {
        std::size_t taken = 0;
        while (taken < octets.size() && next() == step::receive) {
            held_ += octets[taken++];
            switch (awaited_) {
                case awaited::method: read_method(); break;
                case awaited::verdict: read_verdict(); break;
                case awaited::reply: read_reply(); break;
            }
        }
        return taken;
    }

    void read_method()
    {
        if (held_[0] != version) return junk();
        if (held_.size() < 2) return;
        if (held_[1] == without_credentials) return ask();
        if (held_[1] == by_password && by_.has_credentials)
            return go_on(awaited::verdict, password_version + sized(by_.user.reveal()) +
                                               sized(by_.password.reveal()));
        if (held_[1] != no_method) return junk();
        fail(errc::proxy_refused, by_.has_credentials
                                      ? "takes credentials in no way that is known here"
                                      : "asks for a user and password; put them into its URL");
    }

    void read_verdict()
    {
        if (held_[0] != password_version) return junk();
        if (held_.size() < 2) return;
        if (held_[1] == 0) return ask();
        fail(errc::proxy_refused, "does not accept the user and password in its URL");
    }

    void read_reply()
    {
        if (held_[0] != version) return junk();
        if (held_.size() < 2) return;
        if (held_[1] != 0) return refused(held_[1]);
        if (held_.size() < 5) return;

        // The address it goes out from: of no use, but its length tells where the reply ends.
        std::size_t size = 6;
        switch (held_[3]) {
            case address_v4: size += 4; break;
            case address_v6: size += 16; break;
            case name: size += 1 + static_cast<unsigned char>(held_[4]); break;
            default: return junk();
        }
        if (held_.size() == size) open();
    }

    void ask()
    {
        std::string text{version, connect_command, 0};
        error_code not_literal;
        const auto literal = asio::ip::make_address(to_.host, not_literal);
        if (not_literal) {
            if (to_.host.size() > 255)
                return fail(errc::proxy_refused, "can take no host name of more than 255 octets");
            text += name + sized(to_.host);
        } else if (literal.is_v4()) {
            text += address(address_v4, literal.to_v4().to_bytes());
        } else {
            text += address(address_v6, literal.to_v6().to_bytes());
        }
        text += static_cast<char>(to_.port >> 8);
        text += static_cast<char>(to_.port & 0xff);
        go_on(awaited::reply, std::move(text));
    }

    void go_on(awaited what, std::string text)
    {
        awaited_ = what;
        held_.clear();
        send(std::move(text));
    }

    void refused(char code)
    {
        for (const refusal& r : refusals)
            if (r.code == code) return fail(r.as, r.words);
        junk();
    }

    void junk() { fail(errc::proxy_failed, "does not speak SOCKS5; check the scheme of its URL"); }

    const proxy& by_;
    origin to_;
    awaited awaited_ = awaited::method;
    std::string held_;
};

}  // namespace

std::unique_ptr<tunnel> make_socks_tunnel(const proxy& by, const origin& to)
{
    return std::make_unique<socks_tunnel>(by, to);
}

std::unique_ptr<tunnel> make_tunnel(const proxy& by, const origin& to, const intake_limits& limits)
{
    if (by.speaks == proxy::protocol::http) return make_http_tunnel(by, to, limits);
    return make_socks_tunnel(by, to);
}

}  // namespace catena::net
