#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace catena::codec {

/** An XML document without its records, as JSON, so that one search for lookalikes serves both.

    An element with elements in it is an object, its attributes members such as "@href". One with a
    text is that text: a number or a boolean if it reads like one. One with neither is an object of
    its attributes, or "". An element that repeats is a member that repeats.
*/
struct xml_outline {
    std::string root;  ///< JSON Pointer of the root element, such as "/ListBucketResult".
    std::string json;  ///< What stands in the root element: one object.
};

/// @param records JSON Pointer of the records, which are left out.
/// @return Nothing if `body` is no XML document.
[[nodiscard]] std::optional<xml_outline> outline_of(std::string_view body,
                                                    std::string_view records);

}  // namespace catena::codec
