#include "net/proxy.hpp"

#include "core/base64.hpp"
#include "net/octets.hpp"
#include <catena/error.hpp>

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace catena::net {

namespace asio = boost::asio;

namespace {

constexpr std::string_view forms =
    "write it as http://, socks5:// or socks5h:// and [user:password@]host:port";

std::optional<unsigned> hex_digit(char c)
{
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    const char l = static_cast<char>(c | 0x20);
    if (l >= 'a' && l <= 'f') return static_cast<unsigned>(l - 'a' + 10);
    return std::nullopt;
}

// Controls have no place in credentials (RFC 7617, section 2), and could split a line.
bool decode(std::string_view text, std::string& out)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3) return false;
            const auto high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
            if (!high || !low) return false;
            c = static_cast<char>(*high << 4 | *low);
            i += 2;
        }
        if (is_control(c)) return false;
        out += c;
    }
    return true;
}

const char* read_scheme(std::string_view& url, proxy& p)
{
    const std::size_t mark = url.find("://");
    const std::string_view scheme = url.substr(0, mark == std::string_view::npos ? 0 : mark);
    if (mark != std::string_view::npos) url.remove_prefix(mark + 3);
    using protocol = proxy::protocol;
    p.at.port = 1080;
    if (equal_ignoring_case(scheme, "socks5")) {
        p.speaks = protocol::socks5;
    } else if (equal_ignoring_case(scheme, "socks5h")) {
        p.speaks = protocol::socks5h;
    } else if (scheme.empty() || equal_ignoring_case(scheme, "http")) {
        p.speaks = protocol::http;
        p.at.port = 80;
    } else {
        return "its scheme is unknown here";
    }
    return nullptr;
}

const char* read_credentials(std::string_view text, proxy& p)
{
    const std::size_t colon = std::min(text.find(':'), text.size());
    std::string user, password;
    const bool good = decode(text.substr(0, colon), user) &&
                      decode(text.substr(std::min(colon + 1, text.size())), password);
    if (!good) return "user or password hold a control octet, or a % that encodes nothing";
    if (p.speaks == proxy::protocol::http) {
        if (user.find(':') != std::string::npos) return "the user's name holds a colon";
    } else if (user.empty() || user.size() > 255 || password.empty() || password.size() > 255) {
        return "SOCKS5 takes 1 to 255 octets for each of user and password";
    }
    p.has_credentials = true;
    p.user = secret(std::move(user));
    p.password = secret(std::move(password));
    return nullptr;
}

const char* read_host(std::string_view text, proxy& p)
{
    const std::size_t close = text.rfind(']');
    const std::size_t colon = text.find(':', close == std::string_view::npos ? 0 : close);
    std::string_view host = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        std::uint32_t port = 0;
        const std::string_view digits = text.substr(colon + 1);
        for (char c : digits)
            port =
                is_digit(c) && port <= 65535 ? port * 10 + static_cast<unsigned>(c - '0') : 65536;
        if (digits.empty() || port == 0 || port > 65535) return "its port is none";
        p.at.port = static_cast<std::uint16_t>(port);
    }
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
        error_code ec;
        asio::ip::make_address_v6(host, ec);
        if (ec) return "what stands in brackets is no IPv6 address";
    } else if (host.find_first_of("[]:%\\") != std::string_view::npos) {
        return "its host is none";
    }
    const auto unfit = [](char c) { return is_control(c) || c == ' '; };
    if (host.empty() || host.size() > 255 || std::any_of(host.begin(), host.end(), unfit))
        return "its host is none";
    p.at.host = host;
    for (char& c : p.at.host)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return nullptr;
}

}  // namespace

std::string proxy::named() const
{
    const bool v6 = at.host.find(':') != std::string::npos;
    return std::string("the proxy ") + (v6 ? "[" : "") + at.host + (v6 ? "]:" : ":") +
           std::to_string(at.port);
}

secret proxy::basic() const
{
    std::string both(user.reveal());
    both += ':';
    both += password.reveal();
    return secret("Basic " + core::to_base64(both));
}

std::optional<proxy> parse_proxy(std::string_view url, std::string& flaw)
{
    proxy p;
    const char* wrong = read_scheme(url, p);
    const std::size_t end = url.find_first_of("/?#");
    const std::string_view rest = end == std::string_view::npos ? "" : url.substr(end);
    if (!wrong && !rest.empty() && rest != "/") wrong = "something follows its host and port";
    url = url.substr(0, end);
    const std::size_t at = url.rfind('@');
    if (!wrong && at != std::string_view::npos) wrong = read_credentials(url.substr(0, at), p);
    if (!wrong) wrong = read_host(url.substr(at == std::string_view::npos ? 0 : at + 1), p);
    if (!wrong) return p;
    flaw = std::string(wrong) + "; ";
    flaw += forms;
    return std::nullopt;
}

proxy_choice::proxy_choice(const proxy_rules& rules, const variables& ask)
{
    if (const std::string bad = direct_.add(rules.no_proxy); !bad.empty())
        throw std::invalid_argument("proxy_rules::no_proxy has an entry that is none: " + bad);
    if (rules.url.empty()) {
        if (rules.from_environment) read_environment(ask);
        return;
    }
    std::string flaw;
    plain_.by = parse_proxy(rules.url, flaw);
    if (!plain_.by) throw std::invalid_argument("proxy_rules::url is no URL of a proxy: " + flaw);
    secure_ = plain_;
    loopback_too_ = true;
}

void proxy_choice::read_environment(const variables& ask)
{
    const auto read = [&](rule& r, std::initializer_list<const char*> names) {
        for (const char* name : names) {
            const std::string url = ask(name);
            if (url.empty()) continue;
            std::string flaw;
            r.by = parse_proxy(url, flaw);
            if (!r.by)
                r.fault = std::string("the environment variable ") + name +
                          " holds no URL of a proxy: " + flaw;
            return;
        }
    };
    read(plain_, {"http_proxy", "all_proxy", "ALL_PROXY"});
    read(secure_, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    for (const char* name : {"no_proxy", "NO_PROXY"}) {
        const std::string list = ask(name);
        if (list.empty()) continue;
        // Other programs have words of their own there, such as <local>; they are not ours to
        // judge.
        (void)direct_.add(list);
        return;
    }
}

proxy_choice::way proxy_choice::to(const origin& o) const
{
    way w;
    const rule& r = o.tls ? secure_ : plain_;
    if (!r.by && r.fault.empty()) return w;
    if (!loopback_too_ && is_loopback_host(o.host)) return w;
    if (direct_.covers(o)) return w;
    w.fault = r.fault;
    if (w.fault.empty()) w.through = &*r.by;
    return w;
}

}  // namespace catena::net
