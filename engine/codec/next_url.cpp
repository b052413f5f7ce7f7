#include <catena/codec/next_url.hpp>

#include <boost/url/ipv6_address.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace catena {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_hex(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
    return out;
}

bool all_of(std::string_view text, bool (*is)(char) noexcept)
{
    return std::all_of(text.begin(), text.end(), is);
}

/* The parts of a reference (RFC 3986, section 3) as views into it, the fragment left out. */
struct parts {
    std::string_view scheme, authority, path, query;  // the query with its question mark
    bool has_authority = false;
};

std::optional<parts> split(std::string_view text)
{
    parts p;
    text = text.substr(0, text.find('#'));
    const std::size_t mark = text.find_first_of(":/?");
    if (mark != std::string_view::npos && text[mark] == ':') {
        p.scheme = text.substr(0, mark);
        const bool valid =
            !p.scheme.empty() && is_alpha(p.scheme[0]) &&
            std::all_of(p.scheme.begin(), p.scheme.end(), [](char c) {
                return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
            });
        if (!valid) return std::nullopt;  // the first segment of a path may not hold a colon
        text.remove_prefix(mark + 1);
    }
    if (text.starts_with("//")) {
        p.has_authority = true;
        text.remove_prefix(2);
        p.authority = text.substr(0, text.find_first_of("/?"));
        text.remove_prefix(p.authority.size());
    }
    p.path = text.substr(0, text.find('?'));
    p.query = text.substr(p.path.size());
    return p;
}

bool is_strict_ipv4(std::string_view host)
{
    for (int i = 0; i < 4; ++i) {
        const std::string_view octet = host.substr(0, host.find('.'));
        if (octet.empty() || octet.size() > 3 || !all_of(octet, is_digit)) return false;
        if (octet.size() > 1 && octet[0] == '0') return false;
        if (octet.size() == 3 && octet > "255") return false;
        host.remove_prefix(octet.size());
        if (i < 3 && !host.starts_with('.')) return false;
        if (i < 3) host.remove_prefix(1);
    }
    return host.empty();
}

/* Resolvers take 127.1, 0x7f.0.0.1 and 2130706433 for addresses. As in the URL standard of the
   browsers, the last label tells. */
bool ends_in_number(std::string_view host)
{
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string_view label = host.substr(host.rfind('.') + 1);
    if (label.starts_with("0x")) return all_of(label.substr(2), is_hex);
    return !label.empty() && all_of(label, is_digit);
}

bool is_name(std::string_view host)
{
    if (host.empty() || host.front() == '.' || host.find("..") != std::string_view::npos)
        return false;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
    });
}

struct place {
    origin where;
    url_refusal flaw = url_refusal::none;
    bool hides_address = false;
};

place refused(url_refusal why)
{
    place p;
    p.flaw = why;
    return p;
}

bool read_port(std::string_view text, std::uint16_t& port)
{
    if (text.empty()) return true;
    if (text[0] != ':') return false;
    text.remove_prefix(1);
    if (text.empty()) return true;  // RFC 3986 lets the port be empty: the scheme's own
    if (!all_of(text, is_digit)) return false;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    return ec == std::errc{} && end == text.data() + text.size() && port != 0;
}

place read_place(std::string_view scheme, std::string_view authority)
{
    place p;
    p.where.tls = equal_ignoring_case(scheme, "https");
    if (!p.where.tls && !equal_ignoring_case(scheme, "http")) return refused(url_refusal::scheme);
    p.where.port = p.where.tls ? 443 : 80;
    if (authority.find('@') != std::string_view::npos) return refused(url_refusal::userinfo);

    std::string_view rest;
    if (authority.starts_with('[')) {
        const std::size_t close = authority.find(']');
        if (close == std::string_view::npos) return refused(url_refusal::malformed);
        const std::string_view inner = authority.substr(1, close - 1);
        const auto v6 = boost::urls::parse_ipv6_address({inner.data(), inner.size()});
        if (!v6.has_value()) return refused(url_refusal::malformed);
        std::array<char, boost::urls::ipv6_address::max_str_len> room{};
        const auto canonical = v6.value().to_buffer(room.data(), room.size());
        p.where.host.assign(canonical.data(), canonical.size());
        rest = authority.substr(close + 1);
    } else {
        const std::string_view host = authority.substr(0, authority.find(':'));
        if (!is_name(host)) return refused(url_refusal::malformed);
        p.where.host = lower(host);
        p.hides_address = ends_in_number(p.where.host) && !is_strict_ipv4(p.where.host);
        rest = authority.substr(host.size());
    }
    if (!read_port(rest, p.where.port)) return refused(url_refusal::malformed);
    return p;
}

url_refusal check_octets(std::string_view text)
{
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet <= 0x20 || octet == 0x7f) return url_refusal::bad_octet;
    }
    // Browsers read a backslash as a slash and so see another host: nobody may be right here.
    if (text.find('\\') != std::string_view::npos) return url_refusal::malformed;
    return url_refusal::none;
}

// An expression of RFC 6570 that the server forgot to fill: "{?page}". Plain braces are data.
bool holds_template(std::string_view text)
{
    for (std::size_t at = text.find('{'); at != std::string_view::npos;
         at = text.find('{', at + 1)) {
        const std::string_view inner = text.substr(at + 1, text.find('}', at) - at - 1);
        if (at + 1 + inner.size() >= text.size() || inner.size() < 2) continue;
        if (std::string_view("+#./;?&").find(inner[0]) == std::string_view::npos) continue;
        const bool names = std::all_of(inner.begin() + 1, inner.end(), [](char c) {
            return is_alpha(c) || is_digit(c) || c == '_' || c == ',' || c == '*' || c == '.';
        });
        if (names) return true;
    }
    return false;
}

bool is_word_for_nothing(std::string_view text)
{
    constexpr std::array<std::string_view, 5> words{"null", "undefined", "None", "nil", "NULL"};
    return std::find(words.begin(), words.end(), text) != words.end();
}

// RFC 3986, section 5.2.4. `path` begins with a slash.
std::string without_dot_segments(std::string_view path)
{
    std::string out;
    out.reserve(path.size());
    while (!path.empty()) {
        const std::string_view segment = path.substr(0, path.find('/', 1));
        path.remove_prefix(segment.size());
        if (segment == "/..") out.erase(std::min(out.rfind('/'), out.size()));
        if (segment != "/." && segment != "/..") {
            out += segment;
        } else if (path.empty()) {
            out += '/';
        }
    }
    return out;
}

// A request line is ASCII (RFC 9112, section 3.2); the octets stay the server's in %XX.
std::string in_ascii(std::string text)
{
    const auto above = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (std::none_of(text.begin(), text.end(), above)) return text;
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            out += c;
        } else {
            out += '%';
            out += digits[octet >> 4];
            out += digits[octet & 15];
        }
    }
    return out;
}

std::string target_of(std::string_view path, std::string_view query)
{
    std::string target = path.empty() ? "/" : without_dot_segments(path);
    target += query;
    return in_ascii(std::move(target));
}

struct absolute {
    place where;
    std::string target;
    std::string_view path, query;  // into the text that was read
};

absolute read_absolute(std::string_view text)
{
    absolute a;
    a.where.flaw = check_octets(text);
    if (a.where.flaw != url_refusal::none) return a;
    const std::optional<parts> p = split(text);
    if (!p || p->scheme.empty()) {
        a.where.flaw = url_refusal::malformed;
        return a;
    }
    a.where = read_place(p->scheme, p->authority);
    if (a.where.flaw != url_refusal::none) return a;
    a.target = target_of(p->path, p->query);
    a.path = p->path;
    a.query = p->query;
    return a;
}

url_refusal decide(const origin& base, const place& to, std::span<const origin> allowed, bool& own)
{
    const origin& there = to.where;
    own = !to.hides_address && there == base;
    if (own) return url_refusal::none;
    if (to.hides_address) return url_refusal::cross_origin;

    const bool named = std::find(allowed.begin(), allowed.end(), there) != allowed.end();
    if (base.tls && !there.tls && (named || there.host == base.host)) return url_refusal::downgrade;
    if (named) return url_refusal::none;
    own = there.tls && !base.tls && there.host == base.host && base.port == 80 && there.port == 443;
    return own ? url_refusal::none : url_refusal::cross_origin;
}

}  // namespace

std::string next_url::text() const { return to_text(to) + target; }

boost::system::result<next_url> resolve_next(std::string_view base, std::string_view reference,
                                             const url_policy& policy, url_refusal& why)
{
    const auto refuse = [&why](url_refusal r) {
        why = r;
        return make_error_code(errc::next_url_refused);
    };

    if (reference.size() > policy.longest) return refuse(url_refusal::too_long);
    if (const url_refusal flaw = check_octets(reference); flaw != url_refusal::none)
        return refuse(flaw);
    if (is_word_for_nothing(reference)) return refuse(url_refusal::suspicious);
    if (holds_template(reference)) return refuse(url_refusal::malformed);

    const absolute from = read_absolute(base);
    const std::optional<parts> p = split(reference);
    if (from.where.flaw != url_refusal::none || from.where.hides_address || !p)
        return refuse(url_refusal::malformed);

    next_url out;
    place to = from.where;
    if (!p->scheme.empty() || p->has_authority) {
        to = read_place(p->scheme.empty() ? (to.where.tls ? "https" : "http") : p->scheme,
                        p->authority);
        if (to.flaw != url_refusal::none) return refuse(to.flaw);
        out.target = target_of(p->path, p->query);
    } else if (p->path.starts_with('/')) {
        out.target = target_of(p->path, p->query);
    } else if (!p->path.empty()) {
        std::string path(from.path.substr(0, from.path.rfind('/') + 1));
        if (path.empty()) path = "/";
        out.target = target_of(path.append(p->path), p->query);
    } else {
        out.target = target_of(from.path, p->query.empty() ? from.query : p->query);
    }

    // Dot segments that are gone may have joined the parts of one.
    if (holds_template(out.target)) return refuse(url_refusal::malformed);

    const url_refusal verdict = decide(from.where.where, to, policy.allowed, out.credentials);
    if (verdict != url_refusal::none) return refuse(verdict);
    out.to = std::move(to.where);
    out.same_page = out.to == from.where.where && out.target == from.target;
    if (out.text().size() > policy.longest) return refuse(url_refusal::too_long);
    why = url_refusal::none;
    return out;
}

boost::system::result<next_url> parse_url(std::string_view url)
{
    absolute a = read_absolute(url);
    if (a.where.flaw != url_refusal::none || a.where.hides_address)
        return make_error_code(errc::next_url_refused);
    next_url out;
    out.to = std::move(a.where.where);
    out.target = std::move(a.target);
    out.credentials = true;
    return out;
}

const char* to_text(url_refusal r) noexcept
{
    switch (r) {
        case url_refusal::none: return "none";
        case url_refusal::cross_origin: return "cross_origin";
        case url_refusal::downgrade: return "downgrade";
        case url_refusal::scheme: return "scheme";
        case url_refusal::userinfo: return "userinfo";
        case url_refusal::bad_octet: return "bad_octet";
        case url_refusal::malformed: return "malformed";
        case url_refusal::too_long: return "too_long";
        case url_refusal::suspicious: return "suspicious";
    }
    return "unknown";
}

}  // namespace catena
