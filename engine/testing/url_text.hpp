#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena::testing {

/// The path and the parameters of a request target, as they stand in it.
struct target_parts {
    std::string_view path;
    std::vector<std::pair<std::string_view, std::string_view>> parameters;
};

[[nodiscard]] target_parts split_target(std::string_view target);

/// Scheme and authority taken off an absolute URL: "/path?query".
[[nodiscard]] std::string_view target_of(std::string_view url);

/// "%XX" undone, and '+' made a space.
[[nodiscard]] std::string form_decoded(std::string_view raw);

/// "%XX" undone, and nothing else.
[[nodiscard]] std::string percent_decoded(std::string_view raw);

/** `text` for a query, as some servers write it: lower-case hexadecimal digits, the first character
    encoded without need, '/' and ':' left alone. Whoever normalises it changes its octets. */
[[nodiscard]] std::string oddly_encoded(std::string_view text);

}  // namespace catena::testing
