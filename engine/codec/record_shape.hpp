#pragma once

#include <catena/core/position.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace catena::codec {

/** What kinds of value the fields of an API's records have, to notice when one changes.

    The schema is the caller's business, so a change is told and nothing else: once for each field,
    and only for members of the record itself. A null fits every kind.

    @par Complexity
    Linear in the record. Memory for at most 256 names of at most 64 octets.
*/
class record_shape {
public:
    /** Look at a record that a scanner has found whole.

        @return One sentence on the fields that changed; nothing if none did.
    */
    [[nodiscard]] std::optional<std::string> changes_in(std::string_view record);

private:
    std::map<std::string, json_kind, std::less<>> kinds_;
    std::set<std::string, std::less<>> told_;
};

/// With its article, for messages: "an array".
[[nodiscard]] const char* in_words(json_kind k) noexcept;

}  // namespace catena::codec
