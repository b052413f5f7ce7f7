#include "codec/set_cookie.hpp"

#include <catena/core/http.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace catena::codec {
namespace {

constexpr std::size_t longest_attribute = 1024;

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_control(char c) noexcept
{
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\t') || octet == 0x7f;
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

std::string_view cut(std::string_view& rest, char at)
{
    const std::size_t end = std::min(rest.find(at), rest.size());
    const std::string_view head = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return head;
}

wall_time saturated(std::chrono::sys_seconds t)
{
    using std::chrono::floor;
    using std::chrono::seconds;
    if (t >= floor<seconds>(wall_time::max())) return wall_time::max();
    if (t <= floor<seconds>(wall_time::min())) return wall_time::min();
    return t;
}

// Digits with a sign or without; as many as anyone likes, since for ever is a time too.
std::optional<wall_time> read_max_age(std::string_view text, wall_time now)
{
    const bool negative = text.starts_with('-');
    const std::string_view digits = text.substr(negative ? 1 : 0);
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos)
        return std::nullopt;
    std::int64_t age = 0;
    const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), age);
    if (bad != std::errc{}) age = std::numeric_limits<std::int64_t>::max();
    if (negative) return wall_time::min();
    const auto left = std::chrono::floor<std::chrono::seconds>(wall_time::max() - now).count();
    return age >= left ? wall_time::max() : now + std::chrono::seconds(age);
}

}  // namespace

std::optional<set_cookie> read_set_cookie(std::string_view field, wall_time now)
{
    if (std::any_of(field.begin(), field.end(), is_control)) return std::nullopt;

    set_cookie out;
    std::string_view pair = cut(field, ';');
    if (pair.find('=') != pair.npos) out.name = trimmed(cut(pair, '='));
    out.value = trimmed(pair);
    if (out.name.empty() && out.value.empty()) return std::nullopt;

    bool has_age = false;  // Max-Age counts above Expires, wherever it stands
    while (!field.empty()) {
        std::string_view value = cut(field, ';');
        const std::string_view name = trimmed(cut(value, '='));
        value = trimmed(value);
        if (value.size() > longest_attribute) continue;
        if (equal_ignoring_case(name, "expires")) {
            const auto date = read_cookie_date(value);
            if (date && !has_age) out.until = saturated(*date);
        } else if (equal_ignoring_case(name, "max-age")) {
            const auto until = read_max_age(value, now);
            if (until) out.until = *until;
            has_age = has_age || until.has_value();
        } else if (equal_ignoring_case(name, "domain")) {
            value.remove_prefix(value.starts_with('.') ? 1 : 0);
            out.domain.assign(value.size(), ' ');
            std::transform(value.begin(), value.end(), out.domain.begin(), lower);
        } else if (equal_ignoring_case(name, "path")) {
            out.path.reset();
            if (value.starts_with('/')) out.path = value;
        } else if (equal_ignoring_case(name, "secure")) {
            out.secure = true;
        }
    }
    return out;
}

bool path_matches(std::string_view path, std::string_view cookie_path) noexcept
{
    if (!path.starts_with(cookie_path)) return false;
    return path.size() == cookie_path.size() || cookie_path.ends_with('/') ||
           path[cookie_path.size()] == '/';
}

bool domain_matches(std::string_view host, std::string_view domain) noexcept
{
    if (host == domain) return true;
    return host.size() > domain.size() && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.';
}

}  // namespace catena::codec
