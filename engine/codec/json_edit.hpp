#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/// One member of a JSON object, as views into its text.
struct json_member {
    std::string_view name;   ///< Between the quotes, escapes not undone.
    std::string_view value;  ///< The value's octets.
};

/// The members of the JSON object `text`, in order; nothing when it is no such object.
std::optional<std::vector<json_member>> members_of(std::string_view text);

/** `json` with `value` at the place `pointer` (RFC 6901), every other octet as it was.

    Objects that are missing on the way (or null) are made; an element of an array must be there.
    An empty text counts as an empty object, `pointer` "" replaces the whole.

    @param value JSON text; not checked.
    @return Nothing when `json` cannot be read up to the place, names a member on the way twice, or
    has something else than an object or array there.
*/
std::optional<std::string> with_value_at(std::string_view json, std::string_view pointer,
                                         std::string_view value);

/// `text` as a JSON string. A lone surrogate, three octets in @ref unescape, is an escape again.
std::string json_string(std::string_view text);

}  // namespace catena::codec
