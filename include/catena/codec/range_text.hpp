// layer: codec
#pragma once

#include <catena/core/range.hpp>

#include <string>
#include <string_view>

namespace catena {

/** A range as one line of JSON, for a store and for people: `[{"from":"10","to":"20"}]`.

    One object for each interval; a side that is open is left out. Borders that are no UTF-8 are
    written as {"hex": "..."}, so any octets survive. Equal ranges have equal texts.
*/
[[nodiscard]] std::string to_text(const range& r);

/** The way back, strictly.

    @throws failure with errc::bad_checkpoint for a text that to_text() did not write, whose message
    does not repeat it: borders may be personal data.
*/
[[nodiscard]] range range_from_text(std::string_view text);

}  // namespace catena
