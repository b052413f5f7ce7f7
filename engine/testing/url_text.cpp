#include "testing/url_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace catena::testing {

std::string_view target_of(std::string_view url)
{
    url = url.substr(0, url.find('#'));
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return url;
    const std::size_t path = url.find('/', scheme + 3);
    return path == std::string_view::npos ? std::string_view("/") : url.substr(path);
}

target_parts split_target(std::string_view target)
{
    target_parts parts;
    const std::size_t mark = std::min(target.find('?'), target.size());
    parts.path = target.substr(0, mark);
    std::string_view query = target.substr(std::min(mark + 1, target.size()));
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view one = query.substr(0, end);
        const std::size_t equals = std::min(one.find('='), one.size());
        parts.parameters.emplace_back(one.substr(0, equals),
                                      one.substr(std::min(equals + 1, one.size())));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return parts;
}

std::string percent_decoded(std::string_view raw)
{
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        unsigned octet = 0;
        const char* digits = raw.data() + i + 1;
        if (raw[i] == '%' && i + 2 < raw.size() &&
            std::from_chars(digits, digits + 2, octet, 16).ptr == digits + 2) {
            text += static_cast<char>(octet);
            i += 2;
        } else {
            text += raw[i];
        }
    }
    return text;
}

std::string form_decoded(std::string_view raw)
{
    std::string spaced(raw);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    return percent_decoded(spaced);
}

std::string oddly_encoded(std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    static constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:";
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i > 0 && plain.find(text[i]) != std::string_view::npos) {
            out += text[i];
            continue;
        }
        const auto octet = static_cast<unsigned char>(text[i]);
        out += '%';
        out += hex[octet >> 4];
        out += hex[octet & 15];
    }
    return out;
}

}  // namespace catena::testing
