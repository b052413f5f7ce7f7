#include "testing/discovery_filter.hpp"

#include "testing/url_text.hpp"

#include <algorithm>
#include <string>

namespace catena::testing {

namespace {

bool names(const named_settings& among, std::string_view name)
{
    return std::any_of(among.begin(), among.end(), [&](const auto& s) { return s.first == name; });
}

// A value of the contract, encoded beyond need.
std::string hex_encoded(std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        (out += '%') += digits[octet >> 4];
        out += digits[octet & 15];
    }
    return out;
}

bool carries(const discovery_rule& d, const target_parts& parts, const http_request& ask)
{
    const auto in_query = [&](const auto& wanted) {
        return std::any_of(parts.parameters.begin(), parts.parameters.end(), [&](const auto& p) {
            return form_decoded(p.first) == wanted.first &&
                   form_decoded(p.second) == wanted.second.value;
        });
    };
    const auto in_headers = [&](const auto& wanted) {
        return std::any_of(ask.headers.begin(), ask.headers.end(), [&](const header_field& h) {
            return equal_ignoring_case(h.name, wanted.first) && h.value == wanted.second.value;
        });
    };
    return std::all_of(d.query.begin(), d.query.end(), in_query) &&
           std::all_of(d.headers.begin(), d.headers.end(), in_headers);
}

}  // namespace

std::optional<http_request> request_for_records(const connector& c, const http_request& ask)
{
    if (!c.discovery) return std::nullopt;
    const discovery_rule& d = *c.discovery;
    const target_parts parts = split_target(ask.target);
    if (!carries(d, parts, ask)) return std::nullopt;

    http_request out = ask;
    out.target = parts.path;
    const auto add = [&](std::string_view name, std::string_view text) {
        const bool first = out.target.find('?') == std::string::npos;
        out.target.append(first ? "?" : "&").append(name).append("=").append(text);
    };
    for (const auto& [name, text] : parts.parameters)
        if (!names(d.query, form_decoded(name))) add(name, text);
    for (const auto& [name, s] : c.request.query)
        if (names(d.query, name)) add(hex_encoded(name), hex_encoded(s.value));
    for (const auto& [name, s] : d.headers) {
        std::erase_if(out.headers, [&n = name](const header_field& h) {
            return equal_ignoring_case(h.name, n);
        });
        for (const auto& [there, own] : c.request.headers)
            if (equal_ignoring_case(there, name)) out.headers.push_back({there, own.value});
    }
    return out;
}

}  // namespace catena::testing
