#pragma once

#include <catena/core/position.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/** A JSON value that knows where it stands in its text, for messages that point there.

    For small documents that people write. Pages are far too large for it; see scan.hpp.
*/
struct located {
    struct member;

    json_kind kind = json_kind::null;
    std::size_t offset = 0;       ///< Of its first octet.
    std::string_view octets;      ///< As written.
    std::string text;             ///< A string's characters.
    std::vector<located> items;   ///< Of an array.
    std::vector<member> members;  ///< Of an object, in order.

    /// The first member of that name, or nullptr.
    [[nodiscard]] const located* find(std::string_view name) const noexcept;
};

struct located::member {
    std::string name;
    std::size_t offset = 0;  ///< Of the name.
    located is;
};

/// Why a text is not one JSON document.
struct json_fault {
    std::size_t offset = 0;
    std::string pointer;  ///< Of the value that was being read.
    std::string what, mend;
};

/// Limits of a document that is read whole.
struct located_limits {
    std::size_t octets = 1024 * 1024;
    std::size_t depth = 64;
};

/** Read one document, strictly by RFC 8259. Views are into `text`.

    A member that stands twice in one object is a fault.

    @return Nothing if there is a fault.
*/
[[nodiscard]] std::optional<located> read_located(std::string_view text, const located_limits& l,
                                                  json_fault& why);

/// `pointer` with one more token for the member `name` (RFC 6901).
[[nodiscard]] std::string below(const std::string& pointer, std::string_view name);

/// Line and column of an octet, both from 1; columns count octets.
struct text_place {
    std::size_t line = 1, column = 1;
};
[[nodiscard]] text_place place_of(std::string_view text, std::size_t offset) noexcept;

}  // namespace catena::codec
