#include "codec/json_walk.hpp"

#include <charconv>
#include <system_error>

namespace catena::codec {

std::string token_of(std::string_view name)
{
    std::string text = "/";
    for (const char c : name) {
        if (c == '~') {
            text += "~0";
        } else if (c == '/') {
            text += "~1";
        } else {
            text += c;
        }
    }
    return text;
}

std::optional<std::string_view> value_in(std::string_view holder, std::string_view token)
{
    std::optional<std::string_view> found;
    for_each_member(holder, [&](std::string_view name, std::string_view value) {
        if (token_of(name) == token) found = value;
        return !found;
    });
    if (holder.empty() || holder.front() != '[') return found;
    std::size_t index = 0;
    const char* const end = token.data() + token.size();
    const auto [stop, bad] = std::from_chars(token.data() + 1, end, index);
    if (bad != std::errc{} || stop != end) return found;
    for_each_element(holder, [&](std::string_view value) {
        if (index-- != 0) return true;
        found = value;
        return false;
    });
    return found;
}

bool has_place(std::string_view body, std::string_view to)
{
    while (!to.empty()) {
        const std::string_view token = to.substr(0, std::min(to.find('/', 1), to.size()));
        const auto next = value_in(body, token);
        if (!next) return false;
        body = *next;
        to.remove_prefix(token.size());
    }
    return true;
}

}  // namespace catena::codec
