#pragma once

#include "core/printable.hpp"
#include <catena/codec/scan.hpp>
#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace catena::codec {

/// Whether the status and header parts of `s` hold. A body part counts as holding.
[[nodiscard]] bool head_holds(const sign& s, int status, std::span<const header_view> headers);

/** Whether the body parts of `s` hold, given that the others do.

    A null without a text to compare is not "there": servers write `"error": null` on good pages.

    @param at What was found at the sign's place, or nullptr if it names none.
*/
[[nodiscard]] bool body_holds(const sign& s, const found* at, const scanned& in,
                              std::string_view body);

/// A found value as text: a string's characters, else its octets.
[[nodiscard]] std::string text_of(const found& what, std::string_view octets);

/// Its octets without the white space around them.
[[nodiscard]] std::string_view trimmed(std::string_view octets);

/// What a flag says: a JSON boolean, or an XML text that reads as one.
[[nodiscard]] std::optional<bool> flag_of(const found& what, std::string_view octets);

[[nodiscard]] bool contains_ignoring_case(std::string_view text, std::string_view part);

/// Whether a member for errors reports none: absent, null, false, 0, or nothing but its brackets.
[[nodiscard]] bool says_nothing(const found& what, std::string_view octets);

using catena::printable;

}  // namespace catena::codec
