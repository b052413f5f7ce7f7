#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::core {

/* Texts as fractions: a border between two texts is made of signs that people can read and that a
   query can carry. Of ASCII where both ends are ASCII, of Unicode's letters and signs where they
   are UTF-8, else of octets. Controls, blanks and signs that turn the direction of writing are
   never put in; all comparing is by octets.
*/

/// A shortest text strictly between, from the middle of those that there are; nothing if all texts
/// between hold what is never put in. @pre lower < upper, by octets.
[[nodiscard]] std::optional<std::string> text_between(std::string_view lower,
                                                      std::string_view upper);

/// Ascending borders strictly between that cut into `pieces` even parts, or into fewer.
[[nodiscard]] std::vector<std::string> text_borders(std::string_view lower, std::string_view upper,
                                                    std::size_t pieces);

/// What share of the texts from `lower` to `upper` lies before `key`, as far as the first signs
/// tell. @pre lower <= key <= upper
[[nodiscard]] double text_share(std::string_view lower, std::string_view upper,
                                std::string_view key);

}  // namespace catena::core
