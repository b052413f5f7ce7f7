#pragma once

#include "codec/scan_octets.hpp"
#include "codec/scan_text.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace catena::codec {

/* A look into a JSON document that a scanner has found whole, for the rare times when something is
   missing where it should stand. It trusts the document to be well formed. */

/// The octets of one value at the start of `text`, which loses them and the spaces around.
[[nodiscard]] inline std::string_view pass_value(std::string_view& text)
{
    const char* p = skip_space(text.data(), text.data() + text.size());
    const char* const end = text.data() + text.size();
    const char* const from = p;
    std::size_t depth = 0;
    do {
        if (*p == '"') {
            for (++p; *p != '"'; ++p)
                if (*p == '\\') ++p;
            ++p;
        } else if (*p == '{' || *p == '[') {
            ++depth;
            ++p;
        } else if (*p == '}' || *p == ']') {
            --depth;
            ++p;
        } else if (depth != 0) {
            ++p;
        } else {
            while (p != end && *p != ',' && *p != '}' && *p != ']' && !is_space(*p))
                ++p;
        }
    } while (depth != 0);
    const std::string_view value(from, static_cast<std::size_t>(p - from));
    p = skip_space(p, end);
    text = {p, static_cast<std::size_t>(end - p)};
    return value;
}

/// Call `visit(name, value)` for each member of an object, until it returns false.
template <class Visit>
void for_each_member(std::string_view object, Visit visit)
{
    if (object.empty() || object.front() != '{') return;
    object.remove_prefix(1);
    std::string name;
    for (;;) {
        object.remove_prefix(std::min(object.find_first_not_of(" \t\r\n"), object.size()));
        if (object.empty() || object.front() != '"') return;
        std::string_view raw = pass_value(object);
        raw = raw.substr(1, raw.size() - 2);
        if (!unescape(raw, name)) name = raw;
        object.remove_prefix(1);  // the colon
        if (!visit(std::string_view(name), pass_value(object)) || object.front() != ',') return;
        object.remove_prefix(1);
    }
}

/// Call `visit(value)` for each element of an array, until it returns false.
template <class Visit>
void for_each_element(std::string_view array, Visit visit)
{
    array.remove_prefix(1);
    for (;;) {
        array.remove_prefix(std::min(array.find_first_not_of(" \t\r\n"), array.size()));
        if (array.empty() || array.front() == ']') return;
        if (!visit(pass_value(array)) || array.empty() || array.front() != ',') return;
        array.remove_prefix(1);
    }
}

/// Whether `holds(value)` for one of the first elements of an array.
template <class Test>
[[nodiscard]] bool some_element(std::string_view array, Test holds)
{
    int left = 16;  // a list of links or tokens is short, a list of records may not be
    bool held = false;
    for_each_element(array, [&](std::string_view value) {
        held = holds(value);
        return !held && --left > 0;
    });
    return held;
}

/// A name as a reference token (RFC 6901, section 3), with its slash.
[[nodiscard]] std::string token_of(std::string_view name);

/// The value in `holder` that one reference token leads to: a member, or an element by its index.
[[nodiscard]] std::optional<std::string_view> value_in(std::string_view holder,
                                                       std::string_view token);

/// Whether something stands at the pointer `to`.
[[nodiscard]] bool has_place(std::string_view body, std::string_view to);

}  // namespace catena::codec
