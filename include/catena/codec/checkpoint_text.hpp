// layer: codec
#pragma once

#include <catena/core/checkpoint.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace catena {

/** A checkpoint as one line of JSON with a format version and a checksum.

    Any octets in cursors and keys survive. Treat the text as a secret: it holds the cursor.
*/
[[nodiscard]] std::string to_text(const checkpoint& c);

/// The way back. Nothing if the text was cut, changed or made by a newer version.
[[nodiscard]] std::optional<checkpoint> checkpoint_from_text(std::string_view text);

/// The same. @throws failure with errc::bad_checkpoint.
[[nodiscard]] checkpoint read_checkpoint(std::string_view text);

}  // namespace catena
