#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace command {

/// One member of a JSON object, as octets of the record.
struct member {
    std::string name;        ///< Escapes undone.
    std::string_view value;  ///< JSON, as the server sent it.
};

/** The members of a record that is one JSON object; nothing if it is something else.
    @pre `record` is JSON, as every record of a page is.
*/
[[nodiscard]] std::optional<std::vector<member>> members_of(std::string_view record);

/// The characters of a JSON string, escapes undone; any other value as its own octets.
[[nodiscard]] std::string text_of(std::string_view json);

}  // namespace command
