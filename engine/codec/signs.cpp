#include "codec/signs.hpp"

#include "codec/scan_octets.hpp"
#include "codec/scan_text.hpp"

#include <algorithm>

namespace catena::codec {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool text_holds(const sign& s, std::string_view text)
{
    return (!s.equals || text == *s.equals) &&
           (!s.contains || contains_ignoring_case(text, *s.contains));
}

}  // namespace

bool head_holds(const sign& s, int status, std::span<const header_view> headers)
{
    if (s.status && *s.status != status) return false;
    if (!s.header) return true;
    return std::any_of(headers.begin(), headers.end(), [&](const header_view& h) {
        return equal_ignoring_case(h.name, *s.header) && text_holds(s, h.value);
    });
}

bool body_holds(const sign& s, const found* at, const scanned& in, std::string_view body)
{
    const bool compares = s.equals || s.contains;
    if (!s.body) return !compares || s.header || text_holds(s, body);
    if (at == nullptr || !at->present) return false;
    if (!compares) return at->kind != json_kind::null;
    return text_holds(s, text_of(*at, in.octets(*at, body)));
}

std::string text_of(const found& what, std::string_view octets)
{
    std::string text;
    if (what.kind == json_kind::string && what.escaped && unescape(octets, text)) return text;
    return std::string(octets);
}

std::string_view trimmed(std::string_view octets)
{
    while (!octets.empty() && is_space(octets.front()))
        octets.remove_prefix(1);
    while (!octets.empty() && is_space(octets.back()))
        octets.remove_suffix(1);
    return octets;
}

std::optional<bool> flag_of(const found& what, std::string_view octets)
{
    if (what.kind == json_kind::boolean) return octets.front() == 't';
    if (!what.decoded) return std::nullopt;
    // XML Schema's spellings of a boolean.
    const std::string_view text = trimmed(octets);
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return std::nullopt;
}

bool contains_ignoring_case(std::string_view text, std::string_view part)
{
    return std::search(text.begin(), text.end(), part.begin(), part.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end() ||
           part.empty();
}

bool says_nothing(const found& what, std::string_view text)
{
    if (!what.present || what.kind == json_kind::null) return true;
    if (what.kind == json_kind::boolean) return text.front() == 'f';
    if (what.kind == json_kind::array || what.kind == json_kind::object)
        text = text.substr(1, text.size() - 2);
    return std::all_of(text.begin(), text.end(), is_space) || text == "0";
}

}  // namespace catena::codec
