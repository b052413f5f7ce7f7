#include "net/no_proxy.hpp"

#include "net/octets.hpp"
#include <catena/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <span>
#include <system_error>
#include <utility>

namespace catena::net {

namespace ip = boost::asio::ip;

namespace {

std::string in_lower_case(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return out;
}

template <class Number>
bool read_number(std::string_view text, Number least, Number most, Number& out)
{
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, out);
    return ec == std::errc() && stop == end && out >= least && out <= most;
}

unsigned width(const ip::address& a) { return a.is_v4() ? 32 : 128; }

bool same_bits(std::span<const unsigned char> a, std::span<const unsigned char> b, unsigned bits)
{
    const std::size_t whole = bits / 8;
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin()))
        return false;
    const unsigned rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool in_block(const ip::address& a, const ip::address& block, unsigned bits)
{
    if (a.is_v4() != block.is_v4()) return false;
    if (a.is_v4()) return same_bits(a.to_v4().to_bytes(), block.to_v4().to_bytes(), bits);
    return same_bits(a.to_v6().to_bytes(), block.to_v6().to_bytes(), bits);
}

// "host.", with the root named, is the same host.
std::string_view without_root(std::string_view name)
{
    if (name.ends_with('.')) name.remove_suffix(1);
    return name;
}

}  // namespace

bool read_address(std::string_view text, ip::address& out)
{
    error_code ec;
    out = ip::make_address(text, ec);
    if (ec || (out.is_v6() && out.to_v6().scope_id() != 0)) return false;
    if (out.is_v6() && out.to_v6().is_v4_mapped())
        out = ip::make_address_v4(ip::v4_mapped, out.to_v6());
    return true;
}

bool is_loopback_host(std::string_view host)
{
    ip::address a;
    if (read_address(host, a)) return a.is_loopback();
    const std::string name = in_lower_case(without_root(host));
    return name == "localhost" || name.ends_with(".localhost");
}

std::string bypass_list::add(std::string_view list)
{
    const auto parts = [](char c) { return c == ',' || is_blank(c); };
    std::string bad;
    while (!list.empty()) {
        const auto stop = std::find_if(list.begin(), list.end(), parts);
        const auto n = static_cast<std::size_t>(stop - list.begin());
        const std::string_view text = list.substr(0, n);
        list.remove_prefix(std::min(n + 1, list.size()));
        if (text.empty()) continue;
        if (!add_entry(text) && bad.empty()) bad = text;
    }
    return bad;
}

bool bypass_list::add_entry(std::string_view text)
{
    if (text == "*") {
        all_ = true;
        return true;
    }
    entry e;
    if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
        if (!read_address(text.substr(0, slash), e.address)) return false;
        if (!read_number(text.substr(slash + 1), 0u, width(e.address), e.bits)) return false;
        entries_.push_back(std::move(e));
        return true;
    }

    ip::address whole;
    const bool bare_v6 = read_address(text, whole);
    if (const std::size_t colon = text.rfind(':');
        !bare_v6 && colon != std::string_view::npos && !text.ends_with(']')) {
        if (!read_number<std::uint16_t>(text.substr(colon + 1), 1, 65535, e.port)) return false;
        text = text.substr(0, colon);
    }
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);

    if (read_address(text, e.address)) {
        e.bits = width(e.address);
    } else {
        if (text.starts_with("*.")) text.remove_prefix(1);
        if (text.starts_with('.')) text.remove_prefix(1);
        e.name = in_lower_case(without_root(text));
        if (e.name.empty() || e.name.find_first_of(":/[]*@") != std::string::npos) return false;
    }
    entries_.push_back(std::move(e));
    return true;
}

bool bypass_list::covers(const origin& to) const
{
    if (all_) return true;
    if (entries_.empty()) return false;
    ip::address address;
    const bool literal = read_address(to.host, address);
    const std::string host = in_lower_case(without_root(to.host));
    const auto fits = [&](const entry& e) {
        if (e.port != 0 && e.port != to.port) return false;
        if (e.name.empty()) return literal && in_block(address, e.address, e.bits);
        if (literal || !host.ends_with(e.name)) return false;
        return host.size() == e.name.size() || host[host.size() - e.name.size() - 1] == '.';
    };
    return std::any_of(entries_.begin(), entries_.end(), fits);
}

}  // namespace catena::net
